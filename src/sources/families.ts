/** Batches of blobs that were searched by their delta families. */
import type { FamilyReport } from "../git/pack/family-search.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import type { Barren } from "./barren.ts";
import type { Gathered, Lot } from "./gathered.ts";

/** Share of a pack's entries below which it is cheaper to read the blobs that are wanted one by one. */
const worthwhile = 0.01;

/** Whether so many wanted blobs are enough to search all families of the packs for. */
export const worthFamilies = (packs: readonly PackLayout[], wanted: number): boolean =>
  wanted > 0 && wanted >= packs.reduce((sum, { count }) => sum + count, 0) * worthwhile;

/** The lot of blobs that are known to hold nothing: they are not read, and counted as they were when they were. */
export function barrenLot(blobs: Int32Array, barren: Barren, { maxFileSize, unread }: Gathered): Lot {
  let bytes = 0;
  for (const blob of blobs) {
    const size = barren.size(blob);
    bytes += size;
    if (size > maxFileSize) unread.set(blob, { by: "policy", reason: `larger than ${maxFileSize} bytes` });
  }
  return { tally: { blobs: blobs.length, bytes }, skips: [], search: () => [] };
}

/** The lot of what was searched. What is too large by the user's word is noted as unread, whatever was found in it. */
export function familyLot({ objects, sizes, sightings }: FamilyReport, gathered: Gathered): Lot {
  const { inventory, chosen, maxFileSize, unread, matched, barren } = gathered;
  const isWanted = (object: number): boolean => chosen?.[object] !== 0;
  const found = new Set(sightings.map(({ object }) => object));
  let [blobs, bytes] = [0, 0];
  for (const [at, object] of objects.entries()) {
    const size = sizes[at] ?? 0;
    // What is known was counted when it was met; it is here because it lies among others.
    if (!isWanted(object) || barren?.has(object)) continue;
    if (!found.has(object)) barren?.note(object, size);
    blobs++;
    bytes += size;
    if (size > maxFileSize) unread.set(object, { by: "policy", reason: `larger than ${maxFileSize} bytes` });
  }
  return {
    tally: { blobs, bytes },
    skips: [],
    *search() {
      for (const { object, matches } of sightings) {
        if (!isWanted(object) || unread.has(object)) continue;
        matched.add(object);
        yield { content: inventory.table.hex(object), matches };
      }
    },
  };
}
