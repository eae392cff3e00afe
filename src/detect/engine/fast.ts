/**
 * The engine that has its keywords found by the kernel. All else is as in the plain engine, which judges it: the same
 * keywords, the same windows, the same patterns.
 */
import { merge, touches, widen } from "../../bytes/span.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Engine, Rulepack, Span } from "../../terms.ts";
import { type Candidate, type Finder, keyOf, MARKED, type Text } from "../candidate.ts";
import { type EngineOptions, engineOf } from "../match.ts";
import { atKeyword, everywhere, type Spot, slicer } from "./spot.ts";
import { hasKeyword, type Table, tableOf } from "./table.ts";

/** Longest text, in bytes, of which it is worth asking whether anything is in it before it is read in earnest. */
const small = 16 << 10;

/** Bytes behind an area that gates and keywords look at. */
const beyond = 640;

export interface FastOptions {
  readonly kernel: Kernel;
  /** Of the same rulepack. */
  readonly table?: Table;
}

/** An engine for `rulepack` on a kernel of its own. The kernel's memory is laid out anew as texts demand it. */
export const fastEngine = (rulepack: Rulepack, options: FastOptions & EngineOptions): Engine =>
  engineOf(rulepack, fastFinder(rulepack, options), options);

/** What finds candidates for it. */
export function fastFinder(rulepack: Rulepack, { kernel, table = tableOf(rulepack) }: FastOptions): Finder {
  const prefilter = new Prefilter(kernel, table);
  const { unbounded } = table;
  const { mark, dense } = table.encoded;
  // A match that touches a span may have its keyword that far away on either side.
  const reach = { before: table.reach.after, after: table.reach.before };
  return {
    candidates(text, spans) {
      prefilter.forget();
      const found = new Map<string, Candidate>();
      const slice = slicer(text.bytes);
      for (const area of merge(spans.map((span) => widen(span, { ...reach, length: text.bytes.length })))) {
        for (const spot of spotsIn(text, prefilter.hits(text, area), table)) {
          const candidate = isNear(spot, spans) ? atKeyword(text, spot, slice) : undefined;
          if (candidate !== undefined) found.set(keyOf(candidate), candidate);
        }
      }
      for (const rule of unbounded) {
        for (const candidate of everywhere(text, rule)) found.set(keyOf(candidate), candidate);
      }
      return [...found.values()].filter((candidate) => touches(candidate, spans));
    },
    // Of UTF-16 the kernel sees nothing.
    silent: ({ bytes }) =>
      unbounded.length === 0 && bytes.length <= small && !bytes.includes(0) && prefilter.isSilent(bytes),
    marked: (text, spans) =>
      merge(spans.map((span) => widen(span, { ...MARKED, length: text.bytes.length })))
        .flatMap((area) => prefilter.hits(text, area))
        .flatMap(([number, start]) => (number === mark || number === dense ? [start] : [])),
  };
}

/** Each rule at each of its keywords. */
function* spotsIn(text: Text, hits: readonly Hit[], { lookups }: Table): Generator<Spot> {
  for (const [number, start] of hits) {
    for (const { rule, keyword } of lookups(number)) {
      if (hasKeyword(text.bytes, start, keyword)) yield { rule, keyword: { start, end: start + keyword.length } };
    }
  }
}

/** Whether a match at this keyword can touch one of the spans. */
const isNear = ({ rule, keyword }: Spot, spans: readonly Span[]): boolean => {
  const { before, after } = rule.pattern.reach;
  return touches({ start: keyword.start - before - 1, end: keyword.start + after + 1 }, spans);
};

/** A keyword's number in the table, and where it starts. */
type Hit = readonly [number, number];

/** A kernel with the tables of a rulepack in it. */
class Prefilter {
  readonly #kernel: Kernel;
  readonly #table: Table;
  /** Bytes of the arena. */
  #room = 0;
  /** The last question and its answer: whoever asks for candidates asks for marks in the same bytes. */
  #asked: (Span & { readonly bytes: Uint8Array; readonly hits: readonly Hit[] }) | undefined;

  constructor(kernel: Kernel, table: Table) {
    this.#kernel = kernel;
    this.#table = table;
  }

  /** Keyword and place of every hit that starts in `area`, in order of places. */
  hits({ bytes }: Text, area: Span): readonly Hit[] {
    const asked = this.#asked;
    if (asked?.bytes === bytes && asked.start === area.start && asked.end === area.end) return asked.hits;
    const hits = this.#hits(bytes, area);
    this.#asked = { bytes, ...area, hits };
    return hits;
  }

  /** Forgets what was asked: from now on the bytes of a text may be others. */
  forget(): void {
    this.#asked = undefined;
  }

  #hits(bytes: Uint8Array, area: Span): readonly Hit[] {
    const text = bytes.subarray(area.start, area.end + beyond);
    this.#load(text);
    return this.#search(text.length, { start: 0, end: area.end - area.start }, area.start);
  }

  /** Whether nothing in these bytes needs another look. */
  isSilent(bytes: Uint8Array): boolean {
    this.#load(bytes);
    return this.#kernel.isSilent(bytes.length);
  }

  /** Puts bytes where the kernel looks, and zeros behind them. */
  #load(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const arena = this.#kernel.at("arenaAt");
    this.#kernel.bytes.set(bytes, arena);
    this.#kernel.bytes.fill(0, arena + bytes.length, arena + bytes.length + 32);
  }

  #search(length: number, { start, end }: Span, offset: number): Hit[] {
    const kernel = this.#kernel;
    const count = kernel.searchText(length, start, end);
    // More hits than there is room for: half as much text at a time.
    if (count < 0) {
      const middle = (start + end) >>> 1;
      return [
        { start, end: middle },
        { start: middle, end },
      ].flatMap((half) => this.#search(length, half, offset));
    }
    const at = kernel.at("foundAt") >>> 2;
    return Array.from({ length: count }, (_, hit) => {
      const place = at + 2 * hit;
      return [kernel.words[place + 1] ?? 0, (kernel.words[place] ?? 0) + offset] as const;
    });
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#room) return;
    this.#room = Math.max(1 << 20, 2 ** Math.ceil(Math.log2(bytes)));
    loadTable(this.#kernel, this.#table, { nodes: 0, input: 0, arena: this.#room });
  }
}

/** Lays the kernel's memory out with so much room beside the table, and writes the table. Throws where memory ends. */
export function loadTable(
  kernel: Kernel,
  table: Table,
  room: { readonly nodes: number; readonly input: number; readonly arena: number },
): void {
  const counts = {
    entries: table.entries.length / 64,
    links: table.links.length / 2,
    keywords: table.keywords.length / 4,
    gates: table.gates.length / 512,
  };
  if (!kernel.layOut({ ...counts, ...room })) throw new RangeError("there is no memory left for the kernel");
  const { bytes } = kernel;
  bytes.set(table.slots, kernel.at("slots"));
  bytes.set(bytesOf(table.heads), kernel.at("heads"));
  bytes.set(bytesOf(table.links), kernel.at("linksAt"));
  bytes.set(table.entries, kernel.at("entriesAt"));
  bytes.set(bytesOf(table.keywords), kernel.at("keywordsAt"));
  bytes.set(table.gates, kernel.at("gatesAt"));
  kernel.setFurthest(table.furthest);
  kernel.seeEncoded(table.encoded);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
