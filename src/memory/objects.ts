import type { ObjectMemory } from "../sources/barren.ts";
import { nameOf } from "./name.ts";
import { Shelf } from "./shelf.ts";

/**
 * A memory, in `folder`, of objects in which nothing is found. Of which those are, only ids are kept.
 *
 * @param looked All that what is found in an object depends on; plain data.
 */
export function objectMemory(folder: string, looked: unknown): ObjectMemory {
  const shelf = new Shelf(folder);
  const name = (place: string): string => nameOf("objects", [place, looked]);
  return {
    recall: (place) => shelf.get(name(place)),
    keep: (place, bytes) => shelf.put(name(place), bytes),
  };
}
