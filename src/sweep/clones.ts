/**
 * The clones of a worker: mirrors that come into being whole or not at all, in a folder that is kept within bounds.
 * With a folder to keep them in, a later sweep fetches into them what is new; without one they go after their scan.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, statfs, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { clone } from "../git/clone.ts";
import { fetchMirror, type RemoteRefs } from "../git/fetch.ts";
import type { RemoteOptions } from "../git/remote.ts";
import { temporaryFolder } from "../git/temporary.ts";
import { Unreadable } from "../sources/forge.ts";
import { wordsOf } from "./faults.ts";

export interface CloneLimits {
  /** Folder for clones that are kept; absent: none is. */
  readonly keep?: string;
  /** Bytes that kept clones may take in all. */
  readonly keepBytes: number;
  /** Bytes of one clone. Absent: no limit. */
  readonly cloneBytes?: number;
  /** Bytes of the disk that must stay free. */
  readonly freeBytes: number;
}

/** Bytes that stay free on the disk unless the user says otherwise. */
export const defaultFree = 1_000_000_000;

/** Bytes of kept clones unless the user says otherwise. */
export const defaultKept = 50_000_000_000;

export interface Mirror {
  readonly dir: string;
  /** How its objects came. */
  readonly transport: "clone" | "fetch";
  /** Ends its use: removes it, or leaves it for the next sweep. */
  release(): Promise<void>;
}

export interface MirrorRequest {
  readonly url: string;
  readonly remote: RemoteRefs;
  readonly options: RemoteOptions & { readonly signal: AbortSignal };
  /** What the forge says its size is. */
  readonly bytes?: number;
}

export class Clones {
  readonly #limits: CloneLimits;

  constructor(limits: CloneLimits) {
    this.#limits = limits;
  }

  /** An up-to-date mirror of a repository. Throws what `clone` does, and `Unreadable` for one that is too large. */
  async open(request: MirrorRequest): Promise<Mirror> {
    const { keep } = this.#limits;
    if (keep === undefined) return this.#temporary(request);
    await mkdir(keep, { recursive: true, mode: 0o700 });
    const dir = join(keep, nameOf(request.url));
    const unlock = await lock(dir);
    // Another worker of this machine, frozen or slow, still has it: then this one works on a clone of its own.
    if (unlock === undefined) return this.#temporary(request);
    const release = async (): Promise<void> => {
      await utimes(dir, new Date(), new Date()).catch(() => {});
      await unlock();
      await this.#trim(keep);
    };
    if (existsSync(dir)) {
      const mirror = await this.#fetched(dir, request, release);
      if (mirror) return mirror;
    }
    return this.#fresh(dir, request, release);
  }

  async #temporary(request: MirrorRequest): Promise<Mirror> {
    const folder = await temporaryFolder();
    return this.#fresh(join(folder, "repository.git"), request, () => rm(folder, { recursive: true, force: true }));
  }

  /** What was kept, with what is new; nothing where it turns out to be broken. */
  async #fetched(
    dir: string,
    { url, remote, options }: MirrorRequest,
    release: Mirror["release"],
  ): Promise<Mirror | undefined> {
    try {
      await this.#guarded(dir, options, (guarded) =>
        fetchMirror(dir, url, { ...guarded, ...(remote.head && { head: remote.head }) }),
      );
      return { dir, transport: "fetch", release };
    } catch (error) {
      // The server answered a moment ago: what fails now is this clone, cut off by a full disk or a kill.
      const broken =
        error instanceof Error &&
        /not a git repository|bad object|corrupt|missing|unable to read/i.test(wordsOf(error));
      if (!broken) {
        await release();
        throw error;
      }
      await rm(dir, { recursive: true, force: true });
      return undefined;
    }
  }

  async #fresh(dir: string, { url, options, bytes = 0 }: MirrorRequest, release: Mirror["release"]): Promise<Mirror> {
    const { cloneBytes = Number.POSITIVE_INFINITY } = this.#limits;
    const making = `${dir}.${randomUUID()}.tmp`;
    try {
      if (bytes > cloneBytes) throw new Unreadable(`is too large: ${bytes} bytes, limit ${cloneBytes}`);
      await this.#guarded(making, options, (guarded) => clone(url, making, guarded), bytes);
      await rename(making, dir);
      return { dir, transport: "clone", release };
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      await release();
      throw error;
    }
  }

  /** Runs git under the limits: what grows beyond one is stopped, since no server can be believed about sizes. */
  async #guarded(
    dir: string,
    options: MirrorRequest["options"],
    work: (options: MirrorRequest["options"]) => Promise<void>,
    expected = 0,
  ): Promise<void> {
    const { cloneBytes = Number.POSITIVE_INFINITY, freeBytes, keep = tmpdir() } = this.#limits;
    const free = async (): Promise<number> => {
      const { bavail, bsize } = await statfs(keep);
      return bavail * bsize;
    };
    if ((await free()) - expected < freeBytes && this.#limits.keep !== undefined)
      await this.#trim(keep, expected + freeBytes);
    if ((await free()) - expected < freeBytes)
      throw new Unreadable("there is not enough space on the disk to clone it");
    const stop = new AbortController();
    const isTooLarge = async (): Promise<boolean> =>
      (await bytesOf(join(dir, "objects", "pack")).catch(() => 0)) > cloneBytes;
    const tooLarge = new Unreadable(`is too large: more than ${cloneBytes} bytes`);
    const watch = setInterval(async () => {
      if (await isTooLarge()) stop.abort(tooLarge);
      else if ((await free().catch(() => freeBytes)) < freeBytes)
        stop.abort(new Unreadable("the disk filled up while it was cloned"));
    }, 500);
    try {
      await work({ ...options, signal: AbortSignal.any([options.signal, stop.signal]) });
      if (await isTooLarge()) throw tooLarge; // it came in between two looks
    } finally {
      clearInterval(watch);
    }
  }

  /** Removes the clones that were not used for longest, until the rest is within bounds. */
  async #trim(keep: string, wanted = 0): Promise<void> {
    const { keepBytes } = this.#limits;
    const names = (await readdir(keep)).filter((name) => name.endsWith(".git"));
    const kept = await Promise.all(
      names.map(async (name) => {
        const dir = join(keep, name);
        const used = await stat(dir).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        );
        return { dir, used, bytes: await bytesOf(join(dir, "objects", "pack")).catch(() => 0) };
      }),
    );
    let all = kept.reduce((sum, { bytes }) => sum + bytes, 0);
    let freed = 0;
    for (const { dir, bytes } of kept.sort((one, other) => one.used - other.used)) {
      if (all <= keepBytes && freed >= wanted) return;
      const unlock = await lock(dir);
      if (unlock === undefined) continue;
      await rm(dir, { recursive: true, force: true });
      await unlock();
      all -= bytes;
      freed += bytes;
    }
  }
}

/** A name that no address can bend: its readable end and a digest of all of it. */
function nameOf(url: string): string {
  const readable = url
    .replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("-")
    .replace(/[^\w-]/g, "_")
    .slice(-60);
  return `${readable}-${createHash("sha256").update(url).digest("hex").slice(0, 16)}.git`;
}

/** Nothing when somebody else has it. */
async function lock(dir: string): Promise<(() => Promise<void>) | undefined> {
  try {
    const release = await lockfile.lock(dir, { realpath: false, stale: 60_000, onCompromised: () => {} });
    return () => release().catch(() => {});
  } catch {
    return undefined;
  }
}

async function bytesOf(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder))
    sum += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return sum;
}
