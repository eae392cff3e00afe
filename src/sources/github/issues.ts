/**
 * Issues, pull requests and what was said to them. Reviews are listed for one pull request at a time only, so a page of
 * issues leaves the pull requests on it to do, in the cursor: whoever stops among them goes on among them.
 */
import type { TextCursor, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { readStream, type Stream, textOf, type Written } from "./streams.ts";
import { readWhole } from "./whole.ts";

/** All of it, from where `cursor` stands. */
export async function* issues(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const base = `/repos/${repository}`;
  const streams: readonly Stream[] = [
    { name: "issues", path: `${base}/issues` },
    { name: "issue-comments", path: `${base}/issues/comments` },
    { name: "code-comments", path: `${base}/pulls/comments` },
  ];
  let at = cursor;
  const reviewed = async function* (): AsyncGenerator<TextPage> {
    for await (const page of reviews(client, base, at, signal)) {
      at = page.cursor;
      yield page;
    }
  };
  yield* reviewed();
  for (const stream of streams) {
    for await (const { written, cursor: now } of readStream(client, stream, at, signal)) {
      at = clean({ ...at, [`${stream.name}.etag`]: "", ...now, pulls: pullsIn(written) });
      yield {
        texts: written.map((one) => textOf(one, `${stream.name}/${one.id}`)),
        cursor: at,
        faults: [],
        passed: [],
      };
      yield* reviewed();
    }
  }
  yield* readWhole(client, { name: "commit-comments", path: `${base}/comments` }, at, signal);
}

const clean = (cursor: TextCursor): TextCursor =>
  Object.fromEntries(Object.entries(cursor).filter(([, value]) => value !== ""));

/** The pull requests among some issues, for the cursor: their numbers, each with the time at which it was made. */
const pullsIn = (written: readonly Written[]): string =>
  written.flatMap(({ pull_request, number, created_at }) => (pull_request ? `${number}@${created_at}` : [])).join(",");

type Review = Omit<Written, "created_at"> & { readonly submitted_at?: string };

/** Reviews of the pull requests that the cursor has left to do, a page for each. */
async function* reviews(
  client: Client,
  base: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const pulls = (cursor.pulls ?? "").split(",").filter(Boolean);
  for (const [index, pull] of pulls.entries()) {
    const [number = "", created = ""] = pull.split("@");
    const said: Review[] = [];
    let next: string | undefined = `${base}/pulls/${number}/reviews?per_page=100`;
    while (next !== undefined) {
      const page: { data: readonly Review[]; next?: string } = await client.get(next, { signal });
      said.push(...page.data.filter(({ body }) => body));
      next = page.next;
    }
    const texts = said.map((one) =>
      textOf({ ...one, created_at: one.submitted_at ?? created }, `reviews/${number}/${one.id}`),
    );
    yield { texts, cursor: clean({ ...cursor, pulls: pulls.slice(index + 1).join(",") }), faults: [], passed: [] };
  }
}
