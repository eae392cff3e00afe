/**
 * A table as one run of bytes, so that the build can make that of the built-in rules: making it takes longer than a
 * small push may. First the length of a head (32 bits, little-endian), then the head in JSON, then the arrays one behind
 * the other, each from a multiple of eight on.
 */
import type { Growth, Rulepack } from "../../terms.ts";
import type { Lookup, Table } from "./table.ts";

const arrays = ["slots", "heads", "links", "entries", "keywords", "gates", "firsts", "pairs"] as const;

type Name = (typeof arrays)[number];

interface Head {
  /** Of the rulepack that the table is of. */
  readonly hash: string;
  readonly furthest: number;
  /** Places of rules. */
  readonly unbounded: readonly number[];
  readonly encoded: Table["encoded"];
  readonly reach: Table["reach"];
  /** Offset behind the head and bytes of each array. */
  readonly places: Readonly<Record<Name, readonly [number, number]>>;
}

const aligned = (bytes: number): number => (bytes + 7) & ~7;

/** The table of a rulepack as bytes. */
export function packTable(table: Table, { rules, hash }: Rulepack): Uint8Array {
  const all = { ...table, ...packLookups(table, rules) };
  let end = 0;
  const places = Object.fromEntries(
    arrays.map((name) => {
      const place = [end, all[name].byteLength] as const;
      end += aligned(place[1]);
      return [name, place];
    }),
  ) as Head["places"];
  const { furthest, encoded, reach } = table;
  const unbounded = table.unbounded.map((rule) => rules.indexOf(rule));
  const text = Buffer.from(JSON.stringify({ hash, furthest, unbounded, encoded, reach, places } satisfies Head));
  const start = aligned(4 + text.length);
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const name of arrays) {
    const { buffer, byteOffset, byteLength } = all[name];
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + places[name][0]);
  }
  return bytes;
}

/** What to look for, as numbers: for each keyword its first pair; pairs of a rule's place and a keyword's place in it. */
function packLookups({ count, lookups }: Table, rules: Rulepack["rules"]) {
  const numbers = new Map(rules.map((rule, number) => [rule, number]));
  const firsts = new Uint32Array(count + 1);
  const pairs: number[] = [];
  for (let number = 0; number < count; number++) {
    firsts[number] = pairs.length / 2;
    for (const { rule, keyword } of lookups(number)) {
      pairs.push(numbers.get(rule) ?? 0, rule.keywords.indexOf(keyword));
    }
  }
  firsts[count] = pairs.length / 2;
  return { firsts, pairs: Uint16Array.from(pairs) };
}

/**
 * The table in `bytes`, or `undefined` where it is that of other rules.
 *
 * @param bytes As `packTable` made them, and nobody else's; at a multiple of eight in their buffer.
 */
export function unpackTable(bytes: Uint8Array, { from, at: ruleAt }: Pick<Growth, "from" | "at">): Table | undefined {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 4, length).toString()) as Head;
  if (head.hash !== from) return undefined;
  const start = bytes.byteOffset + aligned(4 + length);
  const view = (name: Name): [ArrayBufferLike, number, number] => {
    const [at, size] = head.places[name];
    return [bytes.buffer, start + at, size];
  };
  const words = (name: Name): Uint32Array => {
    const [buffer, at, size] = view(name);
    return new Uint32Array(buffer, at, size / 4);
  };
  const firsts = words("firsts");
  const [buffer, at, size] = view("pairs");
  return {
    slots: new Uint8Array(...view("slots")),
    heads: words("heads"),
    links: words("links"),
    entries: new Uint8Array(...view("entries")),
    keywords: words("keywords"),
    gates: new Uint8Array(...view("gates")),
    furthest: head.furthest,
    encoded: head.encoded,
    count: firsts.length - 1,
    lookups: lookupsOf({ firsts, pairs: new Uint16Array(buffer, at, size / 2) }, ruleAt),
    unbounded: head.unbounded.flatMap((place) => ruleAt(place) ?? []),
    reach: head.reach,
  };
}

/** Made when they are asked for: of some thousands a small run needs a few. */
function lookupsOf(
  { firsts, pairs }: { readonly firsts: Uint32Array; readonly pairs: Uint16Array },
  ruleAt: Growth["at"],
): Table["lookups"] {
  const made: (readonly Lookup[])[] = [];
  return (number) => {
    made[number] ??= Array.from({ length: (firsts[number + 1] ?? 0) - (firsts[number] ?? 0) }, (_, index) => {
      const pair = 2 * ((firsts[number] ?? 0) + index);
      const rule = ruleAt(pairs[pair] ?? 0);
      const keyword = rule?.keywords[pairs[pair + 1] ?? 0];
      if (rule === undefined || keyword === undefined) throw new RangeError("the table is of other rules");
      return { rule, keyword };
    });
    return made[number];
  };
}
