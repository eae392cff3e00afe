/** The bytes of packs, at any place, through a few windows: entries that are read one after another mostly share one. */
import { closeSync, openSync, readSync } from "node:fs";
import { Damage } from "./damage.ts";

/** Bytes from one window to the next. Each holds twice as many, so that every short entry lies whole in one. */
const stepBytes = 512 << 10;
const mostWindows = 16;
/** Packs that are open at once; a repository can have thousands. */
const mostOpen = 64;

/** Reads packs. It holds open files: call `close` when done. */
export class PackFiles {
  readonly #open = new Map<string, number>();
  readonly #windows = new Map<string, Buffer>();

  /**
   * Bytes `start` to `end` of a pack; valid until it is closed or 16 others have been read. Throws `Damage` where the
   * file ends before, and the system's error where it cannot be read.
   */
  read(file: string, start: number, end: number): Buffer {
    if (end <= start) throw new Damage("is corrupt: an entry without bytes");
    const step = Math.floor(start / stepBytes);
    const from = step * stepBytes;
    const bytes =
      end <= from + 2 * stepBytes
        ? this.#window(file, step).subarray(start - from, end - from)
        : this.#fresh(file, start, end - start);
    if (bytes.length < end - start) throw new Damage("is cut short");
    return bytes;
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
    this.#windows.clear();
  }

  #window(file: string, step: number): Buffer {
    const key = `${step} ${file}`;
    const known = this.#windows.get(key);
    if (known) return known;
    const window = this.#fresh(file, step * stepBytes, 2 * stepBytes);
    if (this.#windows.size >= mostWindows) this.#windows.delete(first(this.#windows) ?? "");
    this.#windows.set(key, window);
    return window;
  }

  #fresh(file: string, from: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    const descriptor = this.#descriptor(file);
    let filled = 0;
    while (filled < length) {
      const count = readSync(descriptor, bytes, filled, length - filled, from + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  #descriptor(file: string): number {
    const known = this.#open.get(file);
    if (known !== undefined) return known;
    const oldest = this.#open.size >= mostOpen ? first(this.#open) : undefined;
    if (oldest !== undefined) {
      closeSync(this.#open.get(oldest) ?? -1);
      this.#open.delete(oldest);
    }
    const descriptor = openSync(file, "r");
    this.#open.set(file, descriptor);
    return descriptor;
  }
}

const first = <K>(map: ReadonlyMap<K, unknown>): K | undefined => map.keys().next().value;
