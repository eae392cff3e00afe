/** What people wrote around a repository: issues, pull requests, reviews, comments, release notes, logs of workflows. */
import type { TextCursor, TextKind, TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { discussions } from "./discussions.ts";
import { issues } from "./issues.ts";
import { readWhole } from "./whole.ts";
import { workflowLogs } from "./workflow-logs.ts";

/** How the texts of one kind are read. */
type Reader = (client: Client, subject: string, cursor: TextCursor, signal: AbortSignal) => AsyncIterable<TextPage>;

const readers: Readonly<Record<TextKind, Reader>> = {
  issues,
  discussions,
  releases: (client, subject, cursor, signal) =>
    readWhole(client, { name: "releases", path: `/repos/${subject}/releases` }, cursor, signal),
  "gist-comments": (client, subject, cursor, signal) =>
    readWhole(client, { name: "comments", path: `/gists/${gistId(subject)}/comments` }, cursor, signal),
  "actions-logs": workflowLogs,
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

/** The id of a gist, from the address that git clones. */
export const gistId = (address: string): string => /([0-9a-f]+)(?:\.git)?\/?$/.exec(address)?.[1] ?? address;
