/** What people wrote around a repository: issues, pull requests, reviews, comments, release notes, logs of workflows. */
import { Absent, type ForgeText, type TextCursor, type TextKind, type TextPage, Unreadable } from "../forge.ts";
import type { Client } from "./client.ts";
import { discussions } from "./discussions.ts";
import { issues } from "./issues.ts";
import { readWhole } from "./whole.ts";

/** How the texts of one kind are read. */
type Reader = (client: Client, subject: string, cursor: TextCursor, signal: AbortSignal) => AsyncIterable<TextPage>;

const readers: Readonly<Record<TextKind, Reader>> = {
  issues,
  discussions,
  releases: (client, subject, cursor, signal) =>
    readWhole(client, { name: "releases", path: `/repos/${subject}/releases` }, cursor, signal),
  "gist-comments": (client, subject, cursor, signal) =>
    readWhole(client, { name: "comments", path: `/gists/${gistId(subject)}/comments` }, cursor, signal),
  "actions-logs": actionsLogs,
};

/** Texts of a kind from where `cursor` stands, page by page. */
export const readTexts =
  (
    client: Client,
    kind: TextKind,
    subject: string,
  ): ((cursor: TextCursor, signal: AbortSignal) => AsyncIterable<TextPage>) =>
  (cursor, signal) =>
    readers[kind](client, subject, cursor, signal);

const gistId = (address: string): string => /([0-9a-f]+)(?:\.git)?\/?$/.exec(address)?.[1] ?? address;

interface Run {
  readonly id: number;
  readonly html_url: string;
  readonly created_at: string;
  readonly actor?: { readonly login: string } | null;
}

/** Runs are listed newest first, so that reading ends at the newest that was read before. */
async function* actionsLogs(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const newest = Number(cursor.run ?? 0);
  let highest = newest;
  let next: string | undefined = `/repos/${repository}/actions/runs?per_page=100`;
  while (next !== undefined) {
    const page: { data: { workflow_runs: readonly Run[] }; next?: string } = await client.get(next, { signal });
    const runs = page.data.workflow_runs.filter(({ id }) => id > newest);
    for (const run of runs) {
      highest = Math.max(highest, run.id);
      yield { ...(await logsOf(client, repository, run, signal)), cursor };
    }
    next = runs.length < page.data.workflow_runs.length ? undefined : page.next;
  }
  yield { texts: [], cursor: { ...cursor, run: String(highest) }, faults: [], passed: [] };
}

/** The logs of a run's jobs, which unlike those of the run come as plain text. */
async function logsOf(
  client: Client,
  repository: string,
  run: Run,
  signal: AbortSignal,
): Promise<Omit<TextPage, "cursor">> {
  const texts: ForgeText[] = [];
  const passed: string[] = [];
  let next: string | undefined = `/repos/${repository}/actions/runs/${run.id}/jobs?per_page=100`;
  while (next !== undefined) {
    const page: { data: { jobs: readonly { id: number; html_url?: string | null }[] }; next?: string } =
      await client.get(next, { signal });
    for (const { id, html_url } of page.data.jobs) {
      const log = await logOf(client, `/repos/${repository}/actions/jobs/${id}/logs`, signal);
      if (log === undefined) passed.push("the log of a job has expired");
      else
        texts.push({
          path: `runs/${run.id}/${id}.log`,
          body: log,
          url: html_url ?? run.html_url,
          author: run.actor?.login ?? "ghost",
          date: run.created_at,
        });
    }
    next = page.next;
  }
  return { texts, faults: [], passed };
}

async function logOf(client: Client, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { data } = await client.get<unknown>(path, { signal });
    return typeof data === "string" ? data : Buffer.from(data as ArrayBuffer).toString("utf8");
  } catch (error) {
    if (error instanceof Absent || (error instanceof Unreadable && /404/.test(error.message))) return undefined;
    throw error;
  }
}
