/** From what a user names to the sources that read it. */
import { lstat, rm, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { clone } from "../git/clone.ts";
import { hookEnvironment } from "../git/environment.ts";
import { real } from "../git/git-files.ts";
import { readIndex } from "../git/index-file.ts";
import type { FamilySearch } from "../git/pack/family-search.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { temporaryFolder } from "../git/temporary.ts";
import type { Skip, Source, Target } from "../terms.ts";
import type { ObjectMemory } from "./barren.ts";
import type { ContentsCrew } from "./contents.ts";
import { type FileEntry, type FilesCrew, filesSource, walkFiles } from "./files.ts";
import { HistorySource, storeOf } from "./history.ts";
import { addressOf, type Links, linksOf, withoutUser } from "./links.ts";
import { networkOf } from "./network.ts";
import type { Selection } from "./selection.ts";
import { stagedSource } from "./staged.ts";
import { streamSource } from "./stream.ts";
import { configSource, worktreeSource } from "./worktree.ts";

/** What the user named, and what of it is wanted. */
export interface OpenRequest {
  readonly command: "scan" | "git" | "dir" | "stdin" | "staged";
  readonly paths: readonly string[];
  readonly stdin?: { readonly bytes: AsyncIterable<Uint8Array>; readonly path?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onPhase: (label: string) => void;
  readonly selection: Selection;
  readonly excluded: (path: string) => boolean;
  /** Read files that git ignores, too. */
  readonly ignored: boolean;
  readonly maxFileSize?: number;
  readonly allowShallow: boolean;
  readonly allowPartial: boolean;
  /** Hold every object of history against its id. */
  readonly verifyObjects?: boolean;
  /** Searches delta families of packs. Absent: every blob is looked at whole. */
  readonly families?: FamilySearch;
  /** Reads files of a folder on other threads. */
  readonly crew?: FilesCrew;
  /** Searches blobs of a history on other threads. */
  readonly contents?: ContentsCrew;
  /** Remembers objects of history in which nothing is found. */
  readonly objects?: ObjectMemory;
  /** Take a URL's word for what is allowed in it. */
  readonly trustTarget: boolean;
}

/** One source of a target. */
export interface Part {
  readonly source: Source;
  /** Folder of the part in the target, with its slash; empty for the target itself. */
  readonly prefix: string;
  readonly links?: Links;
}

export interface Opened {
  readonly target: Target;
  readonly parts: readonly Part[];
  /** The repository in which all of it lies, unless it was made to be read or the target is something else. */
  readonly repository?: Repository;
  /** Whether the target may say what is allowed in it: the user's own may, a stranger's only when the user says so. */
  readonly trusted: boolean;
  /** Removes what was made to read the target. */
  close(): Promise<void>;
}

/** What is already here is the user's own, and reading it leaves nothing behind. */
const ours = { trusted: true, close: async () => {} } satisfies Partial<Opened>;

/** The parts of a target, in the order in which they must be read. Throws "target.missing", "target.not-a-repository". */
export async function openTarget(request: OpenRequest): Promise<Opened> {
  const [first = "."] = request.paths;
  if (request.command === "stdin") return openStream(request);
  if (request.command === "dir") return openFolder(request, request.paths);
  if (request.command === "scan" && isAddress(first)) return openAddress(request, first);
  await mustExist(first);
  // Only a hook is told by its environment which repository and index are meant; elsewhere that would bend the scan.
  const told = request.command === "staged" ? { env: hookEnvironment({ ...request.env }, process.cwd()) } : {};
  const repository = await openRepository(resolve(first), told);
  if (!repository && request.command === "scan") return openFolder(request, [first]);
  if (!repository) {
    throw new LeaksweepError(
      "target.not-a-repository",
      `Cannot read history of "${first}": it is not a git repository`,
      {
        hint: `Scan it as plain files: leaksweep dir ${first}`,
      },
    );
  }
  const target = targetOf(request, resolve(first), repository);
  const parts =
    request.command === "staged"
      ? [{ source: await stagedSource(repository, request), prefix: "" }]
      : [...(await repositoryParts(repository, "", request)), ...(await submoduleParts(repository, request))];
  return { target, parts, repository, ...ours };
}

/** Whether git would clone it (`https://…`, `ssh://…`, `git@host:path`) rather than a path. */
export const isAddress = (name: string): boolean =>
  /^[a-z][a-z0-9+.-]+:\/\//i.test(name) || /^[\w.-]+@[\w.-]+:[^\\]/.test(name);

async function mustExist(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new LeaksweepError("target.missing", `Cannot scan "${path}": there is no such file or folder`, {
      hint: "Name a repository, a folder or a URL.",
    });
  }
}

function targetOf({ command, selection }: OpenRequest, path: string, repository: Repository): Target {
  const address = addressOf(repository);
  const { range = null } = selection.kind === "range" ? selection : {};
  const url = address === undefined ? null : withoutUser(address);
  return { kind: command === "staged" ? "staged" : "git", path, url, range };
}

async function openStream({ stdin }: OpenRequest): Promise<Opened> {
  const { bytes = (async function* (): AsyncGenerator<Uint8Array> {})(), path = "stdin" } = stdin ?? {};
  const target: Target = { kind: "stdin", path, url: null, range: null };
  return { target, parts: [{ source: streamSource(bytes, path), prefix: "" }], ...ours };
}

async function openFolder(request: OpenRequest, paths: readonly string[]): Promise<Opened> {
  for (const path of paths) await mustExist(path);
  const [only = "."] = paths;
  const single = paths.length === 1 && (await stat(only)).isDirectory();
  const root = single ? resolve(only) : process.cwd();
  const tops: { file: string; path: string }[] = [];
  for (const path of paths) {
    // Who names a link means what it leads to.
    tops.push({ file: await real(path), path: relative(root, resolve(path)).split(sep).join("/") });
  }
  const entries = (): AsyncIterable<FileEntry | Skip> => walkFiles(outermost(tops), request);
  const source = filesSource(entries, { ...request, label: "files", status: "present", where: "content" });
  const target: Target = { kind: "dir", path: root, url: null, range: null };
  return { target, parts: [{ source, prefix: "" }], ...ours };
}

/** `tops` without those that a walk through an earlier or higher one meets; no walk enters a `.git`. */
const outermost = <T extends { readonly file: string }>(tops: readonly T[]): T[] =>
  tops.filter(
    ({ file }, i) =>
      !tops.some((other, j) => {
        const steps = relative(other.file, file).split(sep);
        if (steps[0] === "") return j < i;
        return steps[0] !== ".." && !isAbsolute(steps.join(sep)) && !steps.includes(".git");
      }),
  );

/** Clones into a folder of our own, scans that, and removes it again. */
async function openAddress({ objects: _gone, ...request }: OpenRequest, address: string): Promise<Opened> {
  const folder = await temporaryFolder();
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    request.onPhase("cloning");
    await clone(address, join(folder, "repository.git"), {
      ...networkOf(request.env, address),
      signal: request.signal,
      // Other stages are words of whatever else git happened to say in the same breath.
      onProgress: ({ stage, percent }) => {
        if (/^re(?:mote|ceiving|solving)$/.test(stage)) request.onPhase(`cloning · ${stage} ${percent}%`);
      },
    });
    const repository = await openRepository(join(folder, "repository.git"));
    if (!repository) throw new Error("the clone is not a repository");
    const shown = withoutUser(address);
    const target = { ...targetOf(request, shown, repository), url: shown };
    return { target, parts: [historyPart(repository, "", request)], trusted: request.trustTarget, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function historyPart(repository: Repository, prefix: string, request: OpenRequest): Part & { source: HistorySource } {
  const store = storeOf(repository, request);
  return { source: new HistorySource(repository, store, request), prefix, links: linksOf(repository) };
}

/** History; for `scan` also what git has not got yet; and the same for submodules that are checked out. */
async function repositoryParts(repository: Repository, prefix: string, request: OpenRequest): Promise<Part[]> {
  const history = historyPart(repository, prefix, request);
  const parts: Part[] = [history];
  const excluded = (path: string): boolean => request.excluded(prefix + path);
  if (request.command === "scan") parts.push({ source: configSource(repository), prefix });
  if (request.command === "scan" && repository.workTree !== undefined) {
    const index = await readIndex(repository, { indexFile: repository.git.place?.indexFile });
    parts.push({
      source: worktreeSource(repository, { ...request, excluded, history: history.source, index }),
      prefix,
    });
  }
  return parts;
}

/** The parts of every submodule whose repository is here, and of theirs; `seen` are git folders that have been read. */
async function submoduleParts(
  repository: Repository,
  request: OpenRequest,
  { prefix, seen }: { prefix: string; seen: Set<string> } = { prefix: "", seen: new Set() },
): Promise<Part[]> {
  if (request.selection.kind === "range") return [];
  seen.add(await real(repository.commonDir));
  const parts: Part[] = [];
  for (const { path, gitDir, workTree } of await repository.submodules()) {
    if (seen.has(gitDir)) continue;
    const inner = await openRepository(gitDir, { known: { ...(workTree !== undefined && { workTree }) } });
    if (!inner) continue;
    const here = `${prefix}${path}/`;
    if (workTree === undefined) parts.push(...(await strandedPart(repository, path, { request, prefix })));
    parts.push(...(await repositoryParts(inner, here, request)));
    parts.push(...(await submoduleParts(inner, request, { prefix: here, seen })));
  }
  return parts;
}

/** A fault for a submodule that has files here and whose `.git` leads nowhere: nobody can say what of it git tracks. */
async function strandedPart(
  { workTree }: Repository,
  path: string,
  { request, prefix }: { request: OpenRequest; prefix: string },
): Promise<Part[]> {
  if (request.command !== "scan" || workTree === undefined) return [];
  if (!(await lstat(join(workTree, path, ".git")).catch(() => undefined))) return [];
  const reason = "is a submodule whose .git file leads nowhere: its files were not read";
  const source = filesSource(
    async function* () {
      yield { path, by: "fault", reason } as const;
    },
    { ...request, label: "submodule", status: "uncommitted", where: "content" },
  );
  return [{ source, prefix }];
}
