/**
 * What is remembered of a target, and which part of it must be read again. Of a repository its tips are remembered:
 * what they reach was read, under the rules of that day. A later sweep reads what is new beyond them. It reads all
 * again when what was found before may have changed: a push that touches a place of a finding, a branch that is gone.
 */
import { createHash } from "node:crypto";
import { openGit } from "../git/git.ts";
import type { TextCursor } from "../sources/forge.ts";
import type { Occurrence } from "../terms.ts";
import type { CountedSkip } from "./counted-skips.ts";

/** Column `memory` of a target. */
export interface Memory {
  /** Digest of all refs by name: equal means that nothing moved. */
  readonly refs?: string;
  /** Ids that refs led to. */
  readonly tips?: readonly string[];
  /** Lost heads that were read. */
  readonly lost?: readonly string[];
  /** Lost heads that the forge has no more. */
  readonly lostGone?: readonly string[];
  /** Lost heads that could not be had, to be tried again. */
  readonly lostUnread?: readonly string[];
  readonly lostCursor?: TextCursor;
  /** Where reading of texts stands. */
  readonly texts?: TextCursor;
  /** Tags of the texts in which secrets stand, by path. */
  readonly etags?: Readonly<Record<string, string>>;
  /** Texts of which the forge did not say whether they are still there, to be asked for again. */
  readonly unanswered?: readonly string[];
  /** How far a visit to texts has come that is not at its end. */
  readonly progress?: Progress;
}

/** What a visit to texts that goes on in another job has behind it. */
export interface Progress {
  /** The sweep of the visit: in another one it is void. */
  readonly sweep: number;
  readonly cursor: TextCursor;
  readonly skips: readonly CountedSkip[];
  readonly bytes: number;
  readonly texts: number;
  /** Texts are read from the first on, known ones too. */
  readonly again?: boolean;
  /** All is read, and these texts are still to be asked for, whether they are there. */
  readonly toAsk?: readonly string[];
  /** Of those that were asked for, the texts of which the forge did not say. */
  readonly unanswered?: readonly string[];
}

/** Digest of refs by name. */
export function refsDigest(refs: ReadonlyMap<string, string>): string {
  const lines = [...refs].map(([name, oid]) => `${name} ${oid}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

/** Which part of a repository is to be read. */
export type Part =
  | { readonly kind: "all"; readonly why: string }
  | { readonly kind: "nothing" }
  /** A range as `scan` takes it. */
  | { readonly kind: "new"; readonly range: string };

/** A place where a secret is known to be, in a repository or in the one it was forked from. */
export interface KnownPlace {
  readonly fingerprint: string;
  readonly occurrences: readonly Occurrence[];
  /** Occurrences that are not remembered one by one. */
  readonly further: number;
}

interface Change {
  /** The mirror. */
  readonly dir: string;
  readonly now: readonly string[];
  /** Tips whose history was read; those that are not in the mirror are of no use. */
  readonly before: readonly string[];
  readonly known: readonly KnownPlace[];
  readonly signal: AbortSignal;
}

/** The part of a mirror to read, once what `before` reaches has been read under the same rules. */
export async function partToRead({ dir, now, before, known, signal }: Change): Promise<Part> {
  if (before.length === 0) return { kind: "all", why: "nothing of it was read before" };
  const git = openGit({ gitDir: dir }, { signal });
  const exclude = before.map((oid) => `^${oid}`);
  const added = now.filter((oid) => !before.includes(oid));
  if (known.length > 0) {
    const lost = await git.run(["rev-list", "--max-count=1", "--stdin"], {
      input: lines([...before, ...now.map((oid) => `^${oid}`)]),
    });
    if (lost !== "") return { kind: "all", why: "a branch with a finding in it may be gone" };
    if (added.length > 0 && known.some(({ further }) => further > 0)) {
      return { kind: "all", why: "not all places of a finding are remembered" };
    }
    const touched = await touches(dir, { revisions: [...added, ...exclude], known, signal });
    if (touched) return { kind: "all", why: "a commit touches the place of a finding" };
  }
  if (added.length === 0) return { kind: "nothing" };
  return { kind: "new", range: [...added, ...exclude].join(" ") };
}

interface Touch {
  readonly revisions: readonly string[];
  readonly known: readonly KnownPlace[];
  readonly signal: AbortSignal;
}

/** Whether one of the commits changes a file where a finding is, or has one of its blobs come or go. */
async function touches(dir: string, { revisions, known, signal }: Touch): Promise<boolean> {
  if (!revisions.some((revision) => !revision.startsWith("^"))) return false;
  const git = openGit({ gitDir: dir }, { signal });
  const paths = new Set(known.flatMap(({ occurrences }) => occurrences.map(({ path }) => path)));
  const blobs = new Set(known.flatMap(({ occurrences }) => occurrences.flatMap(({ blob }) => blob ?? [])));
  const commits = git.stream(["rev-list", "--stdin"], { input: lines(revisions) });
  const flags = ["--stdin", "-r", "-m", "--root", "--raw", "--no-renames", "--no-abbrev", "-z"];
  const changes = git.stream(["diff-tree", ...flags], { input: commits });
  let rest = "";
  for await (const part of changes) {
    const fields = (rest + part.toString("utf8")).split("\0");
    rest = fields.pop() ?? "";
    for (const field of fields) {
      if (!field.startsWith(":")) {
        if (paths.has(field)) return true;
        continue;
      }
      const [, , before = "", after = ""] = field.split(" ");
      if (blobs.has(before) || blobs.has(after)) return true;
    }
  }
  return false;
}

/** Which of `commits` can be reached from the refs of the mirror at `dir`. */
export async function reachable(
  dir: string,
  commits: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (commits.size === 0) return found;
  let rest = "";
  for await (const part of openGit({ gitDir: dir }, { signal }).stream(["rev-list", "--all"])) {
    const ids = (rest + part.toString("latin1")).split("\n");
    rest = ids.pop() ?? "";
    for (const id of ids) if (commits.has(id)) found.add(id);
    if (found.size === commits.size) break;
  }
  return found;
}

const lines = (words: readonly string[]): readonly string[] => words.map((word) => `${word}\n`);
