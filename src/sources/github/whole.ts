/**
 * Lists without times to ask by: commit comments, releases, comments on gists. Each page is asked for by its tag, since
 * what is new can stand on the last page, and what was written anew on any. After a full page another is asked for, though
 * there be none: that one comes need not change the page before. Where no page has changed, nothing was deleted.
 */
import type { TextCursor, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { type Stream, textOf, type Written } from "./streams.ts";

const pageSize = 100;

/** Stands for the tag of a page that is to be read whatever is on it: it gave none, or nobody has read it yet. */
const untagged = "*";

/** Texts on the pages that have changed; where none has, a page that says so. */
export async function* readWhole(
  client: Client,
  { name, path }: Stream,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const keyOf = (number: number): string => (number === 1 ? `${name}.etag` : `${name}.etag.${number}`);
  let at = cursor;
  let isIntact = true;
  for (let number = 1; ; number++) {
    const params = { per_page: pageSize, ...(number > 1 && { page: number }) };
    const etag = at[keyOf(number)];
    const page = await (etag === undefined || etag === untagged
      ? client.get<readonly Written[]>(path, { params, signal })
      : client.get<readonly Written[]>(path, { params, signal, etag }));
    if (page) {
      isIntact = false;
      const isLast = page.next === undefined && page.data.length < pageSize;
      at = { [keyOf(number + 1)]: untagged, ...at, [keyOf(number)]: page.etag ?? untagged };
      // Whoever stops after this page goes on with the next, which this one's tag alone would not lead to.
      if (isLast) at = withoutAfter(at, number, keyOf);
      yield { texts: page.data.map((one) => textOf(one, `${name}/${one.id}`)), cursor: at, faults: [], passed: [] };
      if (isLast) return;
    } else if (at[keyOf(number + 1)] === undefined) break;
  }
  if (isIntact) yield { texts: [], cursor: at, faults: [], passed: [], intact: name };
}

/** A cursor without the tags of pages that there are no more. */
function withoutAfter(cursor: TextCursor, last: number, keyOf: (number: number) => string): TextCursor {
  const kept = { ...cursor };
  for (let number = last + 1; kept[keyOf(number)] !== undefined; number++) delete kept[keyOf(number)];
  return kept;
}
