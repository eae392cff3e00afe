/**
 * Heads that no ref leads to any more. The forge names them, and git fetches them by their ids. Where git is not given
 * one, the forge is asked whether it still has it: one that it has no more is over with, for good; any other was meant
 * to be read and could not be, and is tried again by the next sweep.
 */
import { fetchObjects, objectsHere } from "../git/fetch.ts";
import type { RemoteOptions } from "../git/remote.ts";
import { type Forge, Later, Unreadable } from "../sources/forge.ts";
import type { Skip } from "../terms.ts";
import type { Desk } from "./desk.ts";
import { isFatal, lastReason } from "./faults.ts";
import type { Memory } from "./memory.ts";
import type { targets } from "./store/schema.ts";

type LostMemory = Pick<Memory, "lost" | "lostGone" | "lostUnread" | "lostCursor">;

/** The lost heads of a repository before any was fetched. */
export interface Lost {
  /** Those to be read: named for the first time, or not to be had the last time. */
  readonly fresh: readonly string[];
  /** What to remember when there is none to be read. */
  readonly memory: LostMemory;
  readonly faults: readonly Skip[];
}

/** The heads that the forge names, when they are asked for. That it names none of them to this login is a fault. */
export async function lostHeads(
  { forge, scope }: Pick<Desk, "forge" | "scope">,
  { kind, name, memory }: Pick<typeof targets.$inferSelect, "kind" | "name" | "memory">,
  signal: AbortSignal,
): Promise<Lost> {
  const { lost = [], lostGone = [], lostUnread = [], lostCursor } = memory;
  const before: LostMemory = { lost, lostGone, lostUnread, ...(lostCursor && { lostCursor }) };
  // What is read without them is to be read anew with them: so nothing is remembered then.
  if (!forge || !scope.surfaces.dangling || kind !== "repository") return { fresh: [], memory: {}, faults: [] };
  try {
    const { ids, cursor } = await forge.lostHeads(name, lostCursor ?? {}, signal);
    const known = new Set([...lost, ...lostGone]);
    const fresh = [...new Set([...lostUnread, ...ids])].filter((id) => !known.has(id));
    return { fresh, memory: { ...before, lostUnread: [], lostCursor: cursor }, faults: [] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const fault: Skip = { by: "fault", reason: `the list of its lost heads ${error.message}` };
    return { fresh: lostUnread, memory: before, faults: [fault] };
  }
}

/** Where lost heads are fetched from, and into what. */
export interface LostFrom {
  readonly dir: string;
  readonly forge: Forge | undefined;
  readonly target: { readonly name: string; readonly url: string };
  readonly remote: RemoteOptions & { readonly signal: AbortSignal };
}

/** What became of lost heads that were to be fetched. */
export interface Fetched {
  /** Those that are in the mirror now. */
  readonly here: readonly string[];
  readonly memory: LostMemory;
  readonly skips: readonly Skip[];
}

/** Brings lost heads into a mirror: `ids` of those in `memory`, or such as are named for the first time. */
export async function fetchLost(ids: readonly string[], memory: LostMemory, from: LostFrom): Promise<Fetched> {
  const refused = await notGivenOut(ids, from);
  const gone: string[] = [];
  const faults = new Map<string, string>();
  for (const id of refused) {
    const reason = await whyNot(id, from);
    if (reason === undefined) gone.push(id);
    else faults.set(id, reason);
  }
  const here = ids.filter((id) => !gone.includes(id) && !faults.has(id));
  const others = (all: readonly string[] = []): string[] => all.filter((id) => !ids.includes(id));
  return {
    here,
    memory: {
      ...memory,
      lost: [...others(memory.lost), ...here],
      lostGone: [...others(memory.lostGone), ...gone],
      lostUnread: [...others(memory.lostUnread), ...faults.keys()],
    },
    skips: [
      ...gone.map((commit): Skip => ({ commit, by: "policy", reason: "the forge has this lost head no more" })),
      ...[...faults].map(([commit, reason]): Skip => ({ commit, by: "fault", reason: `a lost head: ${reason}` })),
    ],
  };
}

/** Fetches those of `ids` that are not in the mirror; returns those that git is not given. */
async function notGivenOut(ids: readonly string[], { dir, target, remote }: LostFrom): Promise<readonly string[]> {
  const here = await objectsHere(dir, ids);
  const missing = ids.filter((id) => !here.has(id));
  if (missing.length === 0) return [];
  const fetched = await fetchObjects(dir, target.url, missing, remote).then(
    () => true,
    () => false,
  );
  if (fetched) return [];
  remote.signal.throwIfAborted();
  const refused: string[] = [];
  // One that is not to be had spoils the whole request, so each is asked for alone.
  for (const id of missing) {
    try {
      await fetchObjects(dir, target.url, [id], remote);
    } catch (error) {
      if (!(error instanceof Error && /not our ref|upload-pack/i.test(error.message))) throw error;
      refused.push(id);
    }
  }
  return refused;
}

/** Why git is not given a head that the forge has; nothing when the forge has it no more. */
async function whyNot(id: string, { forge, target, remote }: LostFrom): Promise<string | undefined> {
  try {
    const isThere = await forge?.hasCommit(target.name, id, remote.signal);
    return isThere ? "the forge has it, and does not give it to git" : undefined;
  } catch (error) {
    remote.signal.throwIfAborted();
    if (error instanceof Later || isFatal(error)) throw error;
    return lastReason(error);
  }
}
