/** Objects too large to be held: inflated as they are taken, in constant memory. */
import type { Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInflate } from "node:zlib";
import type { LargeObject, ObjectType, Unreadable } from "../object-store.ts";
import { type Catalog, type Copy, typeNames } from "./catalog.ts";
import { isPlausible } from "./inflate.ts";
import { parents } from "./layout.ts";
import { objectHash } from "./object-hash.ts";

/** Where the zlib stream of a large object lies, and how much of what it holds is header. */
interface Stream {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly header: number;
  readonly size: number;
  readonly type: ObjectType;
  /** Fed with the content where that must be held against the id. */
  readonly hash?: Hash;
}

/** A large object; once its parts have ended, `broken` says what was wrong with them, if anything. */
export interface LargeStream {
  readonly answer: LargeObject;
  readonly broken: () => Unreadable | undefined;
}

/**
 * The copy at `home` of the object `oid`, when it is stored whole and has more than `wholeBytes`; `undefined` for all
 * others. Nothing is opened before parts are taken.
 */
export function largeStream(
  catalog: Catalog,
  oid: string,
  { home, wholeBytes }: { home: Copy; wholeBytes: number },
): LargeStream | undefined {
  const stream = streamAt(catalog, home);
  if (!stream || stream.size <= wholeBytes || !isPlausible(stream.size, stream.end - stream.start)) return undefined;
  const { size, type } = stream;
  let reason: string | undefined;
  const parts = contentOf(stream, oid, (why) => {
    reason = why;
  });
  return {
    answer: { kind: "large", oid, type, size, parts },
    broken: () => (reason === undefined ? undefined : { kind: "unreadable", oid, reason }),
  };
}

/** The content, as far as it goes; why it goes no further is told to `onBroken`. */
async function* contentOf(stream: Stream, oid: string, onBroken: (reason: string) => void): AsyncGenerator<Uint8Array> {
  const { header, size, hash } = stream;
  let passed = -header;
  try {
    for await (const part of inflated(stream)) {
      const content = part.subarray(Math.min(part.length, Math.max(0, -passed)));
      passed += part.length;
      if (passed > size) return onBroken("is corrupt: longer than it says");
      hash?.update(content);
      if (content.length > 0) yield content;
    }
    if (passed < size) onBroken("is corrupt: shorter than it says");
    else if (hash && hash.digest("hex") !== oid) onBroken("is corrupt: its pack has another content for it");
  } catch {
    onBroken("is corrupt: its compressed bytes are broken");
  }
}

async function* inflated({ file, start, end }: Stream): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { start, end: Math.max(start, end - 1), highWaterMark: 1 << 18 });
  const inflate = createInflate({ chunkSize: 1 << 18 });
  source.on("error", (error) => inflate.destroy(error));
  try {
    yield* source.pipe(inflate) as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

function streamAt({ packs, loose, inventory }: Catalog, { pack, position }: Copy): Stream | undefined {
  const single = pack < 0 ? loose[position] : undefined;
  if (single) {
    const { file, stored, length, size, type } = single;
    return { file, start: 0, end: stored, header: length, size, type };
  }
  const { layout, isSound = true } = packs[pack] ?? {};
  if (!layout || layout.parent[position] !== parents.none) return undefined;
  const size = layout.size[position] ?? 0;
  const type = typeNames[layout.type[position] ?? 0] ?? "blob";
  return {
    file: layout.file,
    start: layout.data[position] ?? 0,
    end: layout.end[position] ?? 0,
    header: 0,
    size,
    type,
    ...(!isSound && { hash: objectHash(type, size, inventory.table.idBytes) }),
  };
}
