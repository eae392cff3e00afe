/**
 * Issues, pull requests and what was said to them. Reviews are listed for one pull request at a time only, so a page of
 * issues leaves the pull requests on it to do, in the cursor: whoever stops among them goes on among them.
 */
import { Absent, type TextCursor, type TextPage, Unreadable } from "../forge.ts";
import type { Client } from "./client.ts";
import { readStream, type Stream, textOf, type Written } from "./streams.ts";
import { unread } from "./unread.ts";
import { readWhole } from "./whole.ts";

/**
 * All of it, from where `cursor` stands. A list that cannot be read is told and the others are read; only where none
 * can be, this throws why.
 */
export async function* issues(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const base = `/repos/${repository}`;
  const asked = { client, base, signal };
  const whole = { name: "commit-comments", path: `${base}/comments` };
  const lists: readonly (readonly [name: string, read: (at: TextCursor) => AsyncIterable<TextPage>])[] = [
    ["issues", (at) => streamed({ name: "issues", path: `${base}/issues` }, asked, at)],
    ["issue-comments", (at) => streamed({ name: "issue-comments", path: `${base}/issues/comments` }, asked, at)],
    ["code-comments", (at) => streamed({ name: "code-comments", path: `${base}/pulls/comments` }, asked, at)],
    [whole.name, (at) => readWhole(client, whole, at, signal)],
  ];
  const failures: { readonly name: string; readonly error: Unreadable | Absent }[] = [];
  let at = cursor;
  for (const [name, read] of lists) {
    try {
      for await (const page of read(at)) {
        at = page.cursor;
        yield page;
      }
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof Absent)) throw error;
      failures.push({ name, error });
    }
  }
  const [first] = failures;
  if (first && failures.length === lists.length) throw first.error;
  const told = (isAbsent: boolean): string[] =>
    failures.flatMap(({ name, error }) => (error instanceof Absent === isAbsent ? [`${name}: ${error.message}`] : []));
  if (first) yield { texts: [], cursor: at, faults: told(false), passed: told(true) };
}

interface Asked {
  readonly client: Client;
  readonly base: string;
  readonly signal: AbortSignal;
}

/** What is new in a list that has times to ask by, and the reviews of the pull requests in it. */
async function* streamed(stream: Stream, asked: Asked, cursor: TextCursor): AsyncGenerator<TextPage> {
  const { client, signal } = asked;
  let at = cursor;
  const reviewed = async function* (): AsyncGenerator<TextPage> {
    for await (const page of reviews(asked, at)) {
      at = page.cursor;
      yield page;
    }
  };
  yield* reviewed();
  for await (const { written, cursor: now } of readStream(client, stream, at, signal)) {
    at = clean({ ...at, [`${stream.name}.etag`]: "", ...now, pulls: pullsIn(written) });
    yield { texts: written.map((one) => textOf(one, `${stream.name}/${one.id}`)), cursor: at, faults: [], passed: [] };
    yield* reviewed();
  }
}

const clean = (cursor: TextCursor): TextCursor =>
  Object.fromEntries(Object.entries(cursor).filter(([, value]) => value !== ""));

/** The pull requests among some issues, for the cursor: their numbers, each with the time at which it was made. */
const pullsIn = (written: readonly Written[]): string =>
  written.flatMap(({ pull_request, number, created_at }) => (pull_request ? `${number}@${created_at}` : [])).join(",");

type Review = Omit<Written, "created_at"> & { readonly submitted_at?: string };

/** Reviews of the pull requests that the cursor has left to do, a page for each. */
async function* reviews({ client, base, signal }: Asked, cursor: TextCursor): AsyncGenerator<TextPage> {
  const pulls = (cursor.pulls ?? "").split(",").filter(Boolean);
  for (const [index, pull] of pulls.entries()) {
    const [number = "", created = ""] = pull.split("@");
    const at = clean({ ...cursor, pulls: pulls.slice(index + 1).join(",") });
    const said = await reviewsOf(client, `${base}/pulls/${number}/reviews`, signal).catch(unread);
    if (typeof said === "string") {
      yield { texts: [], cursor: at, faults: [`reviews of pull request ${number}: ${said}`], passed: [] };
      continue;
    }
    const texts = said.map((one) =>
      textOf({ ...one, created_at: one.submitted_at ?? created }, `reviews/${number}/${one.id}`),
    );
    yield { texts, cursor: at, faults: [], passed: [] };
  }
}

async function reviewsOf(client: Client, path: string, signal: AbortSignal): Promise<readonly Review[]> {
  const said: Review[] = [];
  let next: string | undefined = `${path}?per_page=100`;
  while (next !== undefined) {
    const page: { data: readonly Review[]; next?: string } = await client.get(next, { signal });
    said.push(...page.data.filter(({ body }) => body));
    next = page.next;
  }
  return said;
}
