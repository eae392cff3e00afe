/**
 * The object store that reads packs and loose objects itself, without a git process. What it cannot do is left to a
 * store that can, git's own: formats newer than this reader, objects too large to rebuild in memory, files that went
 * away while it read (a `git gc` moves everything).
 */
import { setImmediate } from "node:timers/promises";
import type { GitPlace } from "../environment.ts";
import type { Answer, Inventory, ObjectStore, Unreadable } from "../object-store.ts";
import type { OidBytes } from "../oid-table.ts";
import { type Catalog, type Copy, takeCatalog } from "./catalog.ts";
import { Damage, TooLarge, UnknownFormat } from "./damage.ts";
import { type LargeStream, largeStream } from "./large.ts";
import { PackFiles } from "./pack-file.ts";
import { BaseCache, Rebuilder } from "./rebuild.ts";
import { reasonOf } from "./storage.ts";

export interface PackStoreOptions {
  /** Length of the repository's object ids. */
  readonly idBytes: OidBytes;
  /** Reads what this store leaves alone. */
  readonly fallback: ObjectStore;
  /** An object above this many bytes comes as `LargeObject`. Default 32 MiB. */
  readonly wholeBytes?: number;
  /** Bytes of rebuilt objects that are kept for those that are deltas of them. Default 64 MiB. */
  readonly baseBytes?: number;
}

/** Bytes that make a batch full. */
const batchBytes = 4 << 20;
/** Answers that make a batch full, however small they are. */
const batchAnswers = 8192;

/** The object store of the repository at `place`. Nothing is read yet. */
export function packStore(
  place: GitPlace,
  { idBytes, fallback, wholeBytes = 32 << 20, baseBytes = 64 << 20 }: PackStoreOptions,
): ObjectStore {
  const bases = new WeakMap<Catalog, BaseCache>();
  let latest: Catalog | "unknown" | undefined;
  const take = async (signal: AbortSignal): Promise<Catalog | "unknown"> => {
    try {
      latest = await takeCatalog(place, { idBytes, signal });
    } catch (error) {
      if (!(error instanceof UnknownFormat)) throw error;
      latest = "unknown";
    }
    return latest;
  };
  return {
    async inventory(signal): Promise<Inventory> {
      const catalog = await take(signal);
      return catalog === "unknown" ? fallback.inventory(signal) : catalog.inventory;
    },
    async *read(oids, signal) {
      const catalog = latest ?? (await take(signal));
      if (catalog === "unknown") {
        yield* fallback.read(oids, signal);
        return;
      }
      const kept = bases.get(catalog) ?? new BaseCache(baseBytes);
      bases.set(catalog, kept);
      const reading = new Reading(catalog, { bases: kept, wholeBytes, signal });
      yield* reading.batches(oids);
      if (reading.left.length > 0) yield* fallback.read(reading.left, signal);
    },
  };
}

interface ReadingOptions {
  readonly bases: BaseCache;
  readonly wholeBytes: number;
  readonly signal: AbortSignal;
}

/** One call of `read`. */
class Reading {
  /** Ids that are left to the fallback. */
  readonly left: string[] = [];
  readonly #catalog: Catalog;
  readonly #files = new PackFiles();
  readonly #rebuilder: Rebuilder;
  readonly #wholeBytes: number;
  readonly #signal: AbortSignal;
  readonly #unreadable: ReadonlyMap<string, Unreadable>;

  constructor(catalog: Catalog, { bases, wholeBytes, signal }: ReadingOptions) {
    this.#catalog = catalog;
    this.#rebuilder = new Rebuilder(catalog, { files: this.#files, bases, wholeBytes });
    this.#wholeBytes = wholeBytes;
    this.#signal = signal;
    this.#unreadable = new Map(catalog.inventory.unreadable.map((one) => [one.oid, one]));
  }

  async *batches(oids: Iterable<string>): AsyncGenerator<readonly Answer[]> {
    let batch: Answer[] = [];
    let bytes = 0;
    try {
      for (const oid of oids) {
        const answer = this.#answer(oid);
        if (answer === undefined) continue;
        if (!("kind" in answer)) {
          if (batch.length > 0) yield batch;
          [batch, bytes] = [[], 0];
          yield [answer.answer];
          const broken = answer.broken();
          if (broken) batch.push(broken);
          continue;
        }
        batch.push(answer);
        bytes += answer.kind === "whole" ? answer.size : 0;
        if (bytes < batchBytes && batch.length < batchAnswers) continue;
        yield batch;
        [batch, bytes] = [[], 0];
        // All here is synchronous: without this nobody else, ^C included, would get a turn.
        await setImmediate();
        this.#signal.throwIfAborted();
      }
      if (batch.length > 0) yield batch;
    } finally {
      this.#files.close();
    }
  }

  /** What is said of one id; `undefined` when the fallback is to say it. */
  #answer(oid: string): Answer | LargeStream | undefined {
    if (!/^[0-9a-f]+$/.test(oid)) throw new RangeError(`"${oid}" is no object id`);
    const { inventory } = this.#catalog;
    const index = inventory.table.indexOf(oid);
    if (index < 0) return this.#unreadable.get(oid) ?? { kind: "unreadable", oid, reason: "is missing" };
    const type = inventory.type(index);
    const home = this.#catalog.home(index);
    try {
      const large = largeStream(this.#catalog, oid, { home, wholeBytes: this.#wholeBytes });
      if (large) return large;
      const bytes = this.#content(oid, home);
      return { kind: "whole", oid, type, size: bytes.length, bytes };
    } catch (error) {
      if (error instanceof Damage) return { kind: "unreadable", oid, reason: error.message };
      if (!(error instanceof TooLarge)) reasonOf(error); // throws what is no trouble with files
      this.left.push(oid);
      return undefined;
    }
  }

  /** From the copy that counts, or where that is damaged from any other. */
  #content(oid: string, home: Copy): Buffer {
    try {
      return this.#rebuilder.content(oid, home);
    } catch (error) {
      for (const copy of this.#catalog.copies(oid)) {
        if (copy.pack === home.pack && copy.position === home.position) continue;
        try {
          return this.#rebuilder.content(oid, copy);
        } catch {
          // Then perhaps the next one.
        }
      }
      throw error;
    }
  }
}
