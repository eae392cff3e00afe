/**
 * Blobs that are looked at one by one, on other threads: containers above all, whose members cost a hundred times what
 * their bytes in the pack do.
 */
import type { Answer } from "../git/object-store.ts";
import type { ContentId, Engine, Sighting } from "../terms.ts";
import { isPointer, opening } from "./blobs.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { searchContent } from "./search.ts";

/** A content and all its bytes, on its way to another thread. */
export interface HeldContent {
  readonly content: ContentId;
  readonly bytes: Uint8Array;
}

/** What came of a lot. */
export interface ContentsReport {
  readonly read: readonly {
    readonly content: ContentId;
    /** Bytes. */
    readonly size: number;
    /** What of it could not be read, and why; absent where all was. */
    readonly reason?: string;
  }[];
  readonly sightings: readonly Sighting[];
}

/** Searches lots of contents on several threads; reports come in the order of the lots. */
export type ContentsCrew = (
  lots: AsyncIterable<readonly HeldContent[]>,
  signal: AbortSignal,
) => AsyncIterable<ContentsReport>;

/** Stored bytes of blobs from which on other threads are worth their start. */
const worthThreads = 4 << 20;

/** Bytes that make a lot full: few, so that the last ones are shared out evenly. */
const lotBytes = 512 << 10;

/** Whether blobs that take up so many bytes are enough to start threads for. */
export const worthCrew = (stored: number): boolean => stored >= worthThreads;

/** Splits answers into what a crew can be handed, as copies, and the ids of what must be read here. */
export function sortOut(answers: readonly Answer[], { maxFileSize }: Pick<Gathered, "maxFileSize">) {
  const lots: HeldContent[][] = [];
  const here: ContentId[] = [];
  let room = 0;
  for (const answer of answers) {
    if (answer.kind !== "whole" || answer.size > maxFileSize || isPointer(answer.bytes)) {
      here.push(answer.oid);
      continue;
    }
    if (room <= 0) {
      lots.push([]);
      room = lotBytes;
    }
    lots.at(-1)?.push({ content: answer.oid, bytes: Uint8Array.from(answer.bytes) });
    room -= answer.size;
  }
  return { lots, here };
}

/** What `engine` recognises in contents, and in the members of those that are containers. */
export async function searchHeld(engine: Engine, contents: readonly HeldContent[]): Promise<ContentsReport> {
  const read: ContentsReport["read"][number][] = [];
  const sightings: Sighting[] = [];
  for (const { content, bytes } of contents) {
    let problem: { reason?: string } = {};
    const search = opening(
      (onUnread) => searchContent(engine, content, { bytes, onUnread }),
      ({ reason }) => {
        problem = { reason };
      },
    );
    for await (const sighting of search) sightings.push(sighting);
    read.push({ content, size: bytes.length, ...problem });
  }
  return { read, sightings };
}

/** The lot of what a crew has searched. */
export function contentsLot({ read, sightings }: ContentsReport, gathered: Gathered): Lot {
  const { inventory, matched, unread, barren } = gathered;
  const found = new Set(sightings.map(({ content }) => content));
  for (const { content, size, reason } of read) {
    const object = inventory.table.indexOf(content);
    if (reason !== undefined) unread.set(object, { by: "fault", reason });
    if (found.has(content)) matched.add(object);
    else if (reason === undefined) barren?.note(object, size);
  }
  const bytes = read.reduce((sum, { size }) => sum + size, 0);
  return { tally: { blobs: read.length, bytes }, skips: [], search: () => sightings };
}
