/**
 * A visit to texts that people wrote on a forge. They are read page by page into a folder of our own and scanned there
 * as files, so that they meet the same rules as everything else; who wrote what, where and when is put back afterwards.
 */
import { eq } from "drizzle-orm";
import { Later, type TextCursor, type TextKind, type TextPage, Unreadable } from "../sources/forge.ts";
import type { Skip } from "../terms.ts";
import { type CountedSkip, countedSkips } from "./counted-skips.ts";
import type { Desk } from "./desk.ts";
import type { Progress } from "./memory.ts";
import type { Pause } from "./pause.ts";
import type { Outcome } from "./record.ts";
import type { TargetRow } from "./repository-visit.ts";
import { rulesToRead } from "./rules.ts";
import { rulepacks } from "./store/schema.ts";
import { Lot } from "./text-lot.ts";
import { type Asked, deleted, rewritten, standingSecrets } from "./vanished-texts.ts";

/** Pages after which what was read is put on record, so that no kill and no fault can cost more than that. */
const mostPages = 500;

/**
 * Reads the texts that are new since the last visit; all of them when the rules have changed. Where the forge asks to
 * wait, and after each lot, it pauses: the next job goes on where this one stopped.
 */
export async function visitTexts(target: TargetRow, desk: Desk, signal: AbortSignal): Promise<Outcome | Pause> {
  if (!desk.forge) throw new Unreadable("its forge is not asked in this sweep");
  const begun = await begunOf(target, desk);
  const lot = new Lot(desk, signal);
  const place = { kind: target.kind as TextKind, url: target.url };
  const { cursor, skips, until } = await readInto(lot, desk.forge.texts(place, begun.cursor, signal), begun.cursor);
  const read = await lot.end();
  const secrets = await standingSecrets(desk, target.id);
  const changed = rewritten(secrets, read);
  const progress: Progress = {
    ...begun,
    sweep: desk.sweep,
    cursor,
    skips: countedSkips(faultsFirst([...begun.skips, ...skips, ...read.skips])),
    bytes: begun.bytes + read.bytes,
    texts: begun.texts + read.paths.size,
  };
  const { notes } = read;
  if (until) return { until, notes, vanished: changed, memory: { ...target.memory, progress } };
  const outcome = outcomeOf(progress, desk.rules.hash);
  if (outcome.state === "incomplete") return { notes, vanished: changed, ...outcome };
  const ask = desk.forge.standing(place);
  const asked = await deleted(secrets, { ask, read: read.paths, signal, ...askedOf(target, progress) });
  const vanished = [...changed, ...asked.vanished];
  const { etags, last } = asked;
  if (asked.until) {
    const memory = { ...target.memory, etags, progress: { ...progress, ...(last !== undefined && { asked: last }) } };
    return { until: asked.until, notes, vanished, memory };
  }
  const state = vanished.length > 0 ? "read" : outcome.state;
  return { notes, vanished, ...outcome, state, memory: { texts: cursor, etags } };
}

const askedOf = ({ memory: { etags = {} } }: TargetRow, { asked }: Progress): Asked => ({
  etags,
  ...(asked !== undefined && { last: asked }),
});

/** Reads pages into a lot until there are no more, the lot is full or the forge asks to wait, which ends in `until`. */
async function readInto(
  lot: Lot,
  pages: AsyncIterable<TextPage>,
  start: TextCursor,
): Promise<Pick<Progress, "cursor" | "skips"> & { readonly until?: Date }> {
  let cursor = start;
  let count = 0;
  const skips: Skip[] = [];
  try {
    for await (const page of pages) {
      await lot.add(page.texts);
      skips.push(...page.faults.map((reason): Skip => ({ by: "fault", reason })));
      skips.push(...page.passed.map((reason): Skip => ({ by: "policy", reason })));
      const isFull = ++count >= mostPages || lot.isFull;
      const leadsOn = page.cursor !== cursor;
      cursor = page.cursor;
      if (isFull && leadsOn) return { cursor, skips, until: new Date() };
    }
    return { cursor, skips };
  } catch (error) {
    if (error instanceof Later) return { cursor, skips, until: error.until };
    // What was read until then counts all the same.
    if (!(error instanceof Unreadable) || count === 0) throw error;
    return { cursor, skips: [...skips, { by: "fault", reason: error.message }] };
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
  if (readRules === null) return { ...nothing, cursor: {} };
  const [earlier] = await store.db.select().from(rulepacks).where(eq(rulepacks.hash, readRules));
  const changed = rulesToRead(earlier?.rules, rules.digests, rules.list);
  // Rules that are gone find nothing, so that what was read need not be read again. Where some have changed, all of
  // them are looked for: texts that are new since then come in between, and those nobody has looked at.
  return changed !== "all" && changed.length === 0 ? goesOn : { ...nothing, cursor: {} };
}
