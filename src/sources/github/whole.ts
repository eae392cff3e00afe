/**
 * Lists without times to ask by: commit comments, releases, comments on gists. Each page is asked for by its tag, since
 * what is new can stand on the last page, and what was written anew on any. A last page that is full gets no tag: a page
 * that comes after it need not change what is on it.
 */
import type { TextCursor, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { type Stream, textOf, type Written } from "./streams.ts";

const pageSize = 100;

/** Stands for the tag of a page that is to be read whatever is on it. */
const untagged = "*";

/** Texts on the pages that have changed. */
export async function* readWhole(
  client: Client,
  { name, path }: Stream,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const keyOf = (number: number): string => (number === 1 ? `${name}.etag` : `${name}.etag.${number}`);
  let at = cursor;
  for (let number = 1; ; number++) {
    const params = { per_page: pageSize, ...(number > 1 && { page: number }) };
    const etag = at[keyOf(number)];
    const page = await (etag === undefined || etag === untagged
      ? client.get<readonly Written[]>(path, { params, signal })
      : client.get<readonly Written[]>(path, { params, signal, etag }));
    if (page) {
      const isLast = page.next === undefined;
      const isOpen = isLast && page.data.length >= pageSize;
      at = { ...at, [keyOf(number)]: isOpen ? untagged : (page.etag ?? untagged) };
      if (isLast) at = withoutAfter(at, number, keyOf);
      yield { texts: page.data.map((one) => textOf(one, `${name}/${one.id}`)), cursor: at, faults: [], passed: [] };
      if (isLast) return;
    } else if (at[keyOf(number + 1)] === undefined) return;
  }
}

/** A cursor without the tags of pages that there are no more. */
function withoutAfter(cursor: TextCursor, last: number, keyOf: (number: number) => string): TextCursor {
  const kept = { ...cursor };
  for (let number = last + 1; kept[keyOf(number)] !== undefined; number++) delete kept[keyOf(number)];
  return kept;
}
