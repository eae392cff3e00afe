/**
 * The tables by which the kernel finds the keywords of a rulepack (`kernel/assembly/prefilter.ts` says what is in
 * them). Of each keyword the two neighbouring quads are entered that are rarest in source code: how often the kernel
 * stops to compare depends on that choice alone.
 */
import { chanceOf } from "../../bytes/frequency.ts";
import type { Gate } from "../../bytes/gate.ts";
import type { SeenEncoded } from "../../kernel/kernel.ts";
import type { Rule, Rulepack } from "../../terms.ts";
import { CONTEXT } from "../claim.ts";
import { isBounded, leastCodes } from "./spot.ts";

/** Longest keyword that the kernel compares; of a longer one it knows the beginning. */
const longest = 16;

/** Furthest quads from a keyword's start that are tried: each byte more is a byte more to look at behind a span. */
const furthest = 7;

/** Bytes beside the beginning of a run that bear on it: its name. Of what changes in the run itself the kernel tells. */
const runReach = 256;

/** Bytes around marks in a row that bear on what is made of them. */
const denseReach = 4096;

/** Bytes that the kernel reads ahead of a keyword, and some. */
const markReach = 600;

/** The highest bit of a gate's number: nobody asks what is encoded behind the keyword. */
export const silent = 2 ** 31;

/** Slots of quads and of triples, and how many slots of quads share a head, as powers of two; see `prefilter.ts`. */
const bits = { quads: 16, triples: 13, quadsAHead: 2 };
const factor = 0x9e3779b1;

export const entryBytes = 64;
export const gateBytes = 512;

/** A rule, and a whole keyword of it. */
export interface Lookup {
  readonly rule: Rule;
  readonly keyword: string;
}

export interface Table {
  /** For each slot of quads, then of triples, one bit for each of eight classes of the byte behind. */
  readonly slots: Uint8Array;
  /** First links, 0 for none: of quads, then of triples. */
  readonly heads: Uint32Array;
  /** Pairs: entry, next link. */
  readonly links: Uint32Array;
  readonly entries: Uint8Array;
  /** Fours: length, gate + 1 or 0, bytes before and from a keyword's start on that bear on what is found there. */
  readonly keywords: Uint32Array;
  readonly gates: Uint8Array;
  /** Bytes by which a quad can lie behind a keyword's start. */
  readonly furthest: number;
  readonly encoded: SeenEncoded;
  /** Keywords of the kernel that rules have; those that stand for what is encoded come behind them. */
  readonly count: number;
  /** What to look for at a keyword of the kernel; nothing at others. */
  readonly lookups: (number: number) => readonly Lookup[];
  /** Rules that need more than a keyword: they are run everywhere. */
  readonly unbounded: readonly Rule[];
  /** Most bytes before and from the start of any keyword on that bear on what is found there. */
  readonly reach: { readonly before: number; readonly after: number };
}

/** A literal that no rule knows, and bytes from its start on that bear on what it means to whoever asked for it. */
export interface Watched {
  readonly keyword: string;
  readonly after: number;
}

/**
 * The table of all rules that have keywords, those without bounds left out: they need more than a keyword.
 *
 * @param watched Further literals: a kernel shows objects that hold one, though no rule looks for anything there.
 */
export function tableOf({ rules }: Rulepack, watched: readonly Watched[] = []): Table {
  const lookups = new Map<string, Lookup[]>(watched.map(({ keyword }) => [keyword.slice(0, longest), []]));
  for (const rule of rules.filter(isBounded)) {
    for (const keyword of rule.keywords) {
      const known = keyword.slice(0, longest);
      const all = lookups.get(known);
      if (all) all.push({ rule, keyword });
      else lookups.set(known, [{ rule, keyword }]);
    }
  }
  const slots = new Slots();
  const gates = new Gates();
  const keywords = new Uint32Array(4 * (lookups.size + 3));
  const { size } = lookups;
  const encoded = { run: size, mark: size + 1, dense: size + 2, codes: leastCodes(rules) };
  for (const [number, reach] of [
    [encoded.run, runReach] as const,
    [encoded.mark, markReach] as const,
    [encoded.dense, denseReach] as const,
  ]) {
    keywords.set([0, 0, reach, reach], 4 * number);
  }
  for (const [number, [known, all]] of [...lookups].entries()) {
    const [first = known] = all.map(({ keyword }) => keyword);
    // Behind which of several keywords that begin alike a gate would have to look nobody knows.
    const same = all.length > 0 && all.every(({ keyword }) => keyword === first);
    const gate = same ? gates.number(all.map(({ rule }) => rule.pattern.gate)) + 1 : 0;
    keywords.set([first.length, all.length > 0 ? gate : silent], 4 * number);
    slots.add(known, { number, gate: first === known ? gate : 0 });
    const watches = watched.filter(({ keyword }) => keyword.startsWith(known)).map((one) => one.after);
    keywords.set([Math.max(0, ...all.map(before)), Math.max(...watches, ...all.map(after))], 4 * number + 2);
  }
  const all = [...lookups.values()];
  const reach = { before: Math.max(0, ...all.flat().map(before)), after: Math.max(0, ...all.flat().map(after)) };
  return {
    ...slots.tables(),
    keywords,
    gates: gates.table(),
    furthest,
    encoded,
    count: all.length,
    lookups: (number) => all[number] ?? [],
    unbounded: rules.filter((rule) => !isBounded(rule)),
    reach,
  };
}

/** Bytes before a keyword's start that decide about what is found at it: the match, the byte beside it, its context. */
export const before = ({ rule }: Lookup): number => rule.pattern.reach.before + Math.max(1, CONTEXT.before);

/** The same from the start of the keyword on. */
export const after = ({ rule, keyword }: Lookup): number =>
  Math.max(rule.pattern.reach.after, keyword.length + gateReach(rule.pattern.gate)) + Math.max(1, CONTEXT.after);

/** Bytes behind a keyword that its gate looks at. */
const gateReach = (gate: Gate | undefined): number =>
  gate === undefined ? 0 : Math.max(gate.max + 1, (gate.run?.within ?? 0) + (gate.run?.least ?? 0));

/** Whether the rest of a keyword is there too, of which the kernel knows the beginning. */
export function hasKeyword(bytes: Uint8Array, start: number, keyword: string): boolean {
  for (let at = longest; at < keyword.length; at++) {
    const byte = bytes[start + at] ?? 0;
    const folded = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
    if (folded !== keyword.charCodeAt(at)) return false;
  }
  return true;
}

/** The number of a keyword, and that of its gate + 1, 0 for none. */
interface Meaning {
  readonly number: number;
  readonly gate: number;
}

/** Collects quads and triples. */
class Slots {
  readonly #slots = new Uint8Array((1 << bits.quads) + (1 << bits.triples));
  readonly #heads = new Uint32Array((1 << (bits.quads - bits.quadsAHead)) + (1 << bits.triples));
  /** Number 0 of both is none. */
  readonly #links: number[] = [0, 0];
  readonly #entries: Uint8Array[] = [new Uint8Array(entryBytes)];

  add(keyword: string, meaning: Meaning): void {
    if (keyword.length < 5) {
      this.#enter(keyword, meaning, 0);
      return;
    }
    const place = cheapest(keyword);
    this.#enter(keyword, meaning, place);
    this.#enter(keyword, meaning, place + 1);
  }

  tables() {
    return {
      slots: this.#slots,
      heads: this.#heads,
      links: Uint32Array.from(this.#links),
      entries: joined(this.#entries),
    };
  }

  #enter(keyword: string, meaning: Meaning, place: number): void {
    const { slot, head, width } = keyword.length < 5 ? tripleOf(keyword) : quadOf(keyword, place);
    const next = keyword.charCodeAt(place + width);
    this.#slots[slot] = (this.#slots[slot] ?? 0) | (Number.isNaN(next) ? 0xff : 1 << (next & 7));
    const link = this.#links.length / 2;
    this.#links.push(this.#entries.push(entryOf(keyword, meaning, place)) - 1, this.#heads[head] ?? 0);
    this.#heads[head] = link;
  }
}

/** Four bytes from `at` on as a number, letter case folded; zeros behind the end. */
const fourAt = (keyword: string, at: number): number =>
  [0, 1, 2, 3].reduce((four, index) => four | ((keyword.charCodeAt(at + index) | 0x20) << (8 * index)), 0);

function quadOf(keyword: string, place: number) {
  const hash = Math.imul(fourAt(keyword, place), factor) >>> 0;
  const slot = hash >>> (32 - bits.quads);
  return { slot, head: slot >>> bits.quadsAHead, width: 4 };
}

function tripleOf(keyword: string) {
  const hash = Math.imul(fourAt(keyword, 0), factor << 8) >>> (32 - bits.triples);
  return { slot: (1 << bits.quads) + hash, head: (1 << (bits.quads - bits.quadsAHead)) + hash, width: 3 };
}

/** The place of the first of the two quads whose chances are least together, with the bytes behind them. */
function cheapest(keyword: string): number {
  const last = Math.min(keyword.length - 5, furthest - 1);
  const chance = (place: number): number => chanceOf(keyword.slice(place, place + 5));
  let best = 0;
  for (let place = 1; place <= last; place++) {
    if (chance(place) + chance(place + 1) < chance(best) + chance(best + 1)) best = place;
  }
  return best;
}

/** An entry: keyword, offset of its quad or triple, length, gate + 1 or 0; then of its first and last eight bytes what to set and compare. */
function entryOf(keyword: string, { number, gate }: Meaning, place: number): Uint8Array {
  const entry = new Uint8Array(entryBytes);
  const head = new DataView(entry.buffer);
  head.setUint32(0, number, true);
  head.setInt32(4, place, true);
  head.setUint32(8, keyword.length, true);
  head.setUint32(12, gate, true);
  for (let at = 0; at < 8; at++) {
    if (at < keyword.length) {
      const first = keyword.charCodeAt(at);
      entry[16 + at] = caseBit(first);
      entry[24 + at] = 0xff;
      entry[32 + at] = first;
    }
    if (keyword.length > 8) {
      const last = keyword.charCodeAt(keyword.length - 8 + at);
      entry[40 + at] = caseBit(last);
      entry[48 + at] = last;
    }
  }
  return entry;
}

/** The bit that tells a small letter from a large one; keywords have small ones. */
const caseBit = (byte: number): number => (byte >= 0x61 && byte <= 0x7a ? 0x20 : 0);

/** Collects gates, each once. */
class Gates {
  readonly #numbers = new Map<string, number>();
  readonly #tables: Uint8Array[] = [];

  /** Number of a gate that lets pass what one of these does; -1 where one of them is none. */
  number(gates: readonly (Gate | undefined)[]): number {
    const all = gates.filter((gate) => gate !== undefined);
    if (all.length < gates.length) return -1;
    const members = [...new Set(all.map((gate) => this.#numberOf(gateTable([gate]))))];
    const [first = -1] = members;
    if (members.length === 1) return first;
    const table = gateTable(all);
    if (members.length <= mostMembers) {
      new Uint32Array(table.buffer)[67] = members.length;
      gateMembers(table).set(members);
    }
    return this.#numberOf(table);
  }

  #numberOf(table: Uint8Array): number {
    const key = Buffer.from(table).toString("latin1");
    const number = this.#numbers.get(key) ?? this.#tables.push(table) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  table(): Uint8Array {
    return joined(this.#tables);
  }
}

/** Gates that one can name which stands for them all. */
const mostMembers = 120;

/** The numbers of the gates that a gate stands for, where it names them: a view of its bytes. */
export function gateMembers({ buffer, byteOffset }: Uint8Array): Uint16Array {
  const [count = 0] = new Uint32Array(buffer, byteOffset + 4 * 67, 1);
  return new Uint16Array(buffer, byteOffset + 2 * 136, count);
}

/** One gate as the kernel reads it that lets pass at least what one of these does; see `assembly/regions.ts`. */
function gateTable(gates: readonly Gate[]): Uint8Array {
  const table = new Uint8Array(gateBytes);
  let [max, within, least] = [0, 0, Number.POSITIVE_INFINITY];
  for (const { prior, skip, need, run, max: own } of gates) {
    max = Math.max(max, own);
    within = Math.max(within, run?.within ?? 0);
    least = Math.min(least, run?.least ?? 0);
    for (let byte = 0; byte < 256; byte++) {
      const kind = (skip[byte] ?? 0) | ((need[byte] ?? 0) << 1) | ((run?.set[byte] ?? 0) << 2);
      table[byte] = (table[byte] ?? 0) | kind | ((prior === undefined ? 1 : (prior[byte] ?? 0)) << 3);
    }
  }
  new Uint32Array(table.buffer).set([max, within, Number.isFinite(least) ? least : 0], 64);
  return table;
}

/** All parts, one behind the other. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
