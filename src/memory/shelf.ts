/** Small files of ours in a folder that may vanish at any time: what cannot be read or written is as good as absent. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/** Bytes that the folder may hold, and one file in it. */
const usual = { all: 128 << 20, one: 16 << 20 };

export class Shelf {
  readonly #folder: string;
  readonly #room: { readonly all: number; readonly one: number };

  /** @param folder Absolute; it is made when something is put there. */
  constructor(folder: string, room = usual) {
    this.#folder = folder;
    this.#room = room;
  }

  /** What was put under this name last. */
  async get(name: string): Promise<Buffer | undefined> {
    const file = this.#file(name);
    try {
      const bytes = gunzipSync(await readFile(file), { maxOutputLength: 16 * this.#room.one });
      await utimes(file, new Date(), new Date()); // what is used is not the oldest
      return bytes;
    } catch {
      return undefined;
    }
  }

  /** Puts something there, whole or not at all, for its owner's eyes only; older ones make room for it. */
  async put(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = gzipSync(content, { level: 1 });
    if (bytes.length > this.#room.one) return;
    const beside = `${this.#file(name)}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(beside, bytes, { mode: 0o600, flag: "wx" });
      await rename(beside, this.#file(name));
      await this.#makeRoom();
    } catch {
      await rm(beside, { force: true }).catch(() => {});
    }
  }

  async #makeRoom(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => ours.test(name));
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(this.#folder, name);
        const { size, mtimeMs } = await stat(file);
        return { file, size, mtimeMs };
      }),
    );
    let left = this.#room.all;
    for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      left -= size;
      if (left < 0) await rm(file, { force: true });
    }
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.leaksweep.gz`);
  }
}

/** Files that this made, leftovers of a run that was killed among them. */
const ours = /\.leaksweep\.gz(?:\.[0-9a-f-]{36}\.tmp)?$/;
