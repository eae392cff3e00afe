/**
 * Whether texts that were read once are still there. Where a list tells what is new by its time, it does not say what
 * was deleted from it, so each text is asked for by itself: with a tag where there is one, so that the answer costs
 * nothing of the limit while the text is as it was.
 */
import { Absent, type Asker, type ReadText, type Standing, type TextKind } from "../forge.ts";
import type { Client } from "./client.ts";
import { discussionPaths } from "./discussions.ts";
import { gistId } from "./texts.ts";
import { isMissing } from "./unread.ts";

/** How the texts of a folder are asked for. */
interface Folder {
  /** Where the API has a text, by the ids in its path; nothing for a path that says too little. */
  readonly at: (subject: string, ids: readonly string[], text: ReadText) => string | undefined;
  /** Whether each sweep asks for them, and the answers have tags; of a list that tells when nothing changed none is. */
  readonly givesTags?: boolean;
  /** They can be switched off for the whole repository, to come back one day. */
  readonly canBeOff?: boolean;
}

const folders: Readonly<Record<string, Folder>> = {
  issues: {
    // Its path has the id, by which the API knows no issue; the page has the number.
    at: (name, _ids, { url }) => {
      const [, number] = /\/(?:issues|pull)\/(\d+)(?:$|[#?])/.exec(url ?? "") ?? [];
      return number === undefined ? undefined : `/repos/${name}/issues/${number}`;
    },
    givesTags: true,
    canBeOff: true,
  },
  "issue-comments": {
    at: (name, [id]) => `/repos/${name}/issues/comments/${id}`,
    givesTags: true,
    canBeOff: true,
  },
  "code-comments": { at: (name, [id]) => `/repos/${name}/pulls/comments/${id}`, givesTags: true },
  "commit-comments": { at: (name, [id]) => `/repos/${name}/comments/${id}` },
  reviews: { at: (name, [pull, id]) => `/repos/${name}/pulls/${pull}/reviews/${id}`, givesTags: true },
  releases: { at: (name, [id]) => `/repos/${name}/releases/${id}` },
  comments: { at: (gist, [id]) => `/gists/${gistId(gist)}/comments/${id}` },
  runs: { at: (name, [_run, job]) => `/repos/${name}/actions/jobs/${job}/logs` },
};

const partsOf = (path: string): readonly string[] => path.replace(/\.\w+$/, "").split("/");

const folderOf = (path: string): Folder | undefined => folders[partsOf(path)[0] ?? ""];

/** Asks for texts of one kind of a repository or gist. */
export function standingOf(client: Client, kind: TextKind, subject: string): Asker {
  if (kind === "discussions") return discussionsStanding(client, subject);
  let off: Promise<boolean> | undefined;
  return {
    givesTag: (path) => folderOf(path)?.givesTags === true,
    async ask(text, signal) {
      const folder = folderOf(text.path);
      const address = folder?.at(subject, partsOf(text.path).slice(1), text);
      if (address === undefined) return { isThere: true };
      try {
        return await asked(client, address, { ...(text.etag !== undefined && { etag: text.etag }), signal });
      } catch (error) {
        if (!isMissing(error) && !(error instanceof Absent)) throw error;
        // The API says the same of one that was deleted and of all where they are switched off.
        if (!folder?.canBeOff) return { isThere: false };
        off ??= areOff(client, subject, signal);
        return { isThere: await off };
      }
    },
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
function discussionsStanding(client: Client, repository: string): Asker {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return {
    givesTag: () => false,
    async ask({ path }, signal) {
      const [, number = ""] = path.split("/");
      const there = known.get(number) ?? discussionPaths(client, repository, Number(number), signal);
      known.set(number, there);
      return { isThere: (await there).has(path) };
    },
  };
}
