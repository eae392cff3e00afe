/** Lists without times to ask by: commit comments, releases, comments on gists. */
import type { TextCursor, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { type Stream, textOf, type Written } from "./streams.ts";

/** All texts of such a list, with nothing new none: when its first page has changed, all of it is read again. */
export async function* readWhole(
  client: Client,
  { name, path }: Stream,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const etag = cursor[`${name}.etag`];
  const params = { per_page: 100 };
  const first = await (etag === undefined
    ? client.get<readonly Written[]>(path, { params, signal })
    : client.get<readonly Written[]>(path, { params, signal, etag }));
  if (!first) return;
  const at: TextCursor = { ...cursor, ...(first.etag !== undefined && { [`${name}.etag`]: first.etag }) };
  let page: { data: readonly Written[]; next?: string } = first;
  for (;;) {
    const texts = page.data.map((one) => textOf(one, `${name}/${one.id}`));
    yield { texts, cursor: page.next === undefined ? at : cursor, faults: [], passed: [] };
    if (page.next === undefined) return;
    page = await client.get<readonly Written[]>(page.next, { signal });
  }
}
