/**
 * Commits that nothing leads to any more and that the forge still has: what stood on a branch before a force push, and
 * what a deleted branch led to. The activity of a repository names them; where a server does not have that list, its
 * events do, for the last weeks.
 */
import type { TextCursor } from "../forge.ts";
import type { Client } from "./client.ts";
import { isMissing } from "./unread.ts";

interface Activity {
  readonly id: number;
  readonly before: string;
}

interface Event {
  readonly type?: string | null;
  /** A push names its ref in full, a deletion by its name alone. */
  readonly payload?: { readonly ref?: string; readonly before?: string; readonly head?: string };
}

export interface LostHeads {
  readonly ids: readonly string[];
  readonly cursor: TextCursor;
}

/** Ids of commits that were left behind since `cursor`. */
export async function readLostHeads(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): Promise<LostHeads> {
  try {
    const forced = await readActivity(client, { repository, kind: "force_push", cursor, signal });
    return await readActivity(client, { repository, kind: "branch_deletion", cursor: forced.cursor, signal }).then(
      ({ ids, cursor }) => ({
        ids: [...new Set([...forced.ids, ...ids])],
        cursor,
      }),
    );
  } catch (error) {
    if (!isMissing(error)) throw error;
    return readEvents(client, repository, cursor, signal);
  }
}

interface Asked {
  readonly repository: string;
  readonly kind: "force_push" | "branch_deletion";
  readonly cursor: TextCursor;
  readonly signal: AbortSignal;
}

/** Newest first, so that reading ends at the newest that was read before. */
async function readActivity(client: Client, { repository, kind, cursor, signal }: Asked): Promise<LostHeads> {
  const newest = Number(cursor[kind] ?? 0);
  const etag = cursor[`${kind}.etag`];
  const path = `/repos/${repository}/activity`;
  const params = { activity_type: kind, per_page: 100 };
  const first = await (etag === undefined
    ? client.get<readonly Activity[]>(path, { params, signal })
    : client.get<readonly Activity[]>(path, { params, signal, etag }));
  if (!first) return { ids: [], cursor };
  const ids: string[] = [];
  let highest = newest;
  let page: { data: readonly Activity[]; next?: string } = first;
  for (;;) {
    const fresh = page.data.filter(({ id }) => id > newest);
    ids.push(...fresh.map(({ before }) => before).filter(isCommit));
    highest = Math.max(highest, ...fresh.map(({ id }) => id));
    if (page.next === undefined || fresh.length < page.data.length) break;
    page = await client.get<readonly Activity[]>(page.next, { signal });
  }
  return {
    ids,
    cursor: { ...cursor, [kind]: String(highest), ...(first.etag !== undefined && { [`${kind}.etag`]: first.etag }) },
  };
}

/** Newest first, so that the end of a branch comes before the pushes to it: what the last of them led to is lost too. */
async function readEvents(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): Promise<LostHeads> {
  const ids: string[] = [];
  const deleted = new Set<string>();
  let next: string | undefined = `/repos/${repository}/events?per_page=100`;
  while (next !== undefined) {
    const page: { data: readonly Event[]; next?: string } = await client.get(next, { signal });
    for (const { type, payload: { ref = "", before = "", head = "" } = {} } of page.data) {
      if (type === "DeleteEvent") deleted.add(`refs/heads/${ref}`);
      if (type === "PushEvent") ids.push(before, ...(deleted.has(ref) ? [head] : []));
    }
    next = page.next;
  }
  return { ids: [...new Set(ids.filter(isCommit))], cursor };
}

const isCommit = (id: string): boolean => /^[0-9a-f]{40,64}$/.test(id) && !/^0+$/.test(id);
