/**
 * The index of many packs at once, for packs that have no index of their own. Format: git's
 * Documentation/gitformat-pack.adoc, "multi-pack-index (MIDX) files".
 */
import type { OidBytes } from "../oid-table.ts";
import { uint32, uint64 } from "./bytes.ts";
import { Damage, UnknownFormat } from "./damage.ts";
import { checked, type PackIndex, readFanOut, readOffsets } from "./pack-index.ts";

const header = 12;
const chunkNames = { names: "PNAM", fanOut: "OIDF", ids: "OIDL", offsets: "OOFF", large: "LOFF" } as const;

/**
 * The part that each pack has in a `multi-pack-index`, by the pack's name without its ending. An object that several
 * packs hold stands there for one of them only. Throws `Damage`, or `UnknownFormat` for a version that is not 1.
 */
export function readMultiIndex(bytes: Uint8Array, idBytes: OidBytes): ReadonlyMap<string, PackIndex> {
  if (bytes.length < header + idBytes || latin1(bytes, 0, 4) !== "MIDX") throw new Damage("is no multi-pack index");
  if (bytes[4] !== 1 || (bytes[7] ?? 0) !== 0) throw new UnknownFormat(`has version ${bytes[4] ?? 0}`);
  if (bytes[5] !== (idBytes === 20 ? 1 : 2)) throw new Damage("is for ids of another length");
  const chunks = readChunks(bytes, idBytes);
  const chunk = (name: keyof typeof chunkNames): Chunk => {
    const found = chunks.get(chunkNames[name]);
    if (!found) throw new Damage(`has no part ${chunkNames[name]}`);
    return found;
  };
  const names = readNames(bytes, { ...chunk("names"), count: uint32(bytes, 8) });
  const { at: fanOutAt, length: fanOutLength } = chunk("fanOut");
  if (fanOutLength < 1024) throw new Damage("is cut short");
  const count = readFanOut(bytes, fanOutAt);
  const ids = chunk("ids");
  const places = chunk("offsets");
  if (ids.length < count * idBytes || places.length < count * 8) throw new Damage("has parts that are too short");
  const { at: largeAt, length: largeLength } = chunks.get(chunkNames.large) ?? { at: 0, length: 0 };
  const large = Math.floor(largeLength / 8);
  const offsets = readOffsets(bytes, { at: places.at + 4, count, stride: 8, largeAt, large });
  const all: PackIndex = { idBytes, count, ids: bytes.subarray(ids.at, ids.at + count * idBytes), offsets };
  return byPack(checked(all), { names, packOf: (i) => uint32(bytes, places.at + i * 8) });
}

/** A part of the file. */
interface Chunk {
  readonly at: number;
  readonly length: number;
}

function readChunks(bytes: Uint8Array, idBytes: OidBytes): ReadonlyMap<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  const end = bytes.length - idBytes;
  for (let i = 0; i < (bytes[6] ?? 0); i++) {
    const entry = header + i * 12;
    const at = uint64(bytes, entry + 4);
    const next = uint64(bytes, entry + 16);
    if (entry + 24 > end || at > next || next > end) throw new Damage("has parts outside of itself");
    chunks.set(latin1(bytes, entry, entry + 4), { at, length: next - at });
  }
  return chunks;
}

/** Names of packs without `.idx` or `.pack`, in their order. */
function readNames(bytes: Uint8Array, { at, length, count }: Chunk & { count: number }): string[] {
  const text = latin1(bytes, at, at + length)
    .split("\0")
    .slice(0, count);
  if (text.length < count) throw new Damage("names fewer packs than it counts");
  return text.map((name) => name.replace(/\.(?:idx|pack)$/, ""));
}

function byPack(
  { idBytes, count, ids, offsets }: PackIndex,
  { names, packOf }: { names: readonly string[]; packOf: (i: number) => number },
): ReadonlyMap<string, PackIndex> {
  const counts = new Map<number, number>();
  for (let i = 0; i < count; i++) counts.set(packOf(i), (counts.get(packOf(i)) ?? 0) + 1);
  const parts = new Map(
    [...counts].map(([pack, own]) => {
      return [pack, { idBytes, count: 0, ids: new Uint8Array(own * idBytes), offsets: new Float64Array(own) }];
    }),
  );
  for (let i = 0; i < count; i++) {
    const part = parts.get(packOf(i));
    if (!part) continue;
    part.ids.set(ids.subarray(i * idBytes, (i + 1) * idBytes), part.count * idBytes);
    part.offsets[part.count++] = offsets[i] ?? 0;
  }
  const named = new Map<string, PackIndex>();
  for (const [pack, part] of parts) {
    const name = names[pack];
    if (name === undefined) throw new Damage("speaks of a pack that it does not name");
    named.set(name, part);
  }
  return named;
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, Math.min(end, bytes.length) - start)).toString(
    "latin1",
  );
