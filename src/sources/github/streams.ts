/**
 * Texts that can be asked for by the time of their last change: issues, their comments, comments on code. Pages are
 * not numbered but asked for from the last time seen on, since an issue that is written in meanwhile would move to the
 * end of the list and push another over the edge of a page. What was read at that very time is known by its id.
 */
import type { ForgeText, TextCursor } from "../forge.ts";
import type { Client } from "./client.ts";

/** Fields that all of them share. */
export interface Written {
  readonly id: number;
  readonly updated_at: string;
  readonly created_at: string;
  readonly html_url: string;
  readonly title?: string;
  readonly name?: string | null;
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
  readonly author?: { readonly login: string } | null;
  readonly number?: number;
  readonly pull_request?: object;
}

export interface Stream {
  /** Names it in the cursor, and its folder among the texts. */
  readonly name: string;
  readonly path: string;
}

export interface StreamPage {
  readonly written: readonly Written[];
  readonly cursor: TextCursor;
}

const pageSize = 100;

/** Pages of a stream from where `cursor` stands; with nothing new, one conditional request and no page. */
export async function* readStream(
  client: Client,
  { name, path }: Stream,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<StreamPage> {
  let since = cursor[name];
  let known = new Set((cursor[`${name}.ids`] ?? "").split(","));
  let etag = cursor[`${name}.etag`];
  for (;;) {
    const params = {
      sort: "updated",
      direction: "asc",
      state: "all",
      per_page: pageSize,
      ...(since !== undefined && { since }),
    };
    const page = await (etag === undefined
      ? client.get<readonly Written[]>(path, { params, signal })
      : client.get<readonly Written[]>(path, { params, signal, etag }));
    if (!page) return;
    let all = page.data;
    let { next } = page;
    // As many changed in one second as fit on a page: then time alone leads no further.
    while (next !== undefined && isOneMoment(all)) {
      const more: { data: readonly Written[]; next?: string } = await client.get<readonly Written[]>(next, { signal });
      all = [...all, ...more.data];
      next = more.next;
    }
    const fresh = all.filter(({ id, updated_at }) => updated_at !== since || !known.has(String(id)));
    const last = all.at(-1)?.updated_at ?? since;
    const atLast = all.filter(({ updated_at }) => updated_at === last).map(({ id }) => String(id));
    const isEnd = next === undefined;
    // The tag belongs to the question that was asked, and to its first page; another time in it is another question.
    const isSame = last === since && page.next === undefined && page.etag !== undefined;
    known = new Set(last === since ? [...known, ...atLast] : atLast);
    since = last;
    etag = undefined;
    const at: TextCursor = {
      ...(since !== undefined && { [name]: since, [`${name}.ids`]: [...known].filter(Boolean).join(",") }),
      ...(isSame && { [`${name}.etag`]: page.etag ?? "" }),
    };
    yield { written: fresh, cursor: at };
    if (isEnd) return;
  }
}

const isOneMoment = (all: readonly Written[]): boolean => all[0]?.updated_at === all.at(-1)?.updated_at;

/** A text as the sweep wants it: its title first. */
export function textOf(written: Written, path: string): ForgeText {
  const { title, name, body, html_url, user, author, created_at } = written;
  const heading = title ?? name;
  return {
    path: `${path}.md`,
    body: [...(heading ? [heading] : []), body ?? ""].join("\n\n"),
    url: html_url,
    author: (user ?? author)?.login ?? "ghost",
    date: created_at,
  };
}
