import type { Mark, Source, Trace } from "../terms.ts";
import { searchParts } from "./search.ts";

/** A source over one stream, such as a pipe; `path` is what the stream is said to be. */
export function streamSource(bytes: AsyncIterable<Uint8Array>, path: string): Source {
  return {
    label: "standard input",
    async *batches(signal) {
      const tally = { files: 1, bytes: 0 };
      const counted = (async function* () {
        for await (const part of bytes) {
          signal.throwIfAborted();
          tally.bytes += part.length;
          yield part;
        }
      })();
      yield { tally, skips: [], progress: 0, search: (engine) => searchParts(engine, path, counted) };
    },
    async trace(holds) {
      const version = { content: path };
      const run = { where: "content", path, first: version, last: version, versions: 1, status: "present" } as const;
      const trace: Trace = { status: "present", refs: [], runs: [run] };
      return { marks: new Map(holds(path, run).map((mark): [Mark, Trace] => [mark, trace])), skips: [] };
    },
  };
}
