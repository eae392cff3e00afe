/** Threads that work for one caller, and what they post. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** What a thread posts when it has done with a piece of work. */
export interface Post<Report> {
  readonly number: number;
  readonly report: Report;
}

type ThreadFile = "worker.cjs" | "lot-worker.cjs";

export interface ThreadsOptions {
  /** The built file that runs in each. */
  readonly file: ThreadFile;
  readonly count: number;
  /** What each is given at its start. */
  readonly workerData: unknown;
  readonly signal: AbortSignal;
}

export class Threads<Report> {
  readonly #workers: readonly Worker[];
  /** How many pieces of work each thread has in hand, of those that were handed to it. */
  readonly #load: number[];
  readonly #arrived = new Map<number, Report>();
  #failure: { readonly cause: unknown } | undefined;
  #wake: () => void = () => {};

  constructor({ file, count, workerData, signal }: ThreadsOptions) {
    this.#workers = Array.from({ length: count }, () => new Worker(threadFile(file), { workerData }));
    this.#load = this.#workers.map(() => 0);
    for (const [thread, worker] of this.#workers.entries()) {
      worker.on("message", ({ number, report }: Post<Report>) => {
        this.#load[thread] = (this.#load[thread] ?? 0) - 1;
        this.#arrived.set(number, report);
        this.#wake();
      });
      worker.on("error", (cause) => this.#fail(cause));
      worker.on("messageerror", (cause) => this.#fail(cause));
      worker.on("exit", (code) => code !== 0 && this.#fail(new Error(`a thread ended with code ${code}`)));
    }
    signal.addEventListener("abort", () => this.#fail(signal.reason), { once: true });
    if (signal.aborted) this.#fail(signal.reason);
  }

  /** Hands a piece of work, with a number that no other has, to the thread that has least to do. */
  hand<Work extends { readonly number: number }>(work: Work): void {
    const thread = this.#load.indexOf(Math.min(...this.#load));
    this.#load[thread] = (this.#load[thread] ?? 0) + 1;
    this.#workers[thread]?.postMessage(work);
  }

  /**
   * The report on the work with this number, once: it is forgotten here. Rejects when a thread fails, and with the
   * signal's reason.
   */
  async report(number: number): Promise<Report> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.cause;
      const report = this.#arrived.get(number);
      if (report !== undefined) {
        this.#arrived.delete(number);
        return report;
      }
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** Ends all threads, whatever they are at. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.#wake();
  }
}

/** What a thread runs. From source, that is what the build made of this folder: Node does not run TypeScript in threads. */
function threadFile(name: ThreadFile): string {
  const file = [`./${name}`, `./crew/${name}`, `../crew/${name}`, `../../dist/crew/${name}`]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  if (file === undefined) throw new Error(`${name} is not beside the program: run npm run build`);
  return file;
}
