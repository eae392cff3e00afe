/** Batches of blobs that were searched by their delta families. */
import type { FamilyReport } from "../git/pack/family-search.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import type { Gathered, Lot } from "./gathered.ts";

/** Share of a pack's entries below which it is cheaper to read the blobs that are wanted one by one. */
const worthwhile = 0.01;

/** Whether so many wanted blobs are enough to search all families of the packs for. */
export const worthFamilies = (packs: readonly PackLayout[], wanted: number): boolean =>
  wanted > 0 && wanted >= packs.reduce((sum, { count }) => sum + count, 0) * worthwhile;

/** The lot of blobs that are known to hold nothing: they are not read, and counted as they were when they were. */
export function barrenLot(blobs: Int32Array, { barren, maxFileSize, unread }: Gathered): Lot {
  let bytes = 0;
  for (const blob of blobs) {
    const size = barren?.size(blob) ?? 0;
    bytes += size;
    if (size > maxFileSize) unread.set(blob, { by: "policy", reason: `larger than ${maxFileSize} bytes` });
  }
  return { tally: { blobs: blobs.length, bytes }, skips: [], search: () => [] };
}

/** The lot of what was searched. What is too large by the user's word is noted as unread, whatever was found in it. */
export function familyLot({ objects, sizes, sightings }: FamilyReport, gathered: Gathered): Lot {
  const { inventory, chosen, maxFileSize, unread, matched, barren } = gathered;
  const seen = new Set(sightings.map(({ object }) => object));
  const isWanted = (object: number): boolean => chosen?.[object] !== 0 && !unread.has(object);
  let [blobs, bytes] = [0, 0];
  for (const [at, object] of objects.entries()) {
    const size = sizes[at] ?? 0;
    // What is known was counted when it was met; it is here because it lies among others.
    if (chosen?.[object] === 0 || (barren && barren.size(object) >= 0)) continue;
    if (!seen.has(object)) barren?.note(object, size);
    blobs++;
    bytes += size;
    if (size > maxFileSize) unread.set(object, { by: "policy", reason: `larger than ${maxFileSize} bytes` });
  }
  return {
    tally: { blobs, bytes },
    skips: [],
    *search() {
      for (const { object, matches } of sightings.filter((sighting) => isWanted(sighting.object))) {
        matched.add(object);
        yield { content: inventory.table.hex(object), matches };
      }
    },
  };
}
