/**
 * Secrets that were found in texts and stand there no more: the text was written anew without them, or deleted. The
 * first shows when the text is read again; for the second the forge is asked.
 */
import { and, eq } from "drizzle-orm";
import type { Occurrence } from "../terms.ts";
import type { Desk } from "./desk.ts";
import { findings, places, sweeps } from "./store/schema.ts";
import type { Database } from "./store/store.ts";
import type { LotEnd } from "./text-lot.ts";

/** A secret that was present in texts of a target. */
export interface StandingSecret {
  readonly fingerprint: string;
  readonly occurrences: readonly Occurrence[];
  /** This sweep was the first to find it, so that its texts were read a moment ago. */
  readonly isNew: boolean;
  /** An earlier sweep told it last, under the rules and settings of today: they find it where it is. */
  readonly isByRulesOfToday: boolean;
}

/** Texts in which a secret stands no more. */
export interface Vanished {
  readonly fingerprint: string;
  readonly paths: ReadonlySet<string>;
}

/** The secrets that stood in a target's texts, less those of rules that nobody looks for any more. */
export async function standingSecrets(
  { store, sweep, rules }: Desk,
  target: number,
): Promise<readonly StandingSecret[]> {
  const { fingerprint, occurrences, firstSweep, lastSweep } = places;
  const rows = await store.db
    .select({ fingerprint, occurrences, firstSweep, lastSweep, rule: findings.rule, toldBy: sweeps.rules })
    .from(places)
    .leftJoin(sweeps, eq(sweeps.id, places.lastSweep))
    .innerJoin(findings, eq(findings.fingerprint, places.fingerprint))
    .where(and(eq(places.targetId, target), eq(places.status, "present")));
  const looked = new Set(rules.list.map(({ id }) => id));
  return rows
    .filter(({ rule }) => looked.has(rule))
    .map(({ fingerprint, firstSweep, lastSweep, occurrences, toldBy }) => ({
      fingerprint,
      occurrences: occurrences.filter(isPresent),
      isNew: firstSweep === sweep,
      isByRulesOfToday: toldBy === rules.hash && lastSweep !== sweep,
    }));
}

const isPresent = ({ status }: Occurrence): boolean => status === "present";

/** Secrets that stood in texts which were read again, and were not found there. */
export function rewritten(secrets: readonly StandingSecret[], { paths, notes, skips }: LotEnd): readonly Vanished[] {
  // What could not be read whole may hold it still.
  if (skips.some(({ by }) => by === "fault")) return [];
  const found = new Set(
    notes.flatMap(({ place: { fingerprint, occurrences } }) => occurrences.map(({ path }) => `${fingerprint} ${path}`)),
  );
  return vanishedIn(secrets, ({ fingerprint }, path) => paths.has(path) && !found.has(`${fingerprint} ${path}`));
}

/** Of some secrets those that are gone from a text, with these texts. */
export function vanishedIn(
  secrets: readonly StandingSecret[],
  isGone: (secret: StandingSecret, path: string) => boolean,
): readonly Vanished[] {
  return secrets.flatMap((secret) => {
    const gone = secret.occurrences.map(({ path }) => path).filter((path) => isGone(secret, path));
    return gone.length === 0 ? [] : [{ fingerprint: secret.fingerprint, paths: new Set(gone) }];
  });
}

/** Writes down what stands no more: the day on which it was last seen stays. */
export async function writeVanished(tx: Database, target: number, vanished: readonly Vanished[]): Promise<void> {
  for (const { fingerprint, paths } of vanished) {
    const mine = and(eq(places.targetId, target), eq(places.fingerprint, fingerprint));
    const [place] = await tx.select().from(places).where(mine);
    if (!place) continue;
    const occurrences = place.occurrences.map(
      (one): Occurrence => (paths.has(one.path) ? { ...one, status: "removed" } : one),
    );
    const isLeft = place.further > 0 || occurrences.some(isPresent);
    await tx
      .update(places)
      .set({ occurrences, status: isLeft ? "present" : "removed" })
      .where(mine);
  }
}
