/** One run of the compatibility mode: from what gitleaks would have been told to the rows that it would report. */
import { statSync } from "node:fs";
import { posix, relative, resolve } from "node:path";
import { readForeign } from "../config/foreign.ts";
import { defaults, type Plan } from "../config/plan.ts";
import { configOf, type Foreign } from "../foreign/inputs.ts";
import { type PathRule, pathMatch } from "../foreign/path-rule.ts";
import { type Row, readRows } from "../foreign/row.ts";
import { foreignId } from "../foreign/rule.ts";
import { patchFormat, readCommits } from "../git/patch.ts";
import type { Repository } from "../git/repository.ts";
import { type ScanRequest, scan } from "../scan.ts";
import { walkFiles } from "../sources/files.ts";
import { addressOf, withoutUser } from "../sources/links.ts";
import type { PatchesOptions, PatchHome } from "../sources/patches.ts";
import type { Permit, Result, Rule } from "../terms.ts";
import type { Traces } from "../triage/findings.ts";
import { isKnown } from "./baseline.ts";
import { findInputs, type InputFlags, type Inputs } from "./inputs.ts";
import { type Forge, forgeOf, linkTo } from "./link.ts";
import { openLinked } from "./linked.ts";
import { extras, openGitTarget } from "./open.ts";
import type { Report } from "./reports.ts";
import { type Draft, draftOf, draftRows, type RowOptions, rowOf } from "./rows.ts";
import { type Choice, chooseStandIns } from "./stand-in.ts";

export interface SurveyRequest extends Pick<ScanRequest, "env" | "signal" | "now"> {
  readonly kind: "git" | "dir" | "stdin";
  /** As typed; empty for a pipe. */
  readonly source: string;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly git: Pick<PatchesOptions, "of" | "logOptions"> & {
    readonly allowShallow: boolean;
    readonly platform?: string;
  };
  readonly inputs: InputFlags;
  readonly baseline?: string;
  /** Ids of the only rules that take part; empty: all do. */
  readonly only: readonly string[];
  /** Lines with `gitleaks:allow` are left out. */
  readonly comments: boolean;
  /** Bytes. */
  readonly maxFileSize?: number;
  /** As `Plan` has them; gitleaks itself opens no archive unless it is told to. */
  readonly maxArchiveDepth: number;
  readonly maxDecodeDepth?: number;
  /** In a folder read what links lead to, where that is a file. */
  readonly followLinks: boolean;
  /** Secrets in the baseline do not tell themselves. */
  readonly redact: boolean;
}

export interface Survey extends Report {
  readonly result: Result;
  /** What the user should know of the files that told what to do. */
  readonly notes: readonly string[];
}

/** Runs it. Throws what `scan` throws, and for files that cannot be used. */
export async function survey(request: SurveyRequest): Promise<Survey> {
  const found = await findInputs(request.source || ".", request.inputs, request);
  const baseline = request.baseline === undefined ? [] : readRows(await readForeign(request.baseline, request.cwd));
  const choice = choiceOf(request, found);
  const seen = await watch(request, planOf(request, found, choice));
  const options = rowOptions(request, found, seen);
  const drafts = [...draftRows(seen.traces, options), ...(await pathDrafts(request, seen, options))];
  const { repository } = seen;
  const own = new Set(seen.foreign.described.map(({ id }) => id));
  const rows = (await withCommits(drafts, repository, forgeFor(request, repository))).filter(
    (row) => !isKnown(row, baseline, { redact: request.redact, standsIn: !own.has(row.RuleID) }),
  );
  const rules = [...seen.foreign.described, ...choice.stoodFor];
  return { rows, rules, result: seen.result, notes: notesOf(found, choice, seen.foreign) };
}

function choiceOf({ only }: SurveyRequest, { inputs, standIn }: Inputs): Choice {
  const config = inputs.map((input) => configOf(input)).find((one) => one !== undefined);
  if (standIn) return chooseStandIns(config, only);
  return { builtin: false, enable: [], disable: [], stoodFor: [], notes: [], ...(only.length > 0 && { only }) };
}

function planOf(
  { maxFileSize, maxArchiveDepth, maxDecodeDepth }: SurveyRequest,
  { inputs }: Inputs,
  { builtin, enable, disable, only }: Choice,
): Plan {
  return {
    ...defaults,
    ignored: true,
    minConfidence: "low",
    ...(maxFileSize !== undefined && { maxFileSize }),
    ...(maxDecodeDepth !== undefined && { maxDecodeDepth }),
    maxArchiveDepth,
    enable,
    disable,
    foreign: { inputs, builtin, alone: true, ...(only && { only }) },
  };
}

/** All that a scan showed. */
interface Seen {
  readonly result: Result;
  readonly traces: readonly Traces[];
  readonly foreign: Foreign;
  readonly repository: Repository | undefined;
  /** Files that commits touch, for rules that look at paths alone. */
  readonly touched: ReadonlyMap<string, PatchHome>;
  /** What links in a folder lead to, by the path of the link. */
  readonly links: ReadonlyMap<string, string>;
}

async function watch(request: SurveyRequest, plan: Plan): Promise<Seen> {
  const { kind, source, cwd, env, git, signal, now, stdin } = request;
  const touched = new Map<string, PatchHome>();
  const links = new Map<string, string>();
  const isLinked = request.followLinks && isFolder(request);
  const onHunk = (home: PatchHome): void => void touched.set(`${home.commit?.commit ?? ""}\0${home.path}`, home);
  const git_ = kind === "git" ? await openGitTarget({ ...git, source, cwd, env, onHunk }) : undefined;
  let traced: { readonly traces: readonly Traces[]; readonly foreign: Foreign } | undefined;
  const result = await scan({
    command: kind,
    paths: kind === "dir" ? [resolve(cwd, source)] : [],
    plan,
    env,
    signal,
    now,
    ...(kind === "stdin" && { stdin: { bytes: stdin, path: "" } }),
    ...(git_ && { opened: async () => git_.opened }),
    ...(isLinked && { opened: async (excluded) => openLinked(request, { excluded, links }) }),
    onTraced: (traces, foreign) => {
      if (foreign !== undefined) traced = { traces, foreign };
    },
  });
  if (traced === undefined) throw new Error("A scan with foreign files showed nothing of them");
  return { result, ...traced, repository: git_?.repository, touched, links };
}

const isFolder = ({ kind, source, cwd }: SurveyRequest): boolean =>
  kind === "dir" && statSync(resolve(cwd, source), { throwIfNoEntry: false })?.isDirectory() === true;

function rowOptions(request: SurveyRequest, { configPath }: Inputs, { foreign, links }: Seen): RowOptions {
  const { permits, ignores, tags } = foreign;
  const { source, kind, cwd, baseline, comments } = request;
  // gitleaks looks into neither its config nor its baseline, where it meets them under that name.
  const own = [configPath, ...(baseline === undefined ? [] : [relative(resolve(cwd, source), resolve(cwd, baseline))])];
  const ownFiles: Permit = ({ path }) => (own.includes(path) ? { reason: "is a file of gitleaks itself" } : undefined);
  const isInFolder = isFolder(request);
  const nameOf = (path: string): string => {
    if (kind === "stdin") return "";
    if (kind === "git") return path;
    return isInFolder ? posix.join(source, path) : source;
  };
  return {
    permits: [ownFiles, ...permits],
    ignores,
    fileOf: (path) => links.get(path) ?? nameOf(path),
    linkOf: (path) => (links.has(path) ? nameOf(path) : ""),
    tagsOf: (rule: Rule) => tags.get(foreignId(rule)) ?? [],
    comments,
    extras: kind === "git" ? extras : [],
  };
}

/** The rows of rules that look at paths alone. */
async function pathDrafts(request: SurveyRequest, seen: Seen, options: RowOptions): Promise<readonly Draft[]> {
  const { pathRules } = seen.foreign;
  if (pathRules.length === 0) return [];
  const places = request.kind === "git" ? touchedPlaces(seen) : await filePlaces(request, options);
  return places.flatMap((place) =>
    pathRules.flatMap((rule: PathRule) => {
      if (!rule.test(place.path)) return [];
      const { link, ...at } = place;
      return draftOf({ ...at, where: "content", match: pathMatch(rule) }, link, options) ?? [];
    }),
  );
}

interface FilePlace {
  readonly path: string;
  /** See `RowOptions`. */
  readonly link: string;
  readonly commit?: string;
}

const touchedPlaces = ({ touched }: Seen): readonly FilePlace[] =>
  [...touched.values()].map(({ path, commit }) => ({ path, link: "", ...(commit && { commit: commit.commit }) }));

async function filePlaces(
  { kind, source, cwd }: SurveyRequest,
  { fileOf, linkOf }: RowOptions,
): Promise<readonly FilePlace[]> {
  if (kind === "stdin") return [];
  const places: FilePlace[] = [];
  for await (const entry of walkFiles([{ file: resolve(cwd, source), path: "" }], { excluded: () => false })) {
    if ("file" in entry) places.push({ path: fileOf(entry.path), link: linkOf(entry.path) });
  }
  return places;
}

function forgeFor({ git }: SurveyRequest, repository: Repository | undefined): Forge | undefined {
  if (repository === undefined || git.of !== "log") return undefined;
  const address = addressOf(repository);
  return forgeOf(address && withoutUser(address), git.platform);
}

/** Rows with what git knows of their commits. */
async function withCommits(
  drafts: readonly Draft[],
  repository: Repository | undefined,
  forge: Forge | undefined,
): Promise<readonly Row[]> {
  const ids = [...new Set(drafts.map(({ Commit }) => Commit).filter((id) => id !== ""))];
  const commits =
    repository === undefined || ids.length === 0
      ? new Map()
      : await readCommits(
          repository.git.stream(["log", "--no-walk=unsorted", `--format=${patchFormat}`, "--stdin"], {
            input: ids.map((id) => `${id}\n`),
          }),
        );
  return drafts.map((draft) => rowOf(draft, commits.get(draft.Commit), forge && linkTo(forge, draft)));
}

function notesOf({ standIn }: Inputs, choice: Choice, { notes }: Foreign): readonly string[] {
  const default_ =
    "the rules that come with gitleaks are not part of leaksweep, whose own stand in for them, under their ids; for exactly those, name a copy: --default-config gitleaks.toml";
  return [
    ...(standIn ? [default_] : []),
    ...choice.notes,
    ...notes.map(({ at, rule, text }) => `${at}: ${rule === undefined ? "" : `rule "${rule}": `}${text}`),
  ];
}
