import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visitTree } from "../../src/git/history/objects.ts";
import { type OidBytes, OidTable } from "../../src/git/oid-table.ts";
import { HistoryKernel, keptKinds, walkState } from "../../src/kernel/history.ts";

/** A tree of a family: whole, or made of the one at `parent` by copies and insertions. */
type Step = { readonly from: number; readonly length: number } | { readonly insert: Buffer };
interface Member {
  readonly parent: number;
  readonly steps: readonly Step[];
  readonly bytes: Buffer;
}

/** Ids that look like other parts of a tree, and ids that nobody has. */
const idOf = (idBytes: number, number: number): Buffer =>
  Buffer.from(`\0 1${number}0644 a\0\0 x`.repeat(4)).subarray(number % 5, (number % 5) + idBytes);

const known = 40;
const table = (idBytes: OidBytes): OidTable => {
  const ids = new OidTable(idBytes, 4);
  for (let number = 0; number < known; number++) ids.add(idOf(idBytes, number * 7));
  return ids;
};

const entry = (idBytes: number) =>
  fc
    .tuple(
      fc.constantFrom("40000", "040000", "100644", "100755", "120000", "160000", "4", ""),
      fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom("a", "b", "dir", "a longer name", "100644 a", "") },
        { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
      ),
      fc.nat(known * 7 + 20),
    )
    .map(([mode, name, number]) =>
      Buffer.concat([Buffer.from(`${mode} ${name.replaceAll("\0", "")}\0`), idOf(idBytes, number)]),
    );

/**
 * Random families. Edits replace, insert and remove entries, or copy any range of bytes at all, so that what is copied
 * begins and ends in the middle of entries.
 */
const family = (idBytes: number) => {
  const edit = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(), entry(idBytes)).map(([at, bytes]) => ({ kind: "insert", at, bytes }) as const),
    },
    { weight: 4, arbitrary: fc.nat().map((at) => ({ kind: "remove", at }) as const) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([at, length]) => ({ kind: "cut", at, length }) as const),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 30 }))
        .map(([at, bytes]) => ({ kind: "splice", at, bytes }) as const),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([from, length]) => ({ kind: "append", from, length }) as const),
    },
  );
  return fc
    .tuple(
      fc.array(entry(idBytes), { maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(), fc.array(edit, { maxLength: 4 })), { maxLength: 10 }),
    )
    .map(([entries, edits]): Member[] => {
      const members: Member[] = [{ parent: -1, steps: [], bytes: Buffer.concat(entries) }];
      for (const [which, some] of edits) {
        const parent = which % members.length;
        const base = members[parent]!.bytes;
        const steps = some.reduce<Step[]>(
          (steps, one) => apply(steps, one, base, idBytes),
          [{ from: 0, length: base.length }],
        );
        members.push({ parent, steps: steps.filter(isReal), bytes: made(steps, base) });
      }
      return members;
    });
};

const isReal = (step: Step): boolean => ("insert" in step ? step.insert.length > 0 : step.length > 0);

const made = (steps: readonly Step[], base: Buffer): Buffer =>
  Buffer.concat(
    steps.map((step) => ("insert" in step ? step.insert : base.subarray(step.from, step.from + step.length))),
  );

const lengthOf = (step: Step): number => ("insert" in step ? step.insert.length : step.length);

/** Steps that make bytes `start` to `end` of what `steps` make. */
function slice(steps: readonly Step[], start: number, end: number): Step[] {
  let at = 0;
  return steps.flatMap((step): Step[] => {
    const [from, to] = [Math.max(0, start - at), Math.min(lengthOf(step), end - at)];
    at += lengthOf(step);
    if (from >= to) return [];
    return [
      "insert" in step ? { insert: step.insert.subarray(from, to) } : { from: step.from + from, length: to - from },
    ];
  });
}

type Edit =
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "splice"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "cut"; readonly at: number; readonly length: number }
  | { readonly kind: "append"; readonly from: number; readonly length: number };

function apply(steps: readonly Step[], edit: Edit, base: Buffer, idBytes: number): Step[] {
  const bytes = made(steps, base);
  const { length } = bytes;
  const places = [0];
  visitTree(bytes, idBytes, (_kind, _start, _end, id) => places.push(id + idBytes));
  const placeOf = (at: number): number => places[at % places.length] ?? 0;
  if (edit.kind === "append") {
    if (base.length === 0) return [...steps];
    const from = edit.from % base.length;
    return [...steps, { from, length: 1 + (edit.length % (base.length - from)) }];
  }
  const start = edit.kind === "insert" || edit.kind === "remove" ? placeOf(edit.at) : edit.at % (length + 1);
  if (edit.kind === "insert" || edit.kind === "splice") {
    return [...slice(steps, 0, start), { insert: Buffer.from(edit.bytes) }, ...slice(steps, start, length)];
  }
  const end = edit.kind === "remove" ? (places.find((place) => place > start) ?? length) : start + (edit.length % 40);
  return [...slice(steps, 0, start), ...slice(steps, Math.min(end, length), length)];
}

const size = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...size(value >>> 7)]);

function streamOf({ parent, steps, bytes }: Member, members: readonly Member[]): { stream: Buffer; length: number } {
  if (parent < 0) return { stream: deflateSync(bytes), length: bytes.length };
  const ops = steps.flatMap((step) => {
    if ("insert" in step) {
      return Array.from({ length: Math.ceil(step.insert.length / 127) }, (_, part) => {
        const some = step.insert.subarray(127 * part, 127 * part + 127);
        return [some.length, ...some];
      }).flat();
    }
    return [0xf7, step.from & 255, step.from >> 8, 0, step.length & 255, step.length >> 8, 0];
  });
  const delta = Buffer.from([...size(members[parent]!.bytes.length), ...size(bytes.length), ...ops]);
  return { stream: deflateSync(delta), length: delta.length };
}

interface Walked {
  readonly states: number[];
  readonly kept: string[];
}

let names: string[] = [];
let absent: string[] = [];
let kept: string[] = [];
const kernel = new HistoryKernel({
  learn(name) {
    const text = Buffer.from(name).toString("latin1");
    expect(names).not.toContain(text);
    return { number: names.push(text) - 1, isFollowed: isFollowedName(text) };
  },
  absent: (id) => absent.push(Buffer.from(id).toString("hex")) - 1,
  showCommit: () => expect.fail("a tree is no commit"),
  showTree(node, words) {
    for (let at = 0; at < words.length; at += 4) {
      const [place = 0, object = 0, name = 0, kind = 0] = words.subarray(at, at + 4);
      kept.push(`${node} ${place} ${object < -1 ? absent[-2 - object] : object} ${names[name]} ${kind}`);
    }
  },
});

/** What the walker makes of a family: states of all nodes, and kept entries as text. */
function walk(
  members: readonly Member[],
  ids: OidTable,
  { arena = 1 << 20, streams = members.map((member) => streamOf(member, members)) } = {},
): Walked {
  [names, absent, kept] = [[], [], []];
  kernel.begin(ids.parts, followed, { nodes: members.length, input: 1 << 18, arena });
  let input = kernel.inputAt;
  const nodes = kernel.nodesAt >> 2;
  for (const [index, { stream, length }] of streams.entries()) {
    kernel.bytes.set(stream, input);
    const node = nodes + 8 * index;
    kernel.words.set([input, input + stream.length, length, 0, 0, 0, 0, 0], node);
    const parent = members[index]!.parent;
    if (parent >= 0) {
      kernel.words[node + 4] = kernel.words[nodes + 8 * parent + 3] ?? 0;
      kernel.words[nodes + 8 * parent + 3] = index + 1;
    }
    input += stream.length + 16;
  }
  kernel.walkTrees(0);
  return { states: members.map((_, index) => kernel.words[nodes + 8 * index + 5] ?? 0), kept: kept.sort() };
}

const isFollowedName = (name: string): boolean => name === "b" || name.includes("longer");
const followed = Uint8Array.from({ length: known }, (_, object) => (object % 3 === 0 ? 1 : 0));

/** What a look at every byte of every tree says. */
function expected(members: readonly Member[], ids: OidTable): Walked {
  const kept: string[] = [];
  const states = members.map(({ bytes }, node) => {
    let place = 0;
    const whole = visitTree(bytes, ids.idBytes, (kind, nameStart, nameEnd, idStart) => {
      const object = ids.find(bytes, idStart);
      const name = bytes.toString("latin1", nameStart, nameEnd);
      const note = (what: number | string, kindOf: number): number =>
        kept.push(`${node} ${place} ${what} ${name} ${kindOf}`);
      if (isFollowedName(name)) note(object, keptKinds.path);
      if (kind !== "gitlink") {
        if (object < 0) note(bytes.toString("hex", idStart, idStart + ids.idBytes), keptKinds.absent);
        else if (kind === "tree") note(object, keptKinds.folder);
        else if (followed[object] === 1) note(object, keptKinds.content);
      }
      place = idStart + ids.idBytes;
    });
    return whole ? walkState.read : walkState.cutShort;
  });
  return { states, kept: kept.sort() };
}

describe.each([20, 32] as const)("a walk through trees with ids of %i bytes", (idBytes) => {
  it("keeps of each tree what a look at all of it keeps, whatever its deltas copy", () => {
    const ids = table(idBytes);
    fc.assert(
      fc.property(family(idBytes), (members) => {
        expect(walk(members, ids)).toEqual(expected(members, ids));
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
  });

  it("leaves what does not fit, with all that is built on it, and nothing else", () => {
    const ids = table(idBytes);
    fc.assert(
      fc.property(family(idBytes), fc.integer({ min: 4200, max: 16_000 }), (members, arena) => {
        const all = expected(members, ids);
        const { states, kept } = walk(members, ids, { arena });
        const isDone = (node: number): boolean =>
          [walkState.read, walkState.cutShort].some((state) => state === states[node]);
        expect(kept).toEqual(all.kept.filter((line) => isDone(Number(line.split(" ")[0]))));
        for (const [node, { parent }] of members.entries()) {
          if (isDone(node)) expect(states[node]).toBe(all.states[node]);
          if (parent >= 0 && !isDone(parent)) expect(states[node]).toBe(walkState.unread);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("bears any damage to the compressed bytes", () => {
    const ids = table(idBytes);
    fc.assert(
      fc.property(family(idBytes), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(255))), (members, flips) => {
        const streams = members.map((member) => streamOf(member, members));
        for (const [which, at, byte] of flips) {
          const { stream } = streams[which % streams.length]!;
          stream[at % stream.length] = byte;
        }
        for (const state of walk(members, ids, { streams }).states) expect(Object.values(walkState)).toContain(state);
      }),
      { numRuns: 50 },
    );
  });
});
