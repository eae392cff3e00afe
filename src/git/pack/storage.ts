/** What lies in object folders: packs with their indexes, and loose objects. Nothing of an object is read yet. */
import type { Dirent } from "node:fs";
import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { printable } from "../git.ts";
import type { OidBytes } from "../oid-table.ts";
import { uint32 } from "./bytes.ts";
import { Damage, UnknownFormat } from "./damage.ts";
import { readMultiIndex } from "./multi-index.ts";
import { type PackIndex, readPackIndex } from "./pack-index.ts";

/** A pack that can be read. */
export interface StoredPack {
  /** Absolute path of the `.pack` file. */
  readonly file: string;
  readonly bytes: number;
  readonly index: PackIndex;
  /** The pack and its index belong together; where they do not, each object must be held against its id. */
  readonly isSound: boolean;
}

/** A loose object: one file for itself. */
export interface LooseObject {
  readonly oid: string;
  readonly file: string;
}

export interface Storage {
  readonly packs: readonly StoredPack[];
  readonly loose: readonly LooseObject[];
  /** What is wrong with folders, packs and indexes, one sentence each. */
  readonly complaints: readonly string[];
}

interface Found {
  readonly packs: StoredPack[];
  readonly loose: LooseObject[];
  readonly complaints: string[];
}

/**
 * Looks through `folders`. What is broken becomes a complaint; throws `UnknownFormat` for an index or pack of a version
 * that only a newer git can read.
 */
export async function surveyStorage(folders: readonly string[], idBytes: OidBytes): Promise<Storage> {
  const found: Found = { packs: [], loose: [], complaints: [] };
  for (const folder of folders) {
    await surveyPacks(join(folder, "pack"), idBytes, found);
    await surveyLoose(folder, idBytes, found);
  }
  return found;
}

async function surveyPacks(folder: string, idBytes: OidBytes, found: Found): Promise<void> {
  const names = (await entries(folder, found)).map(({ name }) => name);
  const all = new Set(names);
  const packs = names.filter((name) => name.endsWith(".pack")).map((name) => name.slice(0, -".pack".length));
  const bare = packs.filter((name) => !all.has(`${name}.idx`));
  const multi = bare.length > 0 && all.has("multi-pack-index") ? await readMulti(folder, idBytes, found) : undefined;
  for (const name of packs) {
    const file = join(folder, `${name}.pack`);
    try {
      const index = all.has(`${name}.idx`)
        ? await readIndexFile(join(folder, `${name}.idx`), idBytes)
        : multi?.get(name);
      if (index) found.packs.push(await openPack(file, index, found));
      else found.complaints.push(`pack ${shown(file)} has no index`);
    } catch (error) {
      if (error instanceof UnknownFormat) throw error;
      found.complaints.push(`pack ${shown(file)} ${reasonOf(error)}`);
    }
  }
}

async function readMulti(
  folder: string,
  idBytes: OidBytes,
  found: Found,
): Promise<ReadonlyMap<string, PackIndex> | undefined> {
  const file = join(folder, "multi-pack-index");
  try {
    return readMultiIndex(await readRegular(file), idBytes);
  } catch (error) {
    if (error instanceof UnknownFormat) throw error;
    found.complaints.push(`multi-pack index ${shown(file)} ${reasonOf(error)}`);
    return undefined;
  }
}

async function readIndexFile(file: string, idBytes: OidBytes): Promise<PackIndex> {
  try {
    return readPackIndex(await readRegular(file), idBytes);
  } catch (error) {
    if (error instanceof UnknownFormat) throw error;
    throw new Damage(`has an index that ${reasonOf(error)}`);
  }
}

/** Holds a pack against its index. A pack that does not match is still read, but nothing in it is believed unseen. */
async function openPack(file: string, index: PackIndex, found: Found): Promise<StoredPack> {
  const { size } = await regular(file);
  const handle = await open(file, "r");
  try {
    const head = await readAt(handle, 0, 12);
    if (head.length < 12 || head.toString("latin1", 0, 4) !== "PACK") throw new Damage("is no pack");
    const version = uint32(head, 4);
    if (version !== 2 && version !== 3) throw new UnknownFormat(`has version ${version}`);
    const checksum = await readAt(handle, Math.max(0, size - index.idBytes), index.idBytes);
    const isSound =
      index.checksum === undefined || (uint32(head, 8) === index.count && checksum.equals(index.checksum));
    if (!isSound) found.complaints.push(`pack ${shown(file)} does not match its index`);
    return { file, bytes: size, index, isSound };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, (await handle.read(bytes, 0, length, from)).bytesRead);
}

async function surveyLoose(folder: string, idBytes: OidBytes, found: Found): Promise<void> {
  const name = new RegExp(`^[0-9a-f]{${2 * idBytes - 2}}$`);
  for (const { name: start } of await entries(folder, found)) {
    if (!/^[0-9a-f]{2}$/.test(start)) continue;
    for (const { name: rest } of await entries(join(folder, start), found)) {
      if (name.test(rest)) found.loose.push({ oid: start + rest, file: join(folder, start, rest) });
    }
  }
}

/** What a folder holds, by name; nothing where there is none. One that cannot be read is a complaint. */
async function entries(folder: string, found: Found): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      found.complaints.push(`object folder ${printable(folder)} cannot be read: ${code}`);
    }
    return [];
  }
}

/** A file's size. Throws `Damage` for what is no regular file, such as a pipe, which would never end. */
async function regular(file: string): Promise<{ size: number }> {
  const about = await stat(file);
  if (!about.isFile()) throw new Damage("is not a regular file");
  return about;
}

async function readRegular(file: string): Promise<Buffer> {
  await regular(file);
  return readFile(file);
}

const shown = (file: string): string => printable(basename(file));

/** Why a file is of no use, for people. Throws what is no trouble with files again. */
export function reasonOf(error: unknown): string {
  return error instanceof Damage ? error.message : `cannot be read: ${codeOf(error)}`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}
