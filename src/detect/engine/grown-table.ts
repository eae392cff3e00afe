/**
 * The table of a rulepack that differs in a few rules from one whose table is made. Making a table of all rules takes
 * longer than most pushes do, and most configs turn off a rule or add some.
 */
import type { Growth } from "../../terms.ts";
import { leastCodes } from "./spot.ts";
import { entryBytes, gateBytes, gateMembers, type Lookup, silent, type Table, tableOf } from "./table.ts";

/** `base` with the keywords of `own` beside its own; a keyword that only rules `without` have is found and means nothing. */
export function grownTable(base: Table, { without, own }: Growth): Table {
  if (without.size + own.length === 0) return base;
  const added = tableOf({ rules: own, hash: "" });
  const shifts: Shifts = {
    number: base.keywords.length / 4,
    gate: base.gates.length / gateBytes,
    // The first entry and the first link of a table are none.
    entry: base.entries.length / entryBytes - 1,
    link: base.links.length / 2 - 1,
  };
  return {
    ...joinedSlots(base, added, shifts),
    entries: joinedEntries(base, added, shifts),
    keywords: joinedKeywords(base, added, shifts),
    gates: joinedGates(base, added, shifts),
    furthest: Math.max(base.furthest, added.furthest),
    encoded: { ...base.encoded, codes: Math.min(base.encoded.codes, leastCodes(own)) },
    count: base.count + added.count,
    lookups: lookupsOf(base, added, { first: shifts.number, without }),
    unbounded: [...base.unbounded.filter(({ id }) => !without.has(id)), ...added.unbounded],
    reach: {
      before: Math.max(base.reach.before, added.reach.before),
      after: Math.max(base.reach.after, added.reach.after),
    },
  };
}

/** What is added to the numbers of one table that stands behind another. */
interface Shifts {
  readonly number: number;
  readonly gate: number;
  readonly entry: number;
  readonly link: number;
}

type Slots = Pick<Table, "slots" | "heads" | "links">;

/** Chains of the added table go on with those of the base. */
function joinedSlots(base: Slots, added: Slots, { entry, link }: Shifts): Slots {
  const slots = base.slots.map((classes, slot) => classes | (added.slots[slot] as number));
  const links = new Uint32Array(base.links.length + added.links.length - 2);
  links.set(base.links);
  for (let at = 2; at < added.links.length; at += 2) {
    const [of, next] = [added.links[at] as number, added.links[at + 1] as number];
    links.set([of + entry, next === 0 ? 0 : next + link], at + 2 * link);
  }
  const heads = base.heads.slice();
  for (const [slot, head] of added.heads.entries()) {
    if (head === 0) continue;
    heads[slot] = head + link;
    let last = head + link;
    while (links[2 * last + 1] !== 0) last = links[2 * last + 1] as number;
    links[2 * last + 1] = base.heads[slot] as number;
  }
  return { slots, heads, links };
}

function joinedEntries({ entries }: Table, added: Table, { number, gate }: Shifts): Uint8Array {
  const all = Buffer.concat([entries, added.entries.subarray(entryBytes)]);
  for (let at = entries.length; at < all.length; at += entryBytes) {
    all.writeUInt32LE(all.readUInt32LE(at) + number, at);
    const own = all.readUInt32LE(at + 12);
    if (own > 0) all.writeUInt32LE(own + gate, at + 12);
  }
  return all;
}

/** Those of `added` that stand for what is encoded are left out: those of the base do. */
function joinedKeywords({ keywords }: Table, added: Table, { gate }: Shifts): Uint32Array {
  const all = new Uint32Array(keywords.length + 4 * added.count);
  all.set(keywords);
  all.set(added.keywords.subarray(0, 4 * added.count), keywords.length);
  for (let at = keywords.length + 1; at < all.length; at += 4) {
    const own = all[at] as number;
    if (own > 0 && own < silent) all[at] = own + gate;
  }
  return all;
}

function joinedGates({ gates }: Table, added: Table, { gate }: Shifts): Uint8Array {
  const own = added.gates.slice();
  for (let at = 0; at < own.length; at += gateBytes) {
    const members = gateMembers(own.subarray(at, at + gateBytes));
    for (let index = 0; index < members.length; index++) members[index] = (members[index] as number) + gate;
  }
  return Buffer.concat([gates, own]);
}

function lookupsOf(
  base: Table,
  added: Table,
  { first, without }: { readonly first: number; readonly without: ReadonlySet<string> },
): Table["lookups"] {
  const kept: (readonly Lookup[])[] = [];
  return (number) => {
    if (number >= first) return added.lookups(number - first);
    kept[number] ??= base.lookups(number).filter(({ rule }) => !without.has(rule.id));
    return kept[number];
  };
}
