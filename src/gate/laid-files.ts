/** Files of a tree or index, written into a folder as they would lie in a work tree. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathWithin } from "../config/within.ts";
import { LeaksweepError } from "../errors.ts";
import type { Git } from "../git/git.ts";
import { nearStore } from "../git/loose-first.ts";

/** The one file that counts for all that is pushed: what one branch accepts was looked at. */
export const baseline = ".leaksweep-baseline";

/** A file of a tree. */
export interface TreeFile {
  readonly path: string;
  readonly oid: string;
}

/** The folder, what has been written into it, and who has the contents. */
export class LaidFiles {
  readonly folder: string;
  readonly #git: Git;
  readonly #near: (file: TreeFile) => Uint8Array | undefined;
  readonly #ids = new Map<string, string[]>();

  /** @param near What a file holds, where that can be told without git. */
  constructor(git: Git, folder: string, near: (file: TreeFile) => Uint8Array | undefined = () => undefined) {
    this.#git = git;
    this.folder = folder;
    this.#near = near;
  }

  /**
   * Writes each file once. Throws "config.unreadable" for one whose object is not there, and for a path that leads
   * elsewhere than it says, as only a forged tree has one.
   */
  async add(files: readonly TreeFile[]): Promise<void> {
    const fresh = files.filter((file) => this.#isNew(file));
    const near = new Map(fresh.flatMap((file) => this.#entryOf(file)));
    const asked = new Set(fresh.flatMap(({ oid }) => (near.has(oid) ? [] : [oid])));
    const told = await blobsOf(this.#git, [...asked]);
    for (const { path, oid } of fresh) await this.#write(path, near.get(oid) ?? told.get(oid));
  }

  #isNew({ path, oid }: TreeFile): boolean {
    const ids = this.#ids.get(path) ?? [];
    if (ids.includes(oid)) return false;
    this.#ids.set(path, [...ids, oid]);
    return true;
  }

  #entryOf(file: TreeFile): [string, Uint8Array][] {
    const bytes = this.#near(file);
    return bytes === undefined ? [] : [[file.oid, bytes]];
  }

  async #write(path: string, bytes: Uint8Array | undefined): Promise<void> {
    const file = resolve(this.folder, path);
    if (pathWithin(this.folder, file) !== path) throw forged(path);
    if (bytes === undefined) throw absent(path);
    await mkdir(dirname(file), { recursive: true });
    // Only a baseline comes more than once: its lines mean the same wherever they stand.
    if (path !== baseline) await writeFile(file, bytes, { mode: 0o600 });
    else await writeFile(file, Buffer.concat([bytes, Buffer.from("\n")]), { mode: 0o600, flag: "a" });
  }
}

/** What blobs hold, by id, without those that cannot be read. One git at most is asked for all of them. */
export async function blobsOf(git: Git, oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const [first] = oids;
  if (first === undefined) return found;
  const store = await nearStore(git, { idBytes: first.length === 64 ? 32 : 20, wholeBytes: Number.POSITIVE_INFINITY });
  for await (const answers of store.read(oids, new AbortController().signal)) {
    for (const answer of answers) {
      if (answer.kind === "whole" && answer.type === "blob") found.set(answer.oid, Uint8Array.from(answer.bytes));
    }
  }
  return found;
}

const forged = (path: string): LeaksweepError =>
  new LeaksweepError("config.unreadable", `Cannot read "${path}": its tree is forged, git itself makes no such path`, {
    hint: "Run `git fsck` in the repository to see what is wrong with it.",
  });

const absent = (path: string): LeaksweepError =>
  new LeaksweepError("config.unreadable", `Cannot read "${path}": what it holds is missing from the repository`, {
    hint: "Run `git fsck` in the repository to see what is wrong with it; in a partial clone fetch the file.",
  });
