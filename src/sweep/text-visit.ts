/**
 * A visit to texts that people wrote on a forge. They are read page by page into a folder of our own and scanned there
 * as files, so that they meet the same rules as everything else; who wrote what, where and when is put back afterwards.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { eq } from "drizzle-orm";
import { temporaryFolder } from "../git/temporary.ts";
import { scan } from "../scan.ts";
import { type ForgeText, type TextCursor, type TextKind, Unreadable } from "../sources/forge.ts";
import type { CommitInfo, Occurrence, Skip } from "../terms.ts";
import type { Desk } from "./desk.ts";
import { type Note, notesOf, type Outcome } from "./record.ts";
import type { TargetRow } from "./repository-visit.ts";
import { rulesToRead } from "./rules.ts";
import { rulepacks } from "./store/schema.ts";

/** Bytes of texts that are scanned in one go. */
const lotBytes = 16_000_000;

/** Reads the texts that are new since the last visit; all of them when the rules have changed. */
export async function visitTexts(target: TargetRow, desk: Desk, signal: AbortSignal): Promise<Outcome> {
  if (!desk.forge) throw new Unreadable("its forge is not asked in this sweep");
  const { start, enable } = await startOf(target, desk);
  let cursor: TextCursor = start;
  const lot = new Lot(desk, enable, signal);
  const skips: Skip[] = [];
  for await (const page of desk.forge.texts({ kind: target.kind as TextKind, url: target.url }, start, signal)) {
    await lot.add(page.texts);
    skips.push(...page.faults.map((reason): Skip => ({ by: "fault", reason })));
    skips.push(...page.passed.map((reason): Skip => ({ by: "policy", reason })));
    cursor = page.cursor;
  }
  const { notes, bytes, texts, skips: unread } = await lot.end();
  skips.push(...unread);
  const fault = skips.find(({ by }) => by === "fault");
  const found = { notes, bytes, skips, standing: "all" } as const;
  if (fault) return { state: "incomplete", reason: fault.reason, ...found };
  const memory = { ...target.memory, texts: cursor };
  return { state: texts === 0 ? "unchanged" : "read", memory, rules: desk.rules.hash, ...found };
}

/** Where to begin, and which rules to look for: from the start, with the changed ones, when rules have changed. */
async function startOf(
  { readRules, memory }: TargetRow,
  { store, rules }: Desk,
): Promise<{ start: TextCursor; enable?: readonly string[] }> {
  if (readRules === rules.hash) return { start: memory.texts ?? {} };
  if (readRules === null) return { start: {} };
  const [earlier] = await store.db.select().from(rulepacks).where(eq(rulepacks.hash, readRules));
  const changed = rulesToRead(earlier?.rules, rules.digests, rules.list);
  // Rules that are gone find nothing, so that what was read need not be read again.
  return changed !== "all" && changed.length === 0 ? { start: memory.texts ?? {} } : { start: {} };
}

/** Texts on their way through the scanner. */
class Lot {
  readonly #desk: Desk;
  readonly #enable: readonly string[] | undefined;
  readonly #signal: AbortSignal;
  readonly #notes = new Map<string, Note>();
  readonly #skips: Skip[] = [];
  #held: ForgeText[] = [];
  #heldBytes = 0;
  #bytes = 0;
  #texts = 0;

  constructor(desk: Desk, enable: readonly string[] | undefined, signal: AbortSignal) {
    this.#desk = desk;
    this.#enable = enable;
    this.#signal = signal;
  }

  async add(texts: readonly ForgeText[]): Promise<void> {
    for (const text of texts) {
      this.#held.push(text);
      this.#heldBytes += text.body.length;
      if (this.#heldBytes > lotBytes) await this.#scan();
    }
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
        plan: { ...plan, enable: this.#enable ?? plan.enable },
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
    const introduced = earliest([before.place.introduced, note.place.introduced].flatMap((info) => info ?? []));
    this.#notes.set(fingerprint, {
      ...before,
      place: { ...before.place, occurrences, introduced: introduced ?? null },
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
