/** Which objects of a repository a history source reads. */
import { LeaksweepError } from "../errors.ts";
import type { Inventory } from "../git/object-store.ts";
import { type RangeOptions, resolveRange } from "../git/range.ts";
import type { Repository } from "../git/repository.ts";

/**
 * `all`: everything the stores hold. `reachable`: what refs, reflogs and indexes reach. `range`: what some commits
 * have and the commits before them have not.
 */
export type Selection =
  | { readonly kind: "all" | "reachable" }
  | ({ readonly kind: "range" } & Omit<RangeOptions, "signal">);

export interface Chosen {
  /** 1 for each chosen object, by index; absent when all are chosen. */
  readonly objects?: Uint8Array;
  /** The commits before a range. */
  readonly boundary: readonly string[];
}

/** The objects that `selection` chooses. Throws "usage.invalid" for a range that names nothing. */
export async function readSelection(
  repository: Repository,
  { table, count }: Inventory,
  selection: Selection & { readonly signal: AbortSignal },
): Promise<Chosen> {
  if (selection.kind === "all") return { boundary: [] };
  const objects = new Uint8Array(count);
  const { ids, boundary } = await listObjects(repository, selection);
  for await (const id of ids) {
    const object = table.indexOf(id);
    if (object >= 0) objects[object] = 1;
  }
  return { objects, boundary };
}

async function listObjects(
  repository: Repository,
  selection: Selection & { readonly signal: AbortSignal },
): Promise<{ ids: AsyncIterable<string>; boundary: readonly string[] }> {
  const list = ["rev-list", "--objects", "--missing=allow-any", "--no-object-names"];
  if (selection.kind !== "range") {
    return { ids: lines(repository.git.stream([...list, "--all", "--reflog", "--indexed-objects"])), boundary: [] };
  }
  const { commits, boundary } = await resolveRange(repository, selection);
  if (commits.length === 0) {
    throw new LeaksweepError("usage.invalid", "Cannot scan this range: it holds no commit", {
      hint: "Check --range, --since and --branch with `git log --oneline`.",
    });
  }
  const input = [...commits, ...boundary.map((commit) => `^${commit}`)].map((line) => `${line}\n`);
  return { ids: lines(repository.git.stream([...list, "--stdin"], { input })), boundary };
}

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let rest = "";
  for await (const part of stream) {
    const all = (rest + Buffer.from(part).toString("latin1")).split("\n");
    rest = all.pop() ?? "";
    yield* all;
  }
  if (rest !== "") yield rest;
}
