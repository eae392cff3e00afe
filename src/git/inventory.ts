import { LeaksweepError } from "../errors.ts";
import type { Git } from "./git.ts";
import type { Inventory, ObjectType, Unreadable } from "./object-store.ts";
import { type OidBytes, OidTable } from "./oid-table.ts";

const newline = 0x0a;
const types: readonly ObjectType[] = ["commit", "tree", "blob", "tag"];
/** Most complaints kept; a broken store repeats itself. */
const mostComplaints = 100;

interface InventoryOptions {
  readonly idBytes: OidBytes;
  readonly signal: AbortSignal;
}

/**
 * Every object that git finds in packs, loose folders and alternates, in the order in which they lie there; in the
 * order of ids where a pack is so broken that git dies of asking it for its order. Git keeps silent about a pack whose
 * index it cannot read, except on standard error: such lines become complaints.
 */
export async function takeInventory(git: Git, options: InventoryOptions): Promise<Inventory> {
  try {
    return await listObjects(git, { ...options, order: ["--unordered"] });
  } catch (error) {
    if (!(error instanceof LeaksweepError && error.code === "git.failed")) throw error;
    return listObjects(git, { ...options, order: [] });
  }
}

async function listObjects(
  git: Git,
  { idBytes, signal, order }: InventoryOptions & { order: readonly string[] },
): Promise<Inventory> {
  const list = new ObjectList(idBytes);
  const complaints = new Set<string>();
  const onComplaint = (line: string): void => {
    const [, said] = /^error: (?!inflate:)(.+)/.exec(line) ?? []; // zlib's own words name no object
    if (said !== undefined && complaints.size < mostComplaints) complaints.add(said);
  };
  const format = "--batch-check=%(objectname) %(objecttype) %(objectsize:disk)";
  const args = ["cat-file", "--batch-all-objects", ...order, "--buffer", format];
  for await (const part of git.stream(args, { signal, onComplaint })) list.read(part);
  const { unreadable } = list;
  return list.inventory([...complaints].filter((line) => !unreadable.some(({ oid }) => line.includes(oid))));
}

/** Reads `<id> <type> <size>` and `<id> missing` lines into typed arrays. */
class ObjectList {
  readonly unreadable: Unreadable[] = [];
  readonly #table: OidTable;
  #types = new Uint8Array(1024);
  #sizes = new Float64Array(1024);
  /** A line that the last part broke off. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(idBytes: OidBytes) {
    this.#table = new OidTable(idBytes);
  }

  read(part: Buffer): void {
    const text = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : part;
    let start = 0;
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
      this.#readLine(text, start, end);
      start = end + 1;
    }
    this.#rest = text.subarray(start);
  }

  inventory(complaints: readonly string[]): Inventory {
    if (this.#rest.length > 0) {
      throw new LeaksweepError("git.failed", "Cannot list the repository's objects: git's answer broke off", {
        hint: "Run `git fsck` in the repository, and see that `git` on PATH is git.",
      });
    }
    const table = this.#table;
    const kinds = this.#types.slice(0, table.count);
    const sizes = this.#sizes.slice(0, table.count);
    const indexed = (index: number): number => {
      if (index < 0 || index >= table.count) throw new RangeError(`no object has index ${index}`);
      return index;
    };
    return {
      table,
      count: table.count,
      type: (index) => types[kinds[indexed(index)] ?? 0] ?? "blob",
      stored: (index) => sizes[indexed(index)] ?? 0,
      of: (type) => indicesOf(kinds, types.indexOf(type)),
      unreadable: this.unreadable,
      complaints,
    };
  }

  #readLine(text: Buffer, start: number, end: number): void {
    const at = start + 2 * this.#table.idBytes + 1;
    const type = typeAt(text, at);
    if (type < 0) {
      const oid = text.toString("latin1", start, at - 1);
      this.unreadable.push({ kind: "unreadable", oid, reason: "is corrupt" });
      return;
    }
    const index = this.#table.addHex(text, start);
    if (index >= this.#types.length) this.#grow();
    this.#types[index] = type;
    let size = 0;
    for (let i = text.indexOf(0x20, at) + 1; i < end; i++) size = size * 10 + ((text[i] ?? 0x30) - 0x30);
    this.#sizes[index] = size;
  }

  #grow(): void {
    const kinds = new Uint8Array(this.#types.length * 2);
    kinds.set(this.#types);
    this.#types = kinds;
    const sizes = new Float64Array(this.#sizes.length * 2);
    sizes.set(this.#sizes);
    this.#sizes = sizes;
  }
}

/** Place in `types` of the word at `at`, told by its first letters; -1 for any other word (`missing`). */
function typeAt(text: Buffer, at: number): number {
  switch (text[at]) {
    case 0x63: // c
      return 0;
    case 0x74: // t, then r or a
      return text[at + 1] === 0x72 ? 1 : 3;
    case 0x62: // b
      return 2;
    default:
      return -1;
  }
}

function indicesOf(kinds: Uint8Array, kind: number): Int32Array {
  let count = 0;
  for (const other of kinds) if (other === kind) count++;
  const indices = new Int32Array(count);
  let next = 0;
  for (let index = 0; index < kinds.length; index++) if (kinds[index] === kind) indices[next++] = index;
  return indices;
}
