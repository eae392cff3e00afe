import type { Inventory } from "../git/object-store.ts";

/** Ids of objects, in hexadecimal. In a file of its own: a push, which reads a few, does not load what reads all. */
export function* idsOf({ table }: Pick<Inventory, "table">, objects: Iterable<number>): Iterable<string> {
  for (const object of objects) yield table.hex(object);
}
