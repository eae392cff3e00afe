/** Discussions, which only the GraphQL API has: newest change first, comments and their replies page by page below. */
import type { ForgeText, TextCursor, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { orMissing, unread } from "./unread.ts";

interface Post {
  readonly id: string;
  readonly databaseId: number | null;
  readonly body: string;
  readonly url: string;
  readonly createdAt: string;
  readonly author: { readonly login: string } | null;
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Comment extends Post {
  readonly replies: Page<Post>;
}

interface Discussion extends Post {
  readonly number: number;
  readonly title: string;
  readonly updatedAt: string;
  readonly comments: Page<Comment>;
}

const post = "id databaseId body url createdAt author { login }";
const info = "pageInfo { hasNextPage endCursor }";
const replies = `replies(first: 50) { nodes { ${post} } ${info} }`;
const comments = `comments(first: 50) { nodes { ${post} ${replies} } ${info} }`;

const wholeFields = `${post} number title updatedAt ${comments}`;

const listQuery = `query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    discussions(first: 20, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { ${wholeFields} } ${info}
    }
  }
}`;

const oneQuery = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { discussion(number: $number) { ${wholeFields} } }
}`;

const commentsQuery = `query ($id: ID!, $after: String) {
  node(id: $id) { ... on Discussion { page: comments(first: 50, after: $after) { nodes { ${post} ${replies} } ${info} } } }
}`;

const repliesQuery = `query ($id: ID!, $after: String) {
  node(id: $id) { ... on DiscussionComment { page: replies(first: 50, after: $after) { nodes { ${post} } ${info} } } }
}`;

/** Discussions that changed since the time in the cursor, with all that was said in them. */
export async function* discussions(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const [owner, name] = repository.split("/");
  const since = cursor.discussions ?? "";
  let newest = since;
  for (let after: string | null = null; ; ) {
    const answer: { repository: { discussions: Page<Discussion> } | null } = await client.query(
      listQuery,
      { owner, name, after },
      signal,
    );
    const { nodes, pageInfo } = answer.repository?.discussions ?? {
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    };
    const fresh = nodes.filter(({ updatedAt }) => updatedAt > since);
    const texts: ForgeText[] = [];
    const faults: string[] = [];
    for (const discussion of fresh) {
      if (discussion.updatedAt > newest) newest = discussion.updatedAt;
      try {
        for await (const text of textsOf(client, discussion, signal)) texts.push(text);
      } catch (error) {
        faults.push(`discussion ${discussion.number}: ${unread(error)}`);
      }
    }
    const isLast = !pageInfo.hasNextPage || fresh.length < nodes.length;
    // Newest first: only when all are read is it known that nothing older is missing.
    const at = isLast && newest !== "" ? { ...cursor, discussions: newest } : cursor;
    yield { texts, cursor: at, faults, passed: [] };
    if (isLast) return;
    after = pageInfo.endCursor;
  }
}

/** Paths of the texts that a discussion has now; none when it is not there any more. */
export async function discussionPaths(
  client: Client,
  repository: string,
  number: number,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const [owner, name] = repository.split("/");
  const answer = await client
    .query<{ repository: { discussion: Discussion | null } }>(oneQuery, { owner, name, number }, signal)
    .catch(orMissing);
  const paths = new Set<string>();
  const discussion = answer?.repository.discussion;
  if (discussion) for await (const { path } of textsOf(client, discussion, signal)) paths.add(path);
  return paths;
}

/** Texts go by the forge's numbers, which stay when one before them is deleted. */
async function* textsOf(client: Client, discussion: Discussion, signal: AbortSignal): AsyncGenerator<ForgeText> {
  const folder = `discussions/${discussion.number}`;
  yield text(discussion, `${folder}/0`, discussion.title);
  for await (const comment of rest<Comment>(client, commentsQuery, {
    id: discussion.id,
    first: discussion.comments,
    signal,
  })) {
    yield text(comment, `${folder}/${comment.databaseId ?? comment.id}`);
    for await (const reply of rest<Post>(client, repliesQuery, { id: comment.id, first: comment.replies, signal }))
      yield text(reply, `${folder}/${reply.databaseId ?? reply.id}`);
  }
}

/** All nodes of a list whose first page is here already. */
async function* rest<T>(
  client: Client,
  query: string,
  { id, first, signal }: { id: string; first: Page<T>; signal: AbortSignal },
): AsyncGenerator<T> {
  let page = first;
  for (;;) {
    yield* page.nodes;
    if (!page.pageInfo.hasNextPage) return;
    const answer: { node: { page: Page<T> } } = await client.query(
      query,
      { id, after: page.pageInfo.endCursor },
      signal,
    );
    page = answer.node.page;
  }
}

const text = ({ body, url, author, createdAt }: Post, path: string, title = ""): ForgeText => ({
  path: `${path}.md`,
  body: title === "" ? body : `${title}\n\n${body}`,
  url,
  author: author?.login ?? "ghost",
  date: createdAt,
});
