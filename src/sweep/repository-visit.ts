/** A visit to something that git clones: a repository, a wiki, a gist. */
import { and, eq } from "drizzle-orm";
import { lsRemote, mirrorRefs, objectsHere, type RemoteRefs } from "../git/fetch.ts";
import type { RemoteOptions } from "../git/remote.ts";
import { scan } from "../scan.ts";
import { networkOf } from "../sources/network.ts";
import type { Skip } from "../terms.ts";
import type { Mirror } from "./clones.ts";
import type { Desk } from "./desk.ts";
import { inherited, parentOf } from "./forks.ts";
import { type Fetched, fetchLost, type Lost, lostHeads } from "./lost-heads.ts";
import { type KnownPlace, type Memory, type Part, partToRead, refsDigest } from "./memory.ts";
import { notesOf } from "./notes.ts";
import type { Outcome } from "./record.ts";
import { rulesToRead } from "./rules.ts";
import { places, rulepacks, type targets } from "./store/schema.ts";

export type TargetRow = typeof targets.$inferSelect;

interface Visit {
  readonly desk: Desk;
  readonly target: TargetRow;
  readonly remote: RemoteOptions & { readonly signal: AbortSignal };
  readonly signal: AbortSignal;
}

/** Reads what of a target was not read before. Throws `Unreadable`, `Absent`, `Later`, and what git throws. */
export async function visitRepository(target: TargetRow, desk: Desk, signal: AbortSignal): Promise<Outcome> {
  const login = await desk.loginFor(target.url, signal);
  const remote = { ...networkOf(desk.env, target.url), signal, ...(login && { login }) };
  const visit: Visit = { desk, target, remote, signal };
  const refs = await lsRemote(target.url, remote);
  const lost = await lostHeads(desk, target, signal);
  const isCurrent = target.readRules === desk.rules.hash && target.memory.refs === refsDigest(refs.refs);
  if (isCurrent && lost.fresh.length === 0) {
    const end = lost.faults.length === 0 ? ({ state: "unchanged" } as const) : endOf(lost.faults);
    return { ...end, skips: lost.faults, standing: "all", memory: { ...target.memory, ...lost.memory } };
  }
  const bytes = target.kilobytes === null ? undefined : target.kilobytes * 1000;
  const mirror = await desk.clones.open({
    url: target.url,
    remote: refs,
    options: remote,
    ...(bytes !== undefined && { bytes }),
  });
  try {
    return await readMirror(mirror, { ...visit, refs, lost });
  } finally {
    await mirror.release();
  }
}

interface Reading extends Visit {
  readonly refs: RemoteRefs;
  readonly lost: Lost;
}

async function readMirror(mirror: Mirror, reading: Reading): Promise<Outcome> {
  const { desk, lost, signal } = reading;
  const refs = await mirrorRefs(mirror.dir);
  const here = [...new Set(refs.values())];
  const base = await baseOf(mirror.dir, here, reading);
  const { part, enable, ...heads } = await withLostHeads(mirror.dir, base, reading);
  const memory: Memory = { refs: refsDigest(refs), tips: here, ...heads.memory };
  const done = { transport: mirror.transport, memory, rules: desk.rules.hash } as const;
  const passed = [...lost.faults, ...heads.skips];
  // A head that could not be had is remembered as such: all the rest was read, and is not read again for its sake.
  const end = endOf(passed);
  if (part.kind === "nothing") return { ...end, skips: passed, notes: base.notes, standing: "all", ...done };
  const result = await scan({
    command: "git",
    paths: [mirror.dir],
    plan: { ...desk.plan, enable: enable ?? desk.plan.enable, ...(part.kind === "new" && { range: part.range }) },
    env: {},
    signal,
    now: desk.now,
  });
  signal.throwIfAborted();
  const notes = [...base.notes, ...notesOf(result, desk.sweep)];
  const skips = [...result.skips, ...passed];
  const found = { notes, bytes: result.tally.bytes, transport: mirror.transport, skips };
  const whole = part.kind === "all" && enable === undefined;
  const standing = whole ? "found" : "all";
  // What could not be read is tried again next time: it is not remembered as read.
  if (!result.complete) return { ...endOf(skips), standing, ...found };
  return { ...end, whole, standing, ...found, ...done };
}

/** How a visit ends that passed over so much. */
function endOf(skips: readonly Skip[]): Pick<Outcome, "state" | "reason"> {
  const isWhole = skips.every(({ by }) => by === "policy");
  return isWhole ? { state: "read" } : { state: "incomplete", reason: faultsOf(skips) };
}

interface WithLostHeads extends Pick<Base, "part" | "enable">, Omit<Fetched, "here"> {}

/** What is to be read of a mirror once its lost heads are in it: a new one has all of it read, under all rules. */
async function withLostHeads(
  dir: string,
  { part, enable }: Base,
  { desk, target, lost, remote }: Reading,
): Promise<WithLostHeads> {
  const from = { dir, target, remote, forge: desk.forge };
  const fresh = await fetchLost(lost.fresh, lost.memory, from);
  const isNew = fresh.here.length > 0;
  if (!isNew && part.kind !== "all") return { part, ...fresh, ...(enable && { enable }) };
  // Whoever reads all reads what was lost before, too.
  const before = await fetchLost(lost.memory.lost ?? [], fresh.memory, from);
  const skips = [...fresh.skips, ...before.skips];
  const { memory } = before;
  if (isNew) return { part: { kind: "all", why: "a lost head came along" }, memory, skips };
  return { part, memory, skips, ...(enable && { enable }) };
}

function faultsOf(skips: readonly Skip[]): string {
  const faults = skips.filter(({ by }) => by === "fault");
  const [first] = faults;
  return faults.length === 1 ? `${first?.reason}` : `${faults.length} faults, the first: ${first?.reason}`;
}

interface Base {
  readonly part: Part;
  /** Rules to look for, where not all must be. */
  readonly enable?: readonly string[];
  /** What is known of the repository without reading it: findings that a fork has from its parent. */
  readonly notes: Outcome["notes"] & object;
}

/** What was read before, of this repository or of the one it was forked from, and so need not be read again. */
async function baseOf(dir: string, now: readonly string[], reading: Reading): Promise<Base> {
  const { desk, target, signal } = reading;
  const { memory, readRules } = target;
  if (readRules === desk.rules.hash && memory.tips) {
    const known = await knownPlaces(desk, target.id);
    const before = await presentTips(dir, memory.tips);
    return { part: await partToRead({ dir, now, before, known, signal }), notes: [] };
  }
  if (readRules !== null && memory.refs === refsDigest(reading.refs.refs)) {
    const [earlier] = await desk.store.db.select().from(rulepacks).where(eq(rulepacks.hash, readRules));
    const enable = rulesToRead(earlier?.rules, desk.rules.digests, desk.rules.list);
    if (enable === "all") return { part: { kind: "all", why: "the rules changed" }, notes: [] };
    if (enable.length === 0) return { part: { kind: "nothing" }, notes: [] };
    return { part: { kind: "all", why: "some rules changed" }, enable, notes: [] };
  }
  const parent = await parentOf(desk, target, signal);
  if (parent) return inherited(dir, { ...reading, now, parent });
  return { part: { kind: "all", why: "nothing of it was read under these rules" }, notes: [] };
}

/** Places of findings in a target. */
async function knownPlaces({ store }: Desk, target: number): Promise<KnownPlace[]> {
  const { fingerprint, occurrences, further } = places;
  return store.db
    .select({ fingerprint, occurrences, further })
    .from(places)
    .where(and(eq(places.targetId, target)));
}

/** Those of `tips` that the mirror has: others were force-pushed away, and say nothing here. */
async function presentTips(dir: string, tips: readonly string[]): Promise<readonly string[]> {
  const here = await objectsHere(dir, tips);
  return tips.filter((tip) => here.has(tip));
}
