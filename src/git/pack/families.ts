import { type PackLayout, parents } from "./layout.ts";
import { visitFamily } from "./lineage.ts";

/** Delta families that lie near each other, to be read and rebuilt together. */
export interface FamilyGroup {
  /** Positions of the families' whole objects, in the pack's order. */
  readonly roots: Int32Array;
  /** Byte ranges of the pack that hold all of their entries: start, end, start, end…, rising and apart. */
  readonly ranges: Float64Array;
  /** Compressed bytes of the entries, without what lies between them in the ranges. */
  readonly bytes: number;
}

/** Ranges that are nearer than this are read in one piece. */
const nearBytes = 64 << 10;

export interface FamilyOptions {
  /** Compressed bytes of a group, about. */
  readonly groupBytes?: number;
  /** Whether somebody wants the object with this index; families without any such are left out. */
  readonly isWanted?: (object: number) => boolean;
}

/**
 * The families of one type (git's number) whose whole object is in the pack, in groups of about `groupBytes` compressed
 * bytes; a larger family is a group of its own. What has its base in another pack is in no family.
 */
export function families(
  layout: PackLayout,
  type: number,
  { groupBytes = 12 << 20, isWanted = () => true }: FamilyOptions = {},
): readonly FamilyGroup[] {
  const { count, parent, data, end, object } = layout;
  const groups: FamilyGroup[] = [];
  let [roots, members, bytes]: [number[], number[], number] = [[], [], 0];
  const close = (): void => {
    if (roots.length > 0) groups.push({ roots: Int32Array.from(roots), ranges: rangesOf(layout, members), bytes });
    [roots, members, bytes] = [[], [], 0];
  };
  for (let position = 0; position < count; position++) {
    if (parent[position] !== parents.none || layout.type[position] !== type) continue;
    const family: number[] = [];
    visitFamily(layout, position, (member) => {
      family.push(member);
    });
    if (!family.some((member) => isWanted(object[member] ?? -1))) continue;
    if (bytes >= groupBytes) close();
    roots.push(position);
    for (const member of family) {
      members.push(member);
      bytes += (end[member] ?? 0) - (data[member] ?? 0);
    }
  }
  close();
  return groups;
}

function rangesOf({ data, end }: PackLayout, members: readonly number[]): Float64Array {
  const ranges: number[] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const member of Int32Array.from(members).sort()) {
    const [from, to] = [data[member] ?? 0, end[member] ?? 0];
    if (from - until > nearBytes) ranges.push(from, to);
    else ranges[ranges.length - 1] = to;
    until = to;
  }
  return Float64Array.from(ranges);
}
