/** Zip (PKWARE APPNOTE 6.3), and what is zip by another name: jar, war, apk, docx, xlsx, pptx, odt. */
import { Readable } from "node:stream";
import { constants, createInflateRaw, inflateRawSync } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { type Budget, OverBudget } from "./budget.ts";
import { documentText } from "./document.ts";
import { bufferOf, damage, gather, type Member, type Unpacker, type Unread } from "./unpacker.ts";

export const zip: Unpacker = {
  async *members(bytes, budget) {
    const { fromBufferPromise } = await import("yauzl");
    try {
      // Names are not decoded by the library: it would refuse a whole archive for one that leads out of it.
      const file = await fromBufferPromise(bufferOf(bytes), { lazyEntries: true, decodeStrings: false });
      for await (const entry of file.eachEntry()) {
        budget.takeMember();
        const path = nameOf(entry as unknown as Named);
        if (path.endsWith("/")) continue;
        if (entry.isEncrypted()) yield { path, reason: "is encrypted" };
        else yield* readEntry(path, () => dataOf(file, entry, bytes), { entry, budget });
        if (entry.fileComment.length > 0) yield { path, bytes: Buffer.from(entry.fileComment) };
      }
      if (file.comment.length > 0) yield { path: "", bytes: Buffer.from(file.comment) };
    } catch (error) {
      if (error instanceof OverBudget) throw error;
      yield { path: "", reason: damage(error) };
    }
  },
};

/** An entry whose name was left as bytes. */
interface Named {
  readonly fileName: Buffer;
  readonly generalPurposeBitFlag: number;
}

/** Bit 11 of the flags: the name is UTF-8. Else it is CP437, of which ASCII is what matters. */
const nameOf = ({ fileName, generalPurposeBitFlag }: Named): string =>
  fileName.toString(generalPurposeBitFlag & 0x800 ? "utf8" : "latin1").replaceAll("\\", "/");

/** The entry's bytes as they lie in the archive. */
async function dataOf(file: ZipFile, entry: Entry, bytes: Uint8Array): Promise<Uint8Array> {
  const { fileDataStart } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
  return bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
}

async function* readEntry(
  path: string,
  data: () => Promise<Uint8Array>,
  { entry, budget }: { readonly entry: Entry; readonly budget: Budget },
): AsyncIterable<Member | Unread> {
  try {
    const { bytes, problem } = await expanded(await data(), entry, budget);
    if (bytes.length > 0) yield { path, bytes };
    const text = documentText(path, bytes);
    if (text !== undefined) yield { path, bytes: text };
    if (problem !== undefined) yield { path, reason: problem };
  } catch (error) {
    if (error instanceof OverBudget) throw error;
    yield { path, reason: damage(error) };
  }
}

const stored = 0;
const deflated = 8;

/** Methods whose data begin as files of that format do, which are opened as such: bzip2, zstd, xz. APPNOTE 4.4.5. */
const formats = new Set([12, 93, 95]);

/** The member that an entry's data are, as far as they go, and what is wrong with it. Throws `OverBudget`. */
async function expanded(
  data: Uint8Array,
  { compressionMethod: method, uncompressedSize: size }: Entry,
  budget: Budget,
): ReturnType<typeof gather> {
  if (method === stored || formats.has(method)) {
    budget.takeBytes(data.length);
    return { bytes: data };
  }
  if (method !== deflated)
    return { bytes: Buffer.alloc(0), problem: `is compressed by method ${method}, which is not known` };
  const bytes = inflated(data, size, budget);
  if (bytes === undefined) return gather(Readable.from([bufferOf(data)]).pipe(createInflateRaw()), budget);
  budget.takeBytes(bytes.length);
  const problem = bytes.length !== size && { problem: `is damaged: of ${size} bytes there are ${bytes.length}` };
  return { bytes, ...problem };
}

/**
 * The data inflated at once, as far as they go, or `undefined` where they are broken and only a stream tells how far
 * that is. Throws `OverBudget`.
 */
function inflated(data: Uint8Array, size: number, budget: Budget): Uint8Array | undefined {
  try {
    return inflateRawSync(data, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: budget.left + 1,
      chunkSize: Math.min(1 << 20, Math.max(constants.Z_MIN_CHUNK, size + 1)),
    });
  } catch (error) {
    // Node's word for more than `maxOutputLength`.
    if (error instanceof RangeError) budget.takeBytes(budget.left + 1);
    return undefined;
  }
}
