/**
 * A visit to texts that people wrote on a forge. They are read page by page into a folder of our own and scanned there
 * as files, so that they meet the same rules as everything else; who wrote what, where and when is put back afterwards.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { eq } from "drizzle-orm";
import { temporaryFolder } from "../git/temporary.ts";
import { scan } from "../scan.ts";
import { type ForgeText, Later, type TextCursor, type TextKind, type TextPage, Unreadable } from "../sources/forge.ts";
import type { CommitInfo, Occurrence, Skip } from "../terms.ts";
import { type CountedSkip, countedSkips } from "./counted-skips.ts";
import type { Desk } from "./desk.ts";
import type { Progress } from "./memory.ts";
import { keptOf, type Note, notesOf } from "./notes.ts";
import type { Pause } from "./pause.ts";
import type { Outcome } from "./record.ts";
import type { TargetRow } from "./repository-visit.ts";
import { rulesToRead } from "./rules.ts";
import { rulepacks } from "./store/schema.ts";

/** Bytes of texts that are scanned in one go. */
const lotBytes = 16_000_000;

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
  const pages = desk.forge.texts({ kind: target.kind as TextKind, url: target.url }, begun.cursor, signal);
  const { cursor, skips, until } = await readInto(lot, pages, begun.cursor);
  const { notes, bytes, texts, skips: unread } = await lot.end();
  const progress: Progress = {
    sweep: desk.sweep,
    cursor,
    skips: countedSkips(faultsFirst([...begun.skips, ...skips, ...unread])),
    bytes: begun.bytes + bytes,
    texts: begun.texts + texts,
  };
  if (until) return { until, notes, memory: { ...target.memory, progress } };
  return { notes, ...outcomeOf(progress, desk.rules.hash) };
}

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
function outcomeOf({ cursor, skips, bytes, texts }: Progress, rules: string): Outcome {
  const found = { bytes, skips, standing: "all" } as const;
  const fault = skips.find(({ by }) => by === "fault");
  if (fault) return { state: "incomplete", reason: fault.reason, ...found };
  return { state: texts === 0 ? "unchanged" : "read", memory: { texts: cursor }, rules, ...found };
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

/** Texts on their way through the scanner. */
class Lot {
  readonly #desk: Desk;
  readonly #signal: AbortSignal;
  readonly #notes = new Map<string, Note>();
  readonly #skips: Skip[] = [];
  #held: ForgeText[] = [];
  #heldBytes = 0;
  #bytes = 0;
  #texts = 0;

  constructor(desk: Desk, signal: AbortSignal) {
    this.#desk = desk;
    this.#signal = signal;
  }

  async add(texts: readonly ForgeText[]): Promise<void> {
    for (const text of texts) {
      this.#held.push(text);
      this.#heldBytes += text.body.length;
      if (this.#heldBytes > lotBytes) await this.#scan();
    }
  }

  /** Whether as much was read as is scanned in one go. */
  get isFull(): boolean {
    return this.#texts > 0;
  }

  async end(): Promise<{ notes: Note[]; bytes: number; texts: number; skips: readonly Skip[] }> {
    await this.#scan();
    return { notes: [...this.#notes.values()], bytes: this.#bytes, texts: this.#texts, skips: this.#skips };
  }

  async #scan(): Promise<void> {
    const texts = new Map(this.#held.map((text) => [text.path, text]));
    if (texts.size === 0) return;
    this.#held = [];
    this.#heldBytes = 0;
    const { plan, sweep, now } = this.#desk;
    const folder = await temporaryFolder();
    try {
      for (const { path, body } of texts.values()) await writeText(join(folder, path), body);
      const result = await scan({
        command: "dir",
        paths: [folder],
        plan,
        env: {},
        signal: this.#signal,
        now,
      });
      this.#signal.throwIfAborted();
      this.#bytes += result.tally.bytes;
      this.#texts += texts.size;
      this.#skips.push(...result.skips);
      for (const note of notesOf(result, sweep)) this.#keep(attributed(note, texts));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** One secret can be in texts of several lots. */
  #keep(note: Note): void {
    const { fingerprint } = note.place;
    const before = this.#notes.get(fingerprint);
    if (!before) return void this.#notes.set(fingerprint, note);
    const occurrences = [...before.place.occurrences, ...note.place.occurrences];
    const further = (before.place.further ?? 0) + (note.place.further ?? 0);
    const introduced = earliest([before.place.introduced, note.place.introduced].flatMap((info) => info ?? []));
    this.#notes.set(fingerprint, {
      ...before,
      place: { ...before.place, ...keptOf(occurrences, further), introduced: introduced ?? null },
    });
  }
}

async function writeText(file: string, body: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, body, { mode: 0o600 });
}

/** A note with the pages and the author of the texts that it is about. */
function attributed({ finding, place }: Note, texts: ReadonlyMap<string, ForgeText>): Note {
  const occurrences = place.occurrences.map((occurrence: Occurrence) => {
    const url = texts.get(occurrence.path)?.url ?? null;
    return { ...occurrence, url, commit: null, blob: null };
  });
  const written = place.occurrences.flatMap(({ path }) => texts.get(path) ?? []);
  const introduced = earliest(
    written.map(({ date, author }) => ({ commit: "", date, author: { name: author, email: "" } })),
  );
  return { finding, place: { ...place, occurrences, introduced: introduced ?? null } };
}

const earliest = (infos: readonly CommitInfo[]): CommitInfo | undefined =>
  [...infos].sort((one, other) => Date.parse(one.date) - Date.parse(other.date))[0];
