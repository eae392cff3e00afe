/** Lots of all commits and trees that lie in packs, family by family. What is left then is read one by one. */
import { readCommit } from "../git/history/objects.ts";
import { type CommitParts, type LotRead, PackWalk, type WalkLot } from "../git/history/pack-walk.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import type { Engine, Sighting, Skip } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { notACommit, notATree, noted, searchCommit, searchName, textsOf } from "./texts.ts";

/** Who searches what the walk meets, and where what is found goes, while a lot is read. */
interface Search {
  readonly engine: Engine;
  readonly sightings: Sighting[];
  readonly skips: Skip[];
}

export class PackLots {
  readonly #gathered: Gathered;
  readonly #walk: PackWalk;
  #search: Search | undefined;

  constructor(gathered: Gathered, packs: readonly PackLayout[]) {
    this.#gathered = gathered;
    this.#walk = new PackWalk(gathered.record, packs, {
      name: (name) => this.#search !== undefined && searchName(this.#search.engine, name, this.#search.sightings),
      file: gathered.named?.fileMay,
      commit: (object, bytes, parts) => this.#commit(object, bytes, parts),
    });
  }

  /** All lots of a type, trees when all blobs have been searched: only then is it known which are to be followed. */
  *lots(type: WalkLot["type"]): Iterable<Lot & { readonly stored: number }> {
    const { inventory, matched, unread } = this.#gathered;
    const followed = new Uint8Array(inventory.count);
    for (const blob of [...matched, ...unread.keys()]) followed[blob] = 1;
    for (const lot of this.#walk.lots(type, followed)) {
      const tally = { bytes: 0, ...(type === "commit" && { commits: 0, texts: 0 }) };
      const skips: Skip[] = [];
      const search = (engine: Engine): Iterable<Sighting> => {
        const sightings: Sighting[] = [];
        this.#search = { engine, sightings, skips };
        const { objects, bytes, cutShort } = this.#walk.read(lot);
        Object.assign(tally, tallyOf(type, { objects, bytes }));
        for (const tree of cutShort) skips.push({ by: "fault", blob: inventory.table.hex(tree), reason: notATree });
        return sightings;
      };
      yield { tally, skips, search, stored: lot.group.bytes };
    }
  }

  /** Those of `objects` that were in no lot or could not be read there. */
  left(objects: Int32Array): Int32Array {
    return this.#walk.left(objects);
  }

  #commit(object: number, bytes: Uint8Array, parts: CommitParts | undefined): void {
    const search = this.#search;
    if (!search) return;
    const { record, inventory } = this.#gathered;
    const oid = inventory.table.hex(object);
    const header = parts ? undefined : readCommit(bytes);
    if (parts) record.addParts(object, parts, bytes.subarray(parts.authorStart, parts.authorEnd));
    else if (header) record.addCommit(object, header);
    else search.skips.push({ by: "fault", commit: oid, reason: notACommit });
    const texts = parts ? plainTexts(parts) : header && textsOf(header);
    const { barren } = this.#gathered;
    if (!texts || barren?.has(object)) return;
    const before = search.sightings.length;
    for (const seen of searchCommit(search.engine, { oid, bytes }, texts)) {
      search.sightings.push(noted(seen, this.#gathered, object));
    }
    if (search.sightings.length === before) barren?.note(object, bytes.length);
  }
}

const plainTexts = ({ authorStart, committerEnd, message }: CommitParts) => ({
  people: { start: authorStart, end: committerEnd },
  message,
  hasHeaders: false,
});

const tallyOf = (type: WalkLot["type"], { objects: { length }, bytes }: Pick<LotRead, "objects" | "bytes">) =>
  type === "commit" ? { bytes, commits: length, texts: length } : { bytes };
