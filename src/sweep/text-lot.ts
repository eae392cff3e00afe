/** Texts on their way through the scanner: written as files, scanned, and put back to who wrote them, where and when. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../git/temporary.ts";
import { scan } from "../scan.ts";
import type { ForgeText } from "../sources/forge.ts";
import type { Occurrence, Skip } from "../terms.ts";
import { earliest } from "../triage/earliest.ts";
import type { Desk } from "./desk.ts";
import { keptOf, type Note, notesOf } from "./notes.ts";

/** Bytes of texts that are scanned in one go. */
const lotBytes = 16_000_000;

/** What a lot came to. */
export interface LotEnd {
  readonly notes: readonly Note[];
  readonly bytes: number;
  /** How many texts were taken. */
  readonly texts: number;
  /** Paths of the texts that were scanned, less those that the user excluded. */
  readonly paths: ReadonlySet<string>;
  readonly skips: readonly Skip[];
}

/** Takes texts until it is ended, and scans them whenever there are enough. */
export class Lot {
  readonly #desk: Desk;
  readonly #signal: AbortSignal;
  readonly #notes = new Map<string, Note>();
  readonly #skips: Skip[] = [];
  #held: ForgeText[] = [];
  #heldBytes = 0;
  #bytes = 0;
  #texts = 0;
  readonly #paths = new Set<string>();

  constructor(desk: Desk, signal: AbortSignal) {
    this.#desk = desk;
    this.#signal = signal;
  }

  /** Takes some texts. */
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

  /** Scans what is left. */
  async end(): Promise<LotEnd> {
    await this.#scan();
    const [notes, bytes, texts] = [[...this.#notes.values()], this.#bytes, this.#texts];
    return { notes, bytes, texts, paths: this.#paths, skips: this.#skips };
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
      const passed = new Set(result.skips.flatMap(({ path }) => path ?? []));
      for (const path of texts.keys()) if (!isBelow(passed, path)) this.#paths.add(path);
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

/** Whether a text is among some paths, or in a folder that is. */
function isBelow(paths: ReadonlySet<string>, text: string): boolean {
  for (let path = text; path !== "."; path = dirname(path)) if (paths.has(path)) return true;
  return false;
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
