/**
 * What git leaves in files: packs, bundles and loose objects, as they lie in a `.git` folder that got into an archive, a
 * back-up or another repository. Every version of every file is a member, and so are commits and tags. Formats:
 * gitformat-pack(5), gitformat-bundle(5); a loose object is a zlib stream of `<type> <size>`, NUL and the content.
 */
import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { readCommit } from "../../git/history/objects.ts";
import type { OidBytes } from "../../git/oid-table.ts";
import type { Budget } from "../budget.ts";
import { bufferOf, gather, type Member, type Unpacker, type Unread } from "../unpacker.ts";
import { Entries, idBytesOf } from "./entries.ts";
import { Paths } from "./paths.ts";

export const pack: Unpacker = {
  async *members(bytes, budget) {
    yield* membersOf(bufferOf(bytes), { budget });
  },
};

export const bundle: Unpacker = {
  async *members(bytes, budget) {
    const whole = bufferOf(bytes);
    // Capabilities, prerequisites and refs stand on lines before the pack, a blank one is the last.
    const end = whole.indexOf("\n\n");
    if (end < 0) {
      yield { path: "", reason: "is damaged: there is no pack in it" };
      return;
    }
    const idBytes: OidBytes = whole.subarray(0, end).includes("\n@object-format=sha256\n") ? 32 : 20;
    yield* membersOf(whole.subarray(end + 2), { budget, idBytes });
  },
};

function* membersOf(
  bytes: Buffer,
  { budget, idBytes = idBytesOf(bytes) }: { readonly budget: Budget; readonly idBytes?: OidBytes },
): Iterable<Member | Unread> {
  const entries = new Entries(bytes, { idBytes, budget });
  const paths = new Paths(idBytes);
  for (const { id, bytes: tree } of entries.objects("tree")) paths.add(id, tree);
  for (const type of ["commit", "tag"] as const) {
    for (const { id, bytes: text } of entries.objects(type)) {
      budget.takeMember();
      const tree = type === "commit" ? readCommit(text)?.tree : undefined;
      if (tree !== undefined) paths.walk(tree);
      yield { path: `${type}/${id}`, bytes: text };
    }
  }
  paths.walkRest();
  for (const { id, bytes: blob } of entries.objects("blob")) {
    budget.takeMember();
    yield { path: `${id.slice(0, 10)}/${paths.of(id) ?? "blob"}`, bytes: blob };
  }
  if (entries.problem !== undefined) yield { path: "", reason: entries.problem };
  else if (entries.left > 0) {
    yield { path: "", reason: `holds ${entries.left} deltas of objects that are damaged or not in it` };
  }
}

export const loose: Unpacker = {
  async *members(bytes, budget) {
    budget.takeMember();
    const { bytes: made, problem } = await gather(Readable.from([bufferOf(bytes)]).pipe(createInflate()), budget);
    const isTree = bufferOf(made).toString("latin1", 0, 5) === "tree ";
    if (!isTree && made.length > 0) yield { path: "", bytes: made.subarray(made.indexOf(0) + 1) };
    if (problem !== undefined) yield { path: "", reason: problem };
  },
};
