/** Where history is entered: refs, reflogs, HEADs and the files beside them, and the names of refs as texts. */
import type { Tip } from "../git/history/tips.ts";
import type { Inventory } from "../git/object-store.ts";
import { readPseudoRefs, readReflogs, readRefs } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import type { Skip } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { searchWhole } from "./search.ts";

/** All tips of a repository whose object is in the inventory, and a skip for each ref whose object is not. */
export async function readTips(
  repository: Repository,
  { table }: Inventory,
): Promise<{ tips: readonly Tip[]; skips: readonly Skip[] }> {
  const [refs, pseudo, logs] = [
    await readRefs(repository),
    await readPseudoRefs(repository),
    await readReflogs(repository),
  ];
  const tips: Tip[] = [];
  const skips: Skip[] = [];
  const add = (kind: Tip["kind"], name: string, oid: string | undefined): void => {
    const object = oid === undefined ? -1 : table.indexOf(oid);
    if (object >= 0) tips.push({ kind, name, object });
    else if (kind === "ref") skips.push({ blob: oid ?? "", by: "fault", reason: `${name} names it and it is missing` });
  };
  for (const { name, oid } of refs) add("ref", name, oid);
  for (const { name, oid } of pseudo) add("log", name, oid);
  for (const { ref, index, oid, previous } of logs) {
    const short = ref.replace(/^refs\/(?:heads\/)?/, "");
    add("log", `${short}@{${index}}`, oid);
    add("log", `${short}@{${index + 1}}`, previous);
  }
  return { tips, skips };
}

/** The names of refs, as texts. */
export function refLot(tips: readonly Tip[], { texts }: Gathered): Lot {
  const names = [...new Set(tips.filter(({ kind }) => kind === "ref").map(({ name }) => name))];
  return {
    tally: { texts: names.length },
    skips: [],
    *search(engine) {
      for (const name of names) {
        for (const sighting of searchWhole(engine, `ref:${name}`, Buffer.from(name))) {
          texts.push({ content: sighting.content, object: -1, where: "ref", path: name });
          yield sighting;
        }
      }
    },
  };
}
