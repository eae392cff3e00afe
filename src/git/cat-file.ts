/**
 * The object store of git itself: `cat-file --batch`, one process for any number of objects.
 *
 * Git's answers come as a stream of `<id> <type> <size>\n<content>\n`. Most objects lie whole in one part of the
 * stream and are handed on where they lie; one that spans parts is copied once, into an arena that every batch uses
 * again. Git dies at an object it cannot rebuild; the store then answers for that object, starts git anew and goes on
 * with the next, so that each broken object costs itself and nothing more.
 */
import { LeaksweepError } from "../errors.ts";
import type { Git } from "./git.ts";
import { takeInventory } from "./inventory.ts";
import type { Answer, Inventory, LargeObject, ObjectStore, ObjectType, Unreadable } from "./object-store.ts";
import type { OidBytes } from "./oid-table.ts";
import { PartReader } from "./part-reader.ts";
import { Questions } from "./questions.ts";

export interface CatFileOptions {
  /** Length of the repository's object ids. */
  readonly idBytes: OidBytes;
  /** An object above this many bytes comes as `LargeObject`. Default 32 MiB. */
  readonly wholeBytes?: number;
  /** Whether objects may be missing because a remote has promised them (`Repository.partial`). */
  readonly partial?: boolean;
}

/** Bytes that make a batch full. */
const batchBytes = 4 << 20;
/** Answers that make a batch full, however small they are. */
const batchAnswers = 8192;
/** Deaths of git that one reading bears; each costs some milliseconds. */
const mostDeaths = 10_000;

/** The object store of the repository that `git` is bound to. */
export function catFileStore(
  git: Git,
  { idBytes, wholeBytes = 32 << 20, partial = false }: CatFileOptions,
): ObjectStore {
  const inventory = (signal: AbortSignal): Promise<Inventory> => takeInventory(git, { idBytes, signal });
  return {
    inventory,
    read: (oids, signal) => {
      const reading = new Reading(git, { questions: new Questions(oids), wholeBytes, inventory, signal });
      return reading.batches(partial);
    },
  };
}

interface ReadingOptions {
  readonly questions: Questions;
  readonly wholeBytes: number;
  readonly inventory: (signal: AbortSignal) => Promise<Inventory>;
  readonly signal: AbortSignal;
}

/** One call of `read`: as many git processes as it takes to get all questions answered. */
class Reading {
  readonly #git: Git;
  readonly #questions: Questions;
  readonly #wholeBytes: number;
  readonly #inventory: ReadingOptions["inventory"];
  readonly #signal: AbortSignal;
  /** Git is asked only for what an inventory lists. */
  #isSparing = false;
  readonly #arena = Buffer.allocUnsafeSlow(batchBytes);
  #arenaUsed = 0;
  #batch: Answer[] = [];
  #batchBytes = 0;

  constructor(git: Git, { questions, wholeBytes, inventory, signal }: ReadingOptions) {
    this.#git = git;
    this.#questions = questions;
    this.#wholeBytes = wholeBytes;
    this.#inventory = inventory;
    this.#signal = signal;
  }

  async *batches(partial: boolean): AsyncGenerator<readonly Answer[]> {
    if (partial) await this.#askOnlyForWhatIsHere();
    for (let deaths = 0; this.#questions.current !== undefined; deaths++) {
      if (deaths <= mostDeaths) yield* this.#session();
      else this.#answer(unreadable(this.#questions.current, "was not asked for: git died of too many others"));
      if (this.#isFull()) yield this.#flush();
    }
    if (this.#batch.length > 0) yield this.#flush();
  }

  /**
   * Git answers a question for a promised object by fetching it, which is forbidden here, and then dies; only newer
   * gits can be told not to try.
   */
  async #askOnlyForWhatIsHere(): Promise<void> {
    this.#isSparing = true;
    const { table, unreadable } = await this.#inventory(this.#signal);
    const listed = new Map(unreadable.map(({ oid, reason }) => [oid, reason]));
    this.#questions.absence = (oid) => (table.indexOf(oid) < 0 ? (listed.get(oid) ?? "is missing") : undefined);
  }

  /** One git process, until it has answered everything or died; its death answers for the object it died of. */
  async *#session(): AsyncGenerator<readonly Answer[]> {
    const before = this.#questions.answers;
    let last = "without a word";
    const stream = this.#git.stream(["cat-file", "--batch", "--buffer"], {
      input: this.#questions.lines(),
      signal: this.#signal,
      onComplaint: (line) => {
        if (line.startsWith("fatal: ")) last = line.slice("fatal: ".length);
      },
    });
    const reader = new PartReader(stream);
    try {
      yield* this.#answers(reader);
    } catch (error) {
      if (!(error instanceof LeaksweepError && error.code === "git.failed")) throw error;
    } finally {
      await reader.close();
    }
    const { current } = this.#questions;
    if (current === undefined) return;
    if (last.endsWith("from promisor remote") && !this.#isSparing) return this.#askOnlyForWhatIsHere();
    // Dead before its first answer: is it the object, or can git not read this repository at all?
    if (this.#questions.answers === before) await this.#git.run(["cat-file", "--batch-check"], { input: [] });
    this.#answer(unreadable(current, `makes git fail: ${last}`));
  }

  async *#answers(reader: PartReader): AsyncGenerator<readonly Answer[]> {
    for (;;) {
      yield* this.#absent();
      const header = reader.line() ?? (await reader.nextLine());
      if (header === undefined) return;
      const [oid = "", type = "", length = ""] = header.split(" ");
      const size = Number(length);
      if (oid !== this.#questions.current) throw new Error(`git answered for ${oid} before its turn`);
      if (!isType(type)) this.#answer(unreadable(oid, type === "missing" ? "is missing or corrupt" : `is "${type}"`));
      else if (size > this.#wholeBytes) yield* this.#large(reader, { oid, type, size });
      else {
        const bytes = reader.take(size + 1) ?? (yield* this.#spanning(reader, size + 1));
        if (!bytes) return;
        this.#answer({ kind: "whole", oid, type, size, bytes: bytes.subarray(0, size) });
        this.#batchBytes += size;
      }
      if (this.#isFull()) yield this.#flush();
    }
  }

  /** Answers for those next in turn that git was not asked for. */
  *#absent(): Generator<readonly Answer[]> {
    for (;;) {
      const { current, absence } = this.#questions;
      const reason = current === undefined ? undefined : absence(current);
      if (current === undefined || reason === undefined) return;
      this.#answer(unreadable(current, reason));
      if (this.#isFull()) yield this.#flush();
    }
  }

  /** The next `length` bytes in one piece, copied; `undefined` when the stream ends before. */
  async *#spanning(reader: PartReader, length: number): AsyncGenerator<readonly Answer[], Buffer | undefined> {
    const fits = length <= this.#arena.length;
    if (this.#batch.length > 0 && (!fits || this.#arenaUsed + length > this.#arena.length)) yield this.#flush();
    const room = fits
      ? this.#arena.subarray(this.#arenaUsed, this.#arenaUsed + length)
      : Buffer.allocUnsafeSlow(length);
    if (fits) this.#arenaUsed += length;
    return (await reader.fill(room)) ? room : undefined;
  }

  async *#large(
    reader: PartReader,
    { oid, type, size }: Omit<LargeObject, "kind" | "parts">,
  ): AsyncGenerator<readonly Answer[]> {
    if (this.#batch.length > 0) yield this.#flush();
    const body = new LargeBody(reader, size);
    yield [{ kind: "large", oid, type, size, parts: body.parts() }];
    if (!(await body.finish())) return;
    await reader.some(1); // the newline after it
    this.#questions.answered();
  }

  #answer(answer: Answer): void {
    this.#batch.push(answer);
    this.#questions.answered();
  }

  #isFull(): boolean {
    return this.#batchBytes >= batchBytes || this.#batch.length >= batchAnswers;
  }

  #flush(): readonly Answer[] {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#arenaUsed = 0;
    return batch;
  }
}

/** The content of one large object, on its way. */
class LargeBody {
  readonly #reader: PartReader;
  #left: number;
  #failure: unknown;

  constructor(reader: PartReader, size: number) {
    this.#reader = reader;
    this.#left = size;
  }

  /** Ends early when git dies, which `finish` then reports. */
  async *parts(): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      try {
        const part = await this.#next();
        if (part === undefined) return;
        yield part;
      } catch (error) {
        this.#failure = error;
        return;
      }
    }
  }

  /** Passes over what nobody took. False when the stream ended before the object did; throws when git died of it. */
  async finish(): Promise<boolean> {
    while (this.#left > 0 && this.#failure === undefined) if ((await this.#next()) === undefined) return false;
    if (this.#failure !== undefined) throw this.#failure;
    return true;
  }

  async #next(): Promise<Buffer | undefined> {
    const part = await this.#reader.some(this.#left);
    this.#left -= part.length;
    return part.length > 0 ? part : undefined;
  }
}

const isType = (word: string): word is ObjectType =>
  word === "blob" || word === "tree" || word === "commit" || word === "tag";

const unreadable = (oid: string, reason: string): Unreadable => ({ kind: "unreadable", oid, reason });
