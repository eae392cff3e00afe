/**
 * Whether texts that were read once are still there. No list says what was deleted from it, so each text is asked for by
 * itself, with a tag where there is one, so that the answer costs nothing of the limit while the text is as it was.
 */
import { Absent, type AskStanding, type ReadText, type Standing, type TextKind } from "../forge.ts";
import type { Client } from "./client.ts";
import { discussionPaths } from "./discussions.ts";
import { gistId } from "./texts.ts";
import { isMissing } from "./unread.ts";

/** Where the API has a text, by the folder and the ids in its path; nothing for a path that says too little. */
type Address = (subject: string, ids: readonly string[], text: ReadText) => string | undefined;

const addresses: Readonly<Record<string, Address>> = {
  // Its path has the id, by which the API knows no issue; the page has the number.
  issues: (name, _ids, { url }) => {
    const [, number] = /\/(?:issues|pull)\/(\d+)(?:$|[#?])/.exec(url ?? "") ?? [];
    return number === undefined ? undefined : `/repos/${name}/issues/${number}`;
  },
  "issue-comments": (name, [id]) => `/repos/${name}/issues/comments/${id}`,
  "code-comments": (name, [id]) => `/repos/${name}/pulls/comments/${id}`,
  "commit-comments": (name, [id]) => `/repos/${name}/comments/${id}`,
  reviews: (name, [pull, id]) => `/repos/${name}/pulls/${pull}/reviews/${id}`,
  releases: (name, [id]) => `/repos/${name}/releases/${id}`,
  comments: (gist, [id]) => `/gists/${gistId(gist)}/comments/${id}`,
  runs: (name, [_run, job]) => `/repos/${name}/actions/jobs/${job}/logs`,
};

/** A question for each text of one kind of a repository or gist. */
export function standingOf(client: Client, kind: TextKind, subject: string): AskStanding {
  if (kind === "discussions") return discussionsStanding(client, subject);
  return async (text, signal) => {
    const [folder = "", ...ids] = text.path.replace(/\.\w+$/, "").split("/");
    const address = addresses[folder]?.(subject, ids, text);
    if (address === undefined) return { isThere: true };
    try {
      return await asked(client, address, { ...(text.etag !== undefined && { etag: text.etag }), signal });
    } catch (error) {
      if (isMissing(error)) return { isThere: false };
      if (!(error instanceof Absent)) throw error;
      // The API says the same of one issue that was deleted and of all where they are switched off, to come back one day.
      return { isThere: folder === "issues" && (await areOff(client, subject, signal)) };
    }
  };
}

async function asked(
  client: Client,
  address: string,
  { etag, signal }: { readonly etag?: string; readonly signal: AbortSignal },
): Promise<Standing> {
  const options = { signal, follow: false };
  const answer = await (etag === undefined ? client.get(address, options) : client.get(address, { ...options, etag }));
  const tag = answer === undefined ? etag : answer.etag;
  return { isThere: true, ...(tag !== undefined && { etag: tag }) };
}

async function areOff(client: Client, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.get(`/repos/${name}/issues`, { params: { per_page: 1 }, signal });
    return false;
  } catch (error) {
    if (error instanceof Absent) return true;
    throw error;
  }
}

/** One question tells of all texts of a discussion. */
function discussionsStanding(client: Client, repository: string): AskStanding {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return async ({ path }, signal) => {
    const [, number = ""] = path.split("/");
    const there = known.get(number) ?? discussionPaths(client, repository, Number(number), signal);
    known.set(number, there);
    return { isThere: (await there).has(path) };
  };
}
