/**
 * A visit to texts that people wrote on a forge. They are read page by page into a folder of our own and scanned there
 * as files, so that they meet the same rules as everything else; who wrote what, where and when is put back afterwards.
 */
import { eq } from "drizzle-orm";
import { type Asker, Later, type TextCursor, type TextKind, type TextPage, Unreadable } from "../sources/forge.ts";
import type { Skip } from "../terms.ts";
import { type CountedSkip, countedSkips } from "./counted-skips.ts";
import { deleted, textsToAsk } from "./deleted-texts.ts";
import type { Desk } from "./desk.ts";
import type { Progress } from "./memory.ts";
import type { Pause } from "./pause.ts";
import type { Outcome } from "./record.ts";
import type { TargetRow } from "./repository-visit.ts";
import { rulesToRead } from "./rules.ts";
import { rulepacks } from "./store/schema.ts";
import { Lot, type LotEnd } from "./text-lot.ts";
import { rewritten, standingSecrets } from "./vanished-texts.ts";

/** Pages after which what was read is put on record, so that no kill and no fault can cost more than that. */
const mostPages = 500;

/**
 * Reads the texts that are new since the last visit; all of them when the rules have changed. Then asks for those in
 * which secrets stood, whether they are there. Where the forge asks to wait, after each lot, and before it asks, it
 * pauses: the next job goes on where this one stopped, and what was read is on record whatever becomes of it.
 */
export async function visitTexts(target: TargetRow, desk: Desk, signal: AbortSignal): Promise<Outcome | Pause> {
  const { forge } = desk;
  if (!forge) throw new Unreadable("its forge is not asked in this sweep");
  const begun = await begunOf(target, desk);
  const place = { kind: target.kind as TextKind, url: target.url };
  const visit: Visit = { target, desk, begun, asker: forge.standing(place), signal };
  if (begun.toAsk) return await ask(begun.toAsk, visit);
  const lot = new Lot(desk, signal);
  const pages = await readInto(lot, forge.texts(place, begun.cursor, signal), begun.cursor);
  return await conclude(pages, await lot.end(), visit);
}

interface Visit {
  readonly target: TargetRow;
  readonly desk: Desk;
  /** Where it stands. */
  readonly begun: Progress;
  readonly asker: Asker;
  readonly signal: AbortSignal;
}

/** What follows from some pages that were read: a pause, the end, or what is to be asked. */
async function conclude({ cursor, skips, intact, until }: Pages, read: LotEnd, visit: Visit): Promise<Outcome | Pause> {
  const { target, desk, begun, asker } = visit;
  const { again = false } = begun;
  const { notes } = read;
  const secrets = await standingSecrets(desk, target.id);
  // Where texts were read again that are as they were, other rules need not find what stands there as it did.
  const judged = again ? secrets.filter(({ isByRulesOfToday }) => isByRulesOfToday) : secrets;
  const vanished = rewritten(judged, read);
  const progress: Progress = {
    ...begun,
    sweep: desk.sweep,
    cursor,
    skips: countedSkips(faultsFirst([...begun.skips, ...skips, ...read.skips])),
    bytes: begun.bytes + read.bytes,
    texts: begun.texts + read.texts,
  };
  if (until) return { until, notes, vanished, again, memory: { ...target.memory, progress } };
  const outcome = outcomeOf(progress, desk.rules.hash);
  if (outcome.state === "incomplete") return { notes, vanished, again, ...outcome };
  const { progress: earlier, etags = {}, unanswered = [] } = target.memory;
  // A list that changed before a pause of this very visit looks after it as if it never had.
  const proven = earlier?.sweep === desk.sweep ? new Set<string>() : intact;
  const toAsk = textsToAsk(secrets, { asker, read, intact: proven, etags, unanswered });
  const asking: Progress = { ...progress, toAsk };
  if (notes.length === 0 && vanished.length === 0) return await ask(toAsk, { ...visit, begun: asking });
  if (toAsk.length === 0) return { notes, vanished, again, ...outcome, memory: { texts: cursor, etags } };
  return { until: new Date(), notes, vanished, again, memory: { ...target.memory, progress: asking } };
}

/** Asks for texts, and ends the visit or pauses. */
async function ask(toAsk: readonly string[], { target, desk, begun, asker, signal }: Visit): Promise<Outcome | Pause> {
  const { etags = {} } = target.memory;
  const secrets = await standingSecrets(desk, target.id);
  const { vanished, until, ...told } = await deleted(secrets, { asker, toAsk, etags, signal });
  const skips = countedSkips(faultsFirst([...begun.skips, ...told.faults]));
  const unanswered = [...(begun.unanswered ?? []), ...told.unanswered];
  const progress: Progress = { ...begun, skips, toAsk: told.toAsk, unanswered };
  const written = { notes: [], vanished, again: false };
  if (until) return { until, ...written, memory: { ...target.memory, etags: told.etags, progress } };
  const outcome = outcomeOf(progress, desk.rules.hash);
  const state = outcome.state === "unchanged" && vanished.length > 0 ? "read" : outcome.state;
  // All was read, whatever could not be asked: it is not read again for the sake of that.
  const memory = { texts: begun.cursor, etags: told.etags, ...(unanswered.length > 0 && { unanswered }) };
  return { ...written, ...outcome, state, rules: desk.rules.hash, memory };
}

interface Pages extends Pick<Progress, "cursor" | "skips"> {
  /** Folders in which no text changed. */
  readonly intact: ReadonlySet<string>;
  readonly until?: Date;
}

/** Reads pages into a lot until there are no more, the lot is full or the forge asks to wait, which ends in `until`. */
async function readInto(lot: Lot, pages: AsyncIterable<TextPage>, start: TextCursor): Promise<Pages> {
  let cursor = start;
  let count = 0;
  const intact = new Set<string>();
  const skips: Skip[] = [];
  try {
    for await (const page of pages) {
      await lot.add(page.texts);
      skips.push(...page.faults.map((reason): Skip => ({ by: "fault", reason })));
      skips.push(...page.passed.map((reason): Skip => ({ by: "policy", reason })));
      if (page.intact !== undefined) intact.add(page.intact);
      const isFull = ++count >= mostPages || lot.isFull;
      const leadsOn = page.cursor !== cursor;
      cursor = page.cursor;
      if (isFull && leadsOn) return { cursor, skips, intact, until: new Date() };
    }
    return { cursor, skips, intact };
  } catch (error) {
    if (error instanceof Later) return { cursor, skips, intact, until: error.until };
    // What was read until then counts all the same.
    if (!(error instanceof Unreadable) || count === 0) throw error;
    return { cursor, intact, skips: [...skips, { by: "fault", reason: error.message }] };
  }
}

const faultsFirst = (skips: readonly CountedSkip[]): readonly CountedSkip[] => [
  ...skips.filter(({ by }) => by === "fault"),
  ...skips.filter(({ by }) => by === "policy"),
];

/** What a visit came to that has read all. With a fault in it nothing is remembered, and all is read again next time. */
function outcomeOf({ skips, bytes, texts }: Progress, rules: string): Outcome {
  const found = { bytes, skips, standing: "present" } as const;
  const fault = skips.find(({ by }) => by === "fault");
  if (fault) return { state: "incomplete", reason: fault.reason, ...found };
  return { state: texts === 0 ? "unchanged" : "read", rules, ...found };
}

/** Where to begin: where this visit paused; where the last one ended; at the start, when rules have changed. */
async function begunOf({ readRules, memory }: TargetRow, { store, sweep, rules }: Desk): Promise<Progress> {
  if (memory.progress?.sweep === sweep) return memory.progress;
  const nothing = { sweep, skips: [], bytes: 0, texts: 0 };
  const goesOn = { ...nothing, cursor: memory.texts ?? {} };
  if (readRules === rules.hash) return goesOn;
  const again = { ...nothing, cursor: {}, again: true };
  if (readRules === null) return again;
  const [earlier] = await store.db.select().from(rulepacks).where(eq(rulepacks.hash, readRules));
  const changed = rulesToRead(earlier?.rules, rules.digests, rules.list);
  // Rules that are gone find nothing, so that what was read need not be read again. Where some have changed, all of
  // them are looked for: texts that are new since then come in between, and those nobody has looked at.
  return changed !== "all" && changed.length === 0 ? goesOn : again;
}
