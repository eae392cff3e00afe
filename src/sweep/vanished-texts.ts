/**
 * Secrets that were found in texts and stand there no more: the text was written anew without them, or deleted. The
 * first shows when the text is read again. Of the second nothing tells, so of each text in which a secret still stood
 * the forge is asked whether it is there; how many these are is a matter of findings, not of texts.
 */
import { and, eq } from "drizzle-orm";
import { type AskStanding, Later, type Standing, Unreadable } from "../sources/forge.ts";
import type { Occurrence } from "../terms.ts";
import type { Desk } from "./desk.ts";
import { findings, places } from "./store/schema.ts";
import type { Database } from "./store/store.ts";
import type { LotEnd } from "./text-lot.ts";

/** A secret that was present in texts of a target. */
export interface StandingSecret {
  readonly fingerprint: string;
  readonly occurrences: readonly Occurrence[];
  /** This sweep was the first to find it, so that its texts were read a moment ago. */
  readonly isNew: boolean;
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
  const { fingerprint, occurrences, firstSweep } = places;
  const rows = await store.db
    .select({ fingerprint, occurrences, firstSweep, rule: findings.rule })
    .from(places)
    .innerJoin(findings, eq(findings.fingerprint, places.fingerprint))
    .where(and(eq(places.targetId, target), eq(places.status, "present")));
  const looked = new Set(rules.list.map(({ id }) => id));
  return rows
    .filter(({ rule }) => looked.has(rule))
    .map(({ firstSweep, occurrences, ...secret }) => ({
      ...secret,
      occurrences: occurrences.filter(isPresent),
      isNew: firstSweep === sweep,
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

function vanishedIn(
  secrets: readonly StandingSecret[],
  isGone: (secret: StandingSecret, path: string) => boolean,
): readonly Vanished[] {
  return secrets.flatMap((secret) => {
    const gone = secret.occurrences.map(({ path }) => path).filter((path) => isGone(secret, path));
    return gone.length === 0 ? [] : [{ fingerprint: secret.fingerprint, paths: new Set(gone) }];
  });
}

/** What was asked so far. */
export interface Asked {
  /** The last text that was asked for, in the order of paths. */
  readonly last?: string;
  /** Tags to ask by next time, by path. */
  readonly etags: Readonly<Record<string, string>>;
}

export interface Asking extends Asked {
  readonly ask: AskStanding;
  /** Texts that were read just now, and so are there. */
  readonly read: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Asks which texts are there. Ends early where the forge asks to wait, in `until`. */
export async function deleted(
  all: readonly StandingSecret[],
  { ask, read, last, etags, signal }: Asking,
): Promise<Asked & { readonly vanished: readonly Vanished[]; readonly until?: Date }> {
  const secrets = all.filter(({ isNew }) => !isNew);
  const texts = new Map(secrets.flatMap(({ occurrences }) => occurrences.map(({ path, url }) => [path, url] as const)));
  const gone = new Set<string>();
  const tags = new Map(Object.entries(etags).filter(([path]) => texts.has(path)));
  let at = last;
  const end = (until?: Date) => ({
    vanished: vanishedIn(secrets, (_secret, path) => gone.has(path)),
    etags: Object.fromEntries(tags),
    ...(at !== undefined && { last: at }),
    ...(until && { until }),
  });
  for (const path of [...texts.keys()].sort()) {
    if (read.has(path) || (last !== undefined && path <= last)) continue;
    const etag = tags.get(path);
    try {
      const text = { path, url: texts.get(path) ?? null, ...(etag !== undefined && { etag }) };
      const told = await answerOf(ask, text, signal);
      if (!told.isThere) gone.add(path);
      if (told.etag !== undefined) tags.set(path, told.etag);
      at = path;
    } catch (error) {
      if (error instanceof Later) return end(error.until);
      throw error;
    }
  }
  return end();
}

/** What is denied is not known to be gone. */
const answerOf = (ask: AskStanding, ...[text, signal]: Parameters<AskStanding>): Promise<Standing> =>
  ask(text, signal).catch((error: unknown) => {
    if (error instanceof Unreadable) return { isThere: true };
    throw error;
  });

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
