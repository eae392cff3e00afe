/** Delta families as a pack would hold them, made up for tests: random ones, and the way into a kernel. */
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { loadTable } from "../../src/detect/engine/fast.ts";
import type { Table } from "../../src/detect/engine/table.ts";
import { type Kernel, nodeBytes, type Visitor } from "../../src/kernel/kernel.ts";

/** An object of a family: whole, or made of the one at `parent` by steps. */
export type Step = { readonly from: number; readonly length: number } | { readonly insert: Uint8Array };
export interface Member {
  readonly parent: number;
  readonly steps: readonly Step[];
  readonly bytes: Uint8Array;
}

/** Git's variable-length number at the head of a delta. */
function size(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...size(value >>> 7)];
}

function deltaOf({ steps, bytes }: Member, base: Uint8Array): Uint8Array {
  const ops = steps.flatMap((step) => {
    if ("insert" in step) {
      return Array.from({ length: Math.ceil(step.insert.length / 127) }, (_, part) => {
        const some = step.insert.subarray(127 * part, 127 * part + 127);
        return [some.length, ...some];
      }).flat();
    }
    return [
      0xf7,
      step.from & 255,
      (step.from >> 8) & 255,
      (step.from >> 16) & 255,
      step.length & 255,
      step.length >> 8,
      0,
    ];
  });
  return Uint8Array.from([...size(base.length), ...size(bytes.length), ...ops]);
}

/** Random families of `crumbs`: each object but the first is made of an earlier one by copies and insertions. */
export const familyOf = (crumbs: readonly string[], start: string): fc.Arbitrary<Member[]> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...crumbs), { maxLength: 30 }),
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.array(fc.oneof(fc.tuple(fc.nat(), fc.nat()), fc.constantFrom(...crumbs)), { maxLength: 8 }),
        ),
        { maxLength: 12 },
      ),
    )
    .map(([root, edits]): Member[] => {
      const members: Member[] = [{ parent: -1, steps: [], bytes: Buffer.from(start + root.join("")) }];
      for (const [which, ops] of edits) {
        const parent = which % members.length;
        const base = members[parent]?.bytes ?? Buffer.alloc(0);
        const steps = ops.map((op): Step => {
          if (typeof op === "string" || base.length === 0) return { insert: Buffer.from(String(op)) };
          const from = op[0] % base.length;
          return { from, length: 1 + (op[1] % (base.length - from)) };
        });
        const bytes = Buffer.concat(
          steps.map((step) => ("insert" in step ? step.insert : base.subarray(step.from, step.from + step.length))),
        );
        members.push({ parent, steps, bytes });
      }
      return members;
    });

/** The zlib stream of an object's entry, and how long it is inflated. */
export function streamOf(member: Member, members: readonly Member[]): { bytes: Uint8Array; length: number } {
  const base = members[member.parent];
  const plain = base === undefined ? member.bytes : deltaOf(member, base.bytes);
  return { bytes: deflateSync(plain), length: plain.length };
}

export interface Showing {
  readonly kernel: Kernel;
  readonly table: Table;
  readonly visit: Visitor;
  readonly streams?: readonly { readonly bytes: Uint8Array; readonly length: number }[];
}

/** Shows the family to the kernel, streams as a pack would hold them; returns what became of each object. */
export function showFamily(members: readonly Member[], { kernel, table, visit, streams }: Showing): number[] {
  loadTable(kernel, table, { nodes: members.length, input: 1 << 20, arena: 1 << 20 });
  const nodes = kernel.at("nodesAt") >> 2;
  kernel.words.fill(0, nodes, nodes + (members.length * nodeBytes) / 4);
  let input = kernel.at("inputAt");
  const all = streams ?? members.map((member) => streamOf(member, members));
  for (const [index, { bytes, length }] of all.entries()) {
    kernel.bytes.set(bytes, input);
    const node = nodes + (index * nodeBytes) / 4;
    kernel.words.set([input, input + bytes.length, length], node);
    const parent = members[index]?.parent ?? -1;
    if (parent >= 0) {
      const above = nodes + (parent * nodeBytes) / 4;
      kernel.words[node + 4] = kernel.words[above + 3] ?? 0;
      kernel.words[above + 3] = index + 1;
    }
    input += bytes.length + 16;
  }
  kernel.searchFamily(0, { visit, all: false });
  return members.map((_, index) => kernel.words[nodes + (index * nodeBytes) / 4 + 5] ?? 0);
}
