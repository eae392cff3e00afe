/** Files that are one other file, compressed. What comes out has no name: a tar file mostly, and else a text. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { bufferOf, gather, type Unpacker } from "./unpacker.ts";

/** An unpacker of a format that a stream decompresses. What was made before the damage is told of too. */
const compressed = (decompress: (bytes: Uint8Array) => AsyncIterable<Uint8Array>): Unpacker => ({
  async *members(bytes, budget) {
    budget.takeMember();
    const { bytes: made, problem } = await gather(decompress(bytes), budget);
    if (made.length > 0) yield { path: "", bytes: made };
    if (problem !== undefined) yield { path: "", reason: problem };
  },
});

/** Bytes that are handed to the decompressor at a time: it makes all of them before anybody can count. */
const step = 64 << 10;

/** RFC 1952; several members one behind the other are one file. */
export const gzip = compressed((bytes) => Readable.from([bufferOf(bytes)]).pipe(createGunzip({ chunkSize: step })));

export const bzip2 = compressed(async function* (bytes) {
  const { default: unbzip2 } = await import("unbzip2-stream");
  yield* spoken(bytes, unbzip2());
});

/** What a stream of the old kind says, which knows neither pause nor end by itself. */
async function* spoken(bytes: Uint8Array, stream: NodeJS.ReadWriteStream): AsyncIterable<Uint8Array> {
  const ready: Uint8Array[] = [];
  const failures: unknown[] = [];
  stream.on("data", (part: Uint8Array) => void ready.push(part));
  stream.on("error", (error) => void failures.push(error));
  for (let at = 0; at <= bytes.length; at += step) {
    if (at + step > bytes.length) stream.end(bufferOf(bytes.subarray(at)));
    else stream.write(bufferOf(bytes.subarray(at, at + step)));
    yield* ready.splice(0);
    if (failures.length > 0) throw failures[0];
  }
}

export const xz = compressed(async function* (bytes) {
  const { XzReadableStream } = await import("xz-decompress");
  yield* new XzReadableStream(
    new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
  ) as unknown as AsyncIterable<Uint8Array>;
});

/** RFC 8878. */
export const zstd = compressed(async function* (bytes) {
  const { Decompress } = await import("fzstd");
  yield* decompressed(bytes, Decompress);
});

async function* decompressed(
  bytes: Uint8Array,
  Decompress: new (onPart: (part: Uint8Array) => void) => { push(bytes: Uint8Array, last?: boolean): void },
): AsyncIterable<Uint8Array> {
  const ready: Uint8Array[] = [];
  const stream = new Decompress((part) => void ready.push(part));
  for (let at = 0; at < bytes.length; at += step) {
    stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    yield* ready.splice(0);
  }
}
