import type { Engine, Mark, Skip, Source, Trace } from "../terms.ts";
import { type OnUnread, searchStream } from "./search.ts";

/** A source over one stream, such as a pipe; `path` is what the stream is said to be. */
export function streamSource(bytes: AsyncIterable<Uint8Array>, path: string): Source {
  return {
    label: "standard input",
    async *batches(signal) {
      const tally = { files: 1, bytes: 0 };
      const counted = (async function* () {
        for await (const part of untilAborted(bytes, signal)) {
          tally.bytes += part.length;
          yield part;
        }
      })();
      const skips: Skip[] = [];
      const onUnread: OnUnread = (member, reason) =>
        void skips.push({ path: member === "" ? path : `${path}!${member}`, by: "fault", reason });
      const search = (engine: Engine) => searchStream(engine, path, { parts: counted, onUnread });
      yield { tally, skips, progress: 0, search };
    },
    async trace(holds) {
      const version = { content: path };
      const run = { where: "content", path, first: version, last: version, versions: 1, status: "present" } as const;
      const trace: Trace = { status: "present", refs: [], runs: [run] };
      return { marks: new Map(holds(path, run).map((mark): [Mark, Trace] => [mark, trace])), skips: [] };
    },
  };
}

/** The same parts; throws the signal's reason as soon as it aborts, even while the other end is silent. */
async function* untilAborted<T>(parts: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(() => iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: behind a silent other end the iterator would never come to it.
    iterator.return?.().catch(() => {});
  }
}

/** Listens anew for each promise: in a race, one that lives as long as the scan would keep every part. */
function orAborted<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(signal.reason);
    const stop = (): void => fail(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    start()
      .then(done, fail)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
