import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Table, tableOf } from "../../src/detect/engine/table.ts";
import { held, Kernel, nodeState, noticeBytes, type Visit, type Visitor } from "../../src/kernel/kernel.ts";
import { patternOf, ruleOf, rulepackOf } from "../detect/rule.ts";
import { familyOf, type Member, type Showing, showFamily, streamOf } from "./toy-family.ts";

const keywords = ["key", "token=", "-----begin private key-----", "qzx_", "aaaa"];
const need = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0x3d ? 1 : 0));
const skip = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0x20 ? 1 : 0));
const table: Table = tableOf(
  rulepackOf(
    ...keywords.map((keyword, index) => {
      const pattern = patternOf(`${keyword}(?<secret>.)`, {
        before: 3 * index,
        after: 40 * index + keyword.length + 1,
      });
      const gated = index === 0 ? { ...pattern, gate: { skip, need, max: 2 } } : pattern;
      return ruleOf({ id: `a.b${index}`, keywords: [keyword], pattern: gated });
    }),
  ),
);

const crumbs = [
  ...keywords,
  "KEY =",
  "key  =v",
  "to",
  "ken=",
  "-----BEGIN PRIVATE",
  " KEY-----",
  "aa",
  "\n",
  "x",
  "some words that nobody looks for, and so on and so on ",
];

const family = familyOf(crumbs, "qzx_");

const kernel = new Kernel();

const search = (members: readonly Member[], visit: Visitor, streams?: Showing["streams"]): number[] =>
  showFamily(members, { kernel, table, visit, ...(streams && { streams }) });

interface Notice {
  /** Where the kernel keeps the hit. */
  readonly address: number;
  readonly place: number;
  readonly keyword: string;
  readonly isHeld: boolean;
  readonly origin: number;
  readonly before: number;
  readonly after: number;
}

function noticesOf({ notices, count }: Visit): Notice[] {
  return Array.from({ length: count }, (_, index) => {
    const at = (notices + index * noticeBytes) >> 2;
    const [address = 0, place = 0, keyword = 0, origin = 0, before = 0, after = 0] = kernel.words.slice(at, at + 6);
    return {
      address,
      place,
      keyword: table.lookups(keyword & ~held)[0]?.keyword ?? "",
      isHeld: (keyword & held) !== 0,
      origin,
      before: before >>> 0,
      after: after >>> 0,
    };
    // What is encoded has hits of its own.
  }).filter(({ keyword }) => keyword !== "");
}

/** Asks to be told of this hit again in whatever is made of the object. */
const hold = ({ address }: Notice): void => {
  kernel.words[(address >> 2) + 1] = (kernel.words[(address >> 2) + 1] ?? 0) | held;
};

/** Every keyword of a text, found the slow way. */
function expectedHits(bytes: Uint8Array): string[] {
  const whole = Buffer.from(bytes).toString("latin1").toLowerCase();
  const found: string[] = [];
  for (let place = 0; place < whole.length; place++) {
    // The kernel knows a long keyword by its first 16 bytes.
    for (const keyword of keywords) {
      if (!whole.startsWith(keyword.slice(0, 16), place)) continue;
      if (keyword !== "key" || /^key {0,2}=/.test(whole.slice(place))) found.push(`${place} ${keyword}`);
    }
  }
  return found;
}

describe("a family of deltas", () => {
  it("is rebuilt byte for byte, with every keyword of every object", () => {
    fc.assert(
      fc.property(family, (members) => {
        const seen = new Map<number, string[]>();
        const states = search(members, (visit) => {
          const { node, at, length } = visit;
          expect(Buffer.from(kernel.bytes.subarray(at, at + length))).toEqual(Buffer.from(members[node]!.bytes));
          const notices = noticesOf(visit);
          seen.set(
            node,
            notices.map(({ place, keyword }) => `${place} ${keyword}`),
          );
          notices.forEach(hold);
        });
        expect(states).toEqual(members.map(() => nodeState.read));
        for (const [node, { bytes }] of members.entries()) {
          expect(seen.get(node)?.sort() ?? [], `object ${node}`).toEqual(expectedHits(bytes).sort());
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("says truly how far around a hit nothing has changed", () => {
    fc.assert(
      fc.property(family, (members) => {
        const known = new Map<number, ReadonlyMap<number, number>>();
        search(members, (visit) => {
          const notices = noticesOf(visit);
          const member = members[visit.node]!;
          const base = members[member.parent];
          for (const { place, origin, isHeld, ...near } of notices.filter(({ origin }) => origin > 0)) {
            const at = known.get(member.parent)?.get(origin);
            expect(isHeld).toBe(at !== undefined);
            if (at === undefined) continue;
            for (let step = 1; step <= near.before && place - step >= -1; step++) {
              expect(member.bytes[place - step]).toBe(base?.bytes[at - step]);
            }
            for (let step = 0; step < near.after && place + step <= member.bytes.length; step++) {
              expect(member.bytes[place + step]).toBe(base?.bytes[at + step]);
            }
          }
          notices.forEach(hold);
          known.set(visit.node, new Map(notices.map(({ address, place }) => [address, place])));
        });
      }),
      { numRuns: 800 },
    );
  });

  it("shows an object only where a hit that passes its gate is new or touched", () => {
    const root = Buffer.from(`qzx_ ${"and some words that nobody looks for, ".repeat(40)}key`);
    const shown: number[] = [];
    const copy = { from: 0, length: root.length };
    const members: Member[] = [
      { parent: -1, steps: [], bytes: root },
      {
        parent: 0,
        steps: [copy, { insert: Buffer.from(" far away") }],
        bytes: Buffer.concat([root, Buffer.from(" far away")]),
      },
      {
        parent: 0,
        steps: [copy, { insert: Buffer.from(" key ") }],
        bytes: Buffer.concat([root, Buffer.from(" key ")]),
      },
      {
        parent: 0,
        steps: [copy, { insert: Buffer.from(" key=") }],
        bytes: Buffer.concat([root, Buffer.from(" key=")]),
      },
      { parent: 0, steps: [copy, { insert: Buffer.from("=") }], bytes: Buffer.concat([root, Buffer.from("=")]) },
    ];
    search(members, ({ node }) => {
      shown.push(node);
    });
    expect(shown.sort()).toEqual([0, 3, 4]);
  });

  it("is not asked twice about a hit of which nothing came, where all that bears on it stands there again", () => {
    const line = (text: string): string => `${"words that nobody looks for\n".repeat(10)}${text}\n`;
    const twice = Buffer.from(line("aaaa one") + line("aaaa two") + "words that nobody looks for\n".repeat(10));
    const again: Member = { parent: 0, steps: [{ insert: twice }], bytes: twice };
    const other = Buffer.from(twice.toString().replace("aaaa two", "aaaa tow"));
    const members: Member[] = [
      { parent: -1, steps: [], bytes: twice },
      again,
      { parent: 0, steps: [{ insert: other }], bytes: other },
    ];
    const shownAt = (onNotice: (notice: Notice) => void): string[] => {
      const shown: string[] = [];
      search(members, (visit) => {
        for (const notice of noticesOf(visit)) {
          shown.push(`${visit.node} ${notice.place}`);
          onNotice(notice);
        }
      });
      return shown;
    };
    const [one, two] = [twice.indexOf("aaaa one"), twice.indexOf("aaaa two")];
    expect(shownAt(() => {})).toEqual([`0 ${one}`, `0 ${two}`, `2 ${two}`]);
    expect(shownAt(hold)).toEqual([0, 2, 1].flatMap((node) => [`${node} ${one}`, `${node} ${two}`]));
  });

  it("loses no more to a broken entry than it and what is made of it", () => {
    const root = Buffer.from("qzx_ one two three");
    const member = (parent: number): Member => ({ parent, steps: [{ from: 0, length: root.length }], bytes: root });
    const members = [{ parent: -1, steps: [], bytes: root }, member(0), member(1), member(0)];
    const streams = members.map((one) => streamOf(one, members));
    streams[1] = { bytes: Buffer.from([0x78, 0x9c, 255, 255, 255]), length: 20 };
    expect(search(members, () => {}, streams)).toEqual([
      nodeState.read,
      nodeState.broken,
      nodeState.unread,
      nodeState.read,
    ]);
  });

  it("refuses deltas that lie about their base, their length or their copies, and survives random ones", () => {
    const root = Buffer.from("qzx_ one two three");
    const members: Member[] = [
      { parent: -1, steps: [], bytes: root },
      { parent: 0, steps: [], bytes: root },
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from([root.length, ...bytes])),
        ),
        (delta) => {
          const streams = [streamOf(members[0]!, members), { bytes: deflateSync(delta), length: delta.length }];
          const [first, second] = search(members, () => {}, streams);
          expect(first).toBe(nodeState.read);
          expect([nodeState.read, nodeState.broken, nodeState.tooLarge]).toContain(second);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("leaves to others what has no room", () => {
    const large = Buffer.alloc(2 << 20, "qzx_ ");
    expect(search([{ parent: -1, steps: [], bytes: large }], () => {})).toEqual([nodeState.tooLarge]);
  });
});
