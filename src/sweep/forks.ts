/**
 * A fork holds what its parent holds. Where the parent was read under the same rules, only what the fork has beyond it
 * is read, and the parent's findings are told of the fork as well: to delete a secret from the one leaves it in the
 * other. Where that cannot be told for sure, the fork is read whole.
 */
import { eq } from "drizzle-orm";
import { fetchObjects, objectsHere } from "../git/fetch.ts";
import type { RemoteOptions } from "../git/remote.ts";
import type { Desk } from "./desk.ts";
import { type Part, partToRead, reachable } from "./memory.ts";
import type { Note } from "./notes.ts";
import { findings, places, targets } from "./store/schema.ts";

type TargetRow = typeof targets.$inferSelect;

/** The parent of a fork, when it was read under the rules of today. A listing does not name it, so the forge is asked. */
export async function parentOf(
  { store, rules, forge }: Desk,
  { parent: known, traits, kind, name }: TargetRow,
  signal: AbortSignal,
): Promise<TargetRow | undefined> {
  if (kind !== "repository" || !traits.fork) return undefined;
  const parent = known ?? (await forge?.parentOf(name, signal));
  if (parent === undefined) return undefined;
  const [row] = await store.db.select().from(targets).where(eq(targets.key, parent));
  return row?.readRules === rules.hash && row.memory.tips ? row : undefined;
}

interface Fork {
  readonly desk: Desk;
  readonly parent: TargetRow;
  /** Tips of the fork. */
  readonly now: readonly string[];
  readonly remote: RemoteOptions & { readonly signal: AbortSignal };
  readonly signal: AbortSignal;
}

/** The part of a fork's mirror that its parent does not have, and the findings it has from there. */
export async function inherited(dir: string, fork: Fork): Promise<{ part: Part; notes: readonly Note[] }> {
  const { desk, parent, now, signal } = fork;
  const unsure = (why: string): { part: Part; notes: readonly Note[] } => ({ part: { kind: "all", why }, notes: [] });
  const tips = parent.memory.tips ?? [];
  const notes = await notesOfTarget(desk, parent.id);
  const commits = new Set(
    notes.flatMap(({ place }) => [place.introduced?.commit ?? [], place.removed?.commit ?? []].flat()),
  );
  // Before anything of the parent's comes in: afterwards its commits would be here, too.
  const ours = await reachable(dir, commits, signal);
  const shared = notes.filter(({ place }) => ours.has(place.introduced?.commit ?? ""));
  if (shared.some(({ place }) => place.removed && !ours.has(place.removed.commit))) {
    return unsure("the parent has removed a secret since");
  }
  await bringTips(dir, tips, fork);
  const here = await objectsHere(dir, tips);
  const before = tips.filter((tip) => here.has(tip));
  if (before.length < tips.length) return unsure("not all of its parent can be compared");
  const known = shared.map(({ place: { fingerprint, occurrences, further = 0 } }) => ({
    fingerprint,
    occurrences,
    further,
  }));
  const part = await forkPart({ dir, now, before, known, signal });
  if (part.kind === "all") return { part, notes: [] };
  return { part, notes: shared.map((note) => elsewhere(note, desk.sweep)) };
}

/** Unlike a repository's own past, a parent's tips need not be reachable from the fork's. */
async function forkPart(change: Parameters<typeof partToRead>[0]): Promise<Part> {
  const only = { ...change, known: [] };
  const part = await partToRead(only);
  if (part.kind !== "new" || change.known.length === 0) return part;
  return partToRead({ ...change, before: change.before, now: [...change.now, ...change.before] }).then((strict) =>
    strict.kind === "all" ? strict : part,
  );
}

/** A parent that went on since has tips that the fork lacks; git then brings what lies between. */
async function bringTips(dir: string, tips: readonly string[], { parent, desk, remote, signal }: Fork): Promise<void> {
  const here = await objectsHere(dir, tips);
  const missing = tips.filter((tip) => !here.has(tip));
  if (missing.length === 0) return;
  const login = await desk.loginFor(parent.url, signal);
  const { login: _fork, ...way } = remote;
  // Without them the fork is read whole, so that a failure costs time and nothing else.
  await fetchObjects(dir, parent.url, missing, { ...way, ...(login && { login }) }).catch(() =>
    signal.throwIfAborted(),
  );
}

async function notesOfTarget({ store }: Desk, target: number): Promise<Note[]> {
  const rows = await store.db
    .select()
    .from(places)
    .innerJoin(findings, eq(findings.fingerprint, places.fingerprint))
    .where(eq(places.targetId, target));
  return rows.map(({ finding, place }) => ({ finding, place }));
}

/** A note of the parent's as one of the fork's. Links lead to the parent's pages still: their commits are the same. */
function elsewhere({ finding, place }: Note, sweep: number): Note {
  const { fingerprint, status, verdict, verdictReason, introduced, removed, refs, occurrences, further } = place;
  return {
    finding: { ...finding, firstSweep: sweep },
    place: {
      fingerprint,
      status,
      verdict,
      verdictReason: verdictReason ?? null,
      introduced: introduced ?? null,
      removed: removed ?? null,
      refs,
      occurrences,
      further: further ?? 0,
    },
  };
}
