/**
 * A table as one run of bytes, so that the build can make that of the built-in rules: making it takes longer than a
 * small push may. First the length of a head (32 bits, little-endian), then the head in JSON, then the arrays one behind
 * the other, each from a multiple of eight on.
 */
import type { Rulepack } from "../../terms.ts";
import type { Table } from "./table.ts";

const arrays = ["slots", "heads", "links", "entries", "keywords", "gates"] as const;

type Name = (typeof arrays)[number];

interface Head {
  /** Of the rulepack that the table is of. */
  readonly hash: string;
  readonly furthest: number;
  readonly encoded: Table["encoded"];
  /** Offset behind the head and bytes of each array. */
  readonly places: Readonly<Record<Name, readonly [number, number]>>;
  /** For each keyword of the kernel, of what to look for there the number of the rule and the keyword, in turn. */
  readonly lookups: readonly (readonly (number | string)[])[];
}

const aligned = (bytes: number): number => (bytes + 7) & ~7;

/** The table of a rulepack as bytes. */
export function packTable(table: Table, { rules, hash }: Rulepack): Uint8Array {
  const numbers = new Map(rules.map((rule, number) => [rule, number]));
  let end = 0;
  const places = Object.fromEntries(
    arrays.map((name) => {
      const place = [end, table[name].byteLength] as const;
      end += aligned(place[1]);
      return [name, place];
    }),
  ) as Head["places"];
  const lookups = table.lookups.map((all) => all.flatMap(({ rule, keyword }) => [numbers.get(rule) ?? 0, keyword]));
  const head: Head = { hash, furthest: table.furthest, encoded: table.encoded, places, lookups };
  const text = Buffer.from(JSON.stringify(head));
  const start = aligned(4 + text.length);
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const name of arrays) {
    const { buffer, byteOffset, byteLength } = table[name];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + places[name][0]);
  }
  return bytes;
}

/**
 * The table in `bytes`, or `undefined` where it is that of other rules.
 *
 * @param bytes As `packTable` made them, and nobody else's. They begin their buffer or lie at a multiple of eight in it.
 */
export function unpackTable(bytes: Uint8Array, { rules, hash }: Rulepack): Table | undefined {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 4, length).toString()) as Head;
  if (head.hash !== hash) return undefined;
  const start = bytes.byteOffset + aligned(4 + length);
  const view = (name: Name): [ArrayBufferLike, number, number] => {
    const [at, size] = head.places[name];
    return [bytes.buffer, start + at, size];
  };
  const words = (name: Name): Uint32Array => {
    const [buffer, at, size] = view(name);
    return new Uint32Array(buffer, at, size / 4);
  };
  return {
    slots: new Uint8Array(...view("slots")),
    heads: words("heads"),
    links: words("links"),
    entries: new Uint8Array(...view("entries")),
    keywords: words("keywords"),
    gates: new Uint8Array(...view("gates")),
    furthest: head.furthest,
    encoded: head.encoded,
    lookups: head.lookups.map((all) => lookupsOf(all, rules)),
  };
}

function lookupsOf(all: readonly (number | string)[], rules: Rulepack["rules"]): Table["lookups"][number] {
  return Array.from({ length: all.length / 2 }, (_, index) => {
    const rule = rules[all[2 * index] as number];
    if (rule === undefined) throw new RangeError("the table is of other rules than its hash says");
    return { rule, keyword: all[2 * index + 1] as string };
  });
}
