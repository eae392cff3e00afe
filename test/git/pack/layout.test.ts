import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { families } from "../../../src/git/pack/families.ts";
import { type IndexedLayout, parents, startOf } from "../../../src/git/pack/layout.ts";
import { visitFamily } from "../../../src/git/pack/lineage.ts";
import { idAt, readPackIndex } from "../../../src/git/pack/pack-index.ts";
import { readLayout } from "../../../src/git/pack/read-layout.ts";
import { sh, story } from "../../kit.ts";

const { signal } = new AbortController();

async function layoutOf(dir: string): Promise<{ layout: IndexedLayout; id: (position: number) => string }> {
  const folder = join(dir, ".git/objects/pack");
  const name = readdirSync(folder).find((file) => file.endsWith(".idx")) ?? "";
  const index = readPackIndex(readFileSync(join(folder, name)), 20);
  const layout = await readLayout(join(folder, name.replace(/idx$/, "pack")), index, signal);
  return { layout, id: (position) => (position < 0 ? "" : idAt(index, layout.order[position] ?? 0)) };
}

const versions = `
  git init -q -b main .
  for i in 1 2 3 4 5 6; do seq $i 2000 > a; seq 1 $((1000 * i)) > b; commit $i; done
  git tag -a -m Tag v1`;

/** What git says of each entry: id, type, size, bytes in the pack, offset, and for a delta its depth and base. */
const verified = (dir: string): string[][] =>
  sh(dir, "git verify-pack -v .git/objects/pack/*.idx")
    .split("\n")
    .filter((line) => /^[0-9a-f]{40} /.test(line))
    .map((line) => line.split(/ +/));

const typeNames = ["", "commit", "tree", "blob", "tag"];

describe.each([
  ["bases by offset", "git repack -adfq --depth=20"],
  ["bases by id", "git -c repack.useDeltaBaseOffset=false repack -adfq --depth=20"],
])("the layout of a pack with %s", (_, repack) => {
  it("says of every entry what git says", async () => {
    const dir = story(`${versions}\n${repack}`);
    const { layout, id } = await layoutOf(dir);
    const said = new Map(verified(dir).map(([oid = "", ...rest]) => [oid, rest]));
    expect(layout.count).toBe(said.size);
    for (let position = 0; position < layout.count; position++) {
      const [type = "", size = "", stored = "", offset = "", , base = ""] = said.get(id(position)) ?? [];
      expect(typeNames[layout.type[position] ?? 0]).toBe(type);
      expect(layout.size[position]).toBe(Number(size));
      expect(startOf(layout, position)).toBe(Number(offset));
      expect((layout.end[position] ?? 0) - Number(offset)).toBe(Number(stored));
      expect(id(layout.parent[position] ?? -1)).toBe(base);
    }
  });

  it("leads from each whole object to all that is built on it, each base before its deltas", async () => {
    const { layout } = await layoutOf(story(`${versions}\n${repack}`));
    const seen = new Set<number>();
    for (let root = 0; root < layout.count; root++) {
      if (layout.parent[root] !== parents.none) continue;
      visitFamily(layout, root, (position) => {
        expect(seen.has(position)).toBe(false);
        if (position !== root) expect(seen.has(layout.parent[position] ?? -1)).toBe(true);
        seen.add(position);
      });
    }
    expect(seen.size).toBe(layout.count);
  });
});

describe("families", () => {
  it("are left out when nobody wants anything of them", async () => {
    const { layout } = await layoutOf(story(`${versions}\ngit repack -adfq`));
    const [wanted = -1] = families(layout, 3).flatMap(({ roots }) => [...roots]);
    const members: number[] = [];
    visitFamily(layout, wanted, (position) => members.push(position));
    const last = layout.object[members.at(-1) ?? 0];
    const groups = families(layout, 3, { isWanted: (object) => object === last });
    expect(groups.map(({ roots }) => [...roots])).toEqual([[wanted]]);
    expect(families(layout, 3, { isWanted: () => false })).toEqual([]);
  });

  it.each([1, 2, 3, 4])(
    "of type %i hold each of its entries once, in the ranges that are read for them",
    async (type) => {
      const { layout } = await layoutOf(story(`${versions}\ngit repack -adfq`));
      for (const groupBytes of [1, 2000, 1 << 24]) {
        const groups = families(layout, type, { groupBytes });
        const members = groups.flatMap(({ roots, ranges }) => {
          const some: number[] = [];
          for (const root of roots) visitFamily(layout, root, (position) => some.push(position));
          for (const position of some) {
            const lies = ([from = 0, to = 0]: number[]) =>
              from <= layout.data[position]! && layout.end[position]! <= to;
            expect(pairs(ranges).some(lies)).toBe(true);
          }
          return some;
        });
        const all = [...layout.type.keys()].filter((position) => layout.type[position] === type);
        expect(members.sort((a, b) => a - b)).toEqual(all);
        expect(groups.slice(0, -1).every(({ bytes }) => bytes >= groupBytes)).toBe(true);
        for (const { ranges } of groups) expect([...ranges]).toEqual([...ranges].sort((a, b) => a - b));
      }
    },
  );
});

const pairs = (ranges: Float64Array): number[][] =>
  Array.from({ length: ranges.length / 2 }, (_, i) => [...ranges.subarray(2 * i, 2 * i + 2)]);

it("entries that are each other's bases are broken, and so is what is built on them", async () => {
  const dir = story(`${versions}\ngit -c repack.useDeltaBaseOffset=false repack -adfq --depth=20`);
  const folder = join(dir, ".git/objects/pack");
  const name = readdirSync(folder).find((file) => file.endsWith(".idx")) ?? "";
  const file = join(folder, name.replace(/idx$/, "pack"));
  const { layout, id } = await layoutOf(dir);
  const child = [...layout.parent.keys()].findLast((position) => {
    const base = layout.parent[position] ?? -1;
    return base >= 0 && (layout.parent[base] ?? -1) >= 0;
  });
  const base = layout.parent[child ?? 0] ?? 0;
  // The base of the base is now its own delta.
  sh(dir, `chmod u+w ${file}`);
  const at = (layout.data[base] ?? 0) - 20;
  sh(
    dir,
    `printf '${id(child ?? 0).replaceAll(/../g, (hex) => `\\${Number.parseInt(hex, 16).toString(8)}`)}' | dd of=${file} bs=1 seek=${at} conv=notrunc 2> /dev/null`,
  );
  const broken = (await layoutOf(dir)).layout;
  expect(broken.parent[base]).toBe(parents.broken);
  expect(broken.parent[child ?? 0]).toBe(parents.broken);
  expect([broken.type[base], broken.type[child ?? 0]]).toEqual([0, 0]);
});
