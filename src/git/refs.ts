/**
 * Everything that has a name in a repository: refs of every namespace, the HEAD of each work tree, what operations
 * left behind (ORIG_HEAD and its kin), and every line of every reflog.
 *
 * Ids come from git without a look at the objects, since git dies at the first ref whose object is missing; objects
 * are asked for afterwards, through a store that bears it.
 */
import { join } from "node:path";
import { catFileStore } from "./cat-file.ts";
import { listFolder, readSmall, utf8 } from "./git-files.ts";
import type { Repository } from "./repository.ts";

export interface Ref {
  /** Full name (`refs/heads/main`), `HEAD`, or with its work tree in front: `worktrees/<id>/HEAD`. */
  readonly name: string;
  readonly oid: string;
  /** What an annotated tag leads to in the end, as far as it can be read. */
  readonly peeled?: string;
}

export interface ReflogEntry {
  /** `HEAD`, `refs/stash`, `worktrees/<id>/HEAD`. */
  readonly ref: string;
  /** As in `ref@{index}`: 0 is the newest. */
  readonly index: number;
  readonly oid: string;
  /** What the ref pointed to before; absent where it was born. */
  readonly previous?: string;
  readonly message: string;
}

/**
 * All refs of all namespaces by name, with those that other work trees have for themselves, then `HEAD` and the HEADs
 * of other work trees, detached or not. A HEAD without a commit is left out. Throws "git.failed" when refs are broken.
 */
export async function readRefs(repo: Repository): Promise<readonly Ref[]> {
  const places = [{ name: "", git: repo.git }, ...(await repo.worktrees())];
  const refs: Ref[] = [];
  const heads: Ref[] = [];
  for (const { name: worktree, git } of places) {
    const own = worktree === "" ? [] : ["refs/bisect", "refs/worktree", "refs/rewritten"];
    const prefix = worktree === "" ? "" : `${worktree}/`;
    const list = await git.run(["for-each-ref", "--format=%(objectname) %(refname)", ...own]);
    for (const line of list.split("\n").filter((line) => line !== "")) {
      const gap = line.indexOf(" ");
      refs.push({ name: prefix + utf8(line.slice(gap + 1)), oid: line.slice(0, gap) });
    }
    const head = await git.run(["rev-parse", "--quiet", "--verify", "HEAD"], { okCodes: [0, 1, 128] });
    if (head !== "") heads.push({ name: `${prefix}HEAD`, oid: head.trim() });
  }
  const peeled = await peel(repo, new Set(refs.map(({ oid }) => oid)));
  return [...refs, ...heads].map((ref) => {
    const target = peeled.get(ref.oid);
    return target === undefined ? ref : { ...ref, peeled: target };
  });
}

/**
 * ORIG_HEAD, FETCH_HEAD, MERGE_HEAD, CHERRY_PICK_HEAD and their like, and the commits that a rebase or sequence keeps
 * at hand, of all work trees: one entry for each id in such a file, so that a name can come twice.
 */
export async function readPseudoRefs(repo: Repository): Promise<readonly Ref[]> {
  const found: Ref[] = [];
  for (const { name: worktree, gitDir } of [{ name: "", gitDir: repo.gitDir }, ...(await repo.worktrees())]) {
    for (const file of await pseudoRefFiles(gitDir)) {
      const name = worktree === "" ? file : `${worktree}/${file}`;
      for (const line of ((await readSmall(join(gitDir, file))) ?? "").split("\n")) {
        const oid = /^(?:[0-9a-f]{64}|[0-9a-f]{40})(?=\s|$)/.exec(line)?.[0];
        if (oid !== undefined) found.push({ name, oid });
      }
    }
  }
  return found;
}

/**
 * Every line of every reflog of all work trees, newest first. The entries of a stash are the reflog of `refs/stash`.
 * Lines that are no reflog lines are passed over.
 */
export async function readReflogs(repo: Repository): Promise<readonly ReflogEntry[]> {
  const logs: ReflogEntry[] = [];
  for (const { name: worktree, gitDir } of [{ name: "", gitDir: repo.gitDir }, ...(await repo.worktrees())]) {
    for await (const { ref, text } of logFiles(join(gitDir, "logs"))) {
      logs.push(...parseReflog(worktree !== "" && isOwn(ref) ? `${worktree}/${ref}` : ref, text));
    }
  }
  return logs;
}

/** Commits at which a shallow history was cut: their parents are not here. */
export async function shallowCommits(repo: Repository): Promise<readonly string[]> {
  const list = (await readSmall(join(repo.commonDir, "shallow"))) ?? "";
  return list.split("\n").filter((line) => /^[0-9a-f]+$/.test(line));
}

/** Whether each work tree has a ref of this name for itself. */
const isOwn = (ref: string): boolean => ref === "HEAD" || /^refs\/(bisect|worktree|rewritten)\//.test(ref);

async function* logFiles(dir: string, name = ""): AsyncGenerator<{ readonly ref: string; readonly text: string }> {
  for (const entry of await listFolder(dir)) {
    if (entry.folder) yield* logFiles(join(dir, entry.name), `${name}${entry.name}/`);
    else yield { ref: name + entry.name, text: (await readSmall(join(dir, entry.name))) ?? "" };
  }
}

/** Format: `<old> <new> <name> <mail> <time> <zone>\t<message>`, oldest line first. */
function parseReflog(ref: string, text: string): ReflogEntry[] {
  const lines = text.split("\n").flatMap((line) => {
    const [, previous = "", oid = "", message = ""] =
      /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*(?:\t(.*))?$/.exec(line) ?? [];
    const [old, now] = [previous, oid].map((id) => (/^0*$/.test(id) ? undefined : id));
    if (now !== undefined) return { oid: now, ...(old !== undefined && { previous: old }), message: utf8(message) };
    return old === undefined ? [] : { oid: old, message: utf8(message) };
  });
  return lines.reverse().map((line, index) => ({ ref, index, ...line }));
}

async function pseudoRefFiles(gitDir: string): Promise<string[]> {
  const isPseudoRef = (name: string): boolean => /^[A-Z]+(_[A-Z]+)+$/.test(name) && !name.endsWith("MSG");
  const top = (await listFolder(gitDir)).map(({ name }) => name).filter(isPseudoRef);
  const inside = ["rebase-merge", "rebase-apply", "sequencer"].map(async (folder) =>
    (await listFolder(join(gitDir, folder))).map(({ name }) => `${folder}/${name}`),
  );
  const ids = /\/(orig-head|onto|stopped-sha|amend|autostash|head|abort-safety|original-commit)$/;
  return [...top, ...(await Promise.all(inside)).flat().filter((file) => ids.test(file))];
}

/** For each id that is an annotated tag, what it leads to; broken and missing tags are left out. */
async function peel(repo: Repository, oids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const idBytes = repo.objectFormat === "sha256" ? 32 : 20;
  const store = catFileStore(repo.git, { idBytes });
  const targets = new Map<string, string>();
  let left = await tagsAmong(repo, oids);
  while (left.size > 0) {
    const next = new Set<string>();
    for await (const batch of store.read(left, new AbortController().signal)) {
      for (const answer of batch) {
        if (answer.kind !== "whole" || answer.type !== "tag") continue;
        const target = /^object ([0-9a-f]+)\n/.exec(Buffer.from(answer.bytes).toString("latin1"))?.[1];
        if (target !== undefined) targets.set(answer.oid, target);
        if (target !== undefined && !targets.has(target)) next.add(target);
      }
    }
    left = await tagsAmong(repo, next);
  }
  return new Map([...oids].flatMap((oid) => (targets.has(oid) ? [[oid, last(targets, oid)]] : [])));
}

function last(targets: ReadonlyMap<string, string>, oid: string): string {
  let end = oid;
  for (let next = targets.get(oid); next !== undefined; next = targets.get(next)) end = next;
  return end;
}

async function tagsAmong({ git }: Repository, oids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (oids.size === 0) return new Set();
  const input = [[...oids, ""].join("\n")];
  const list = await git.run(["cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer"], { input });
  return new Set(list.split("\n").flatMap((line) => (line.endsWith(" tag") ? line.slice(0, -" tag".length) : [])));
}
