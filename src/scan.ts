/**
 * The pipeline, and nothing but: target → sources → engine → trace → findings → result. It decides nothing itself;
 * it is where the rooms that must not know each other meet.
 */
import { availableParallelism } from "node:os";
import type { Plan } from "./config/plan.ts";
import { tableFor } from "./crew/prefilter.ts";
import { fastEngine } from "./detect/engine/fast.ts";
import { isBounded } from "./detect/engine/spot.ts";
import type { Table } from "./detect/engine/table.ts";
import type { Foreign } from "./foreign/inputs.ts";
import type { FamilySearch } from "./git/pack/family-search.ts";
import { Kernel } from "./kernel/kernel.ts";
import type { ResultMemory } from "./memory/results.ts";
import { type ChosenRules, chooseRules, compileChosen } from "./rules/choice.ts";
import { joinRulepacks } from "./rules/compiled.ts";
import type { ObjectMemory } from "./sources/barren.ts";
import type { FilesCrew } from "./sources/files.ts";
import type { Opened, Part } from "./sources/open.ts";
import type { Selection } from "./sources/selection.ts";
import type {
  BaselineEntry,
  Confidence,
  Engine,
  Finding,
  Result,
  Rule,
  Rulepack,
  Sighting,
  Skip,
  Tally,
} from "./terms.ts";
import { audit } from "./triage/baseline-edit.ts";
import type { Traces, Weighing } from "./triage/findings.ts";
import { defaultDepth } from "./unpack/magic.ts";

export interface ScanRequest {
  readonly command: "scan" | "git" | "dir" | "stdin" | "staged" | "push";
  /** The target, where it is open already: `command` and `paths` then say nothing. */
  readonly opened?: (excluded: (path: string) => boolean) => Promise<Opened>;
  /** One path; several for `dir`; none for `stdin` and `staged`, which mean the current folder's repository. */
  readonly paths: readonly string[];
  readonly stdin?: { readonly bytes: AsyncIterable<Uint8Array>; readonly path?: string };
  readonly plan: Plan;
  /** Where GIT_DIR, GIT_INDEX_FILE and the like are looked up, for runs inside a hook. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: ScanEvent) => void) | undefined;
  /** Is shown what findings are made of, for reports that count otherwise. */
  readonly onTraced?: (traces: readonly Traces[], foreign: Foreign | undefined) => void;
  readonly now: () => Date;
  /** Findings below it may be left out: nobody will see them, and to name a short secret takes 50 ms. */
  readonly least?: Confidence;
}

export type ScanEvent =
  | { readonly kind: "phase"; readonly label: string }
  | {
      readonly kind: "progress";
      readonly label: string;
      /** 0 to 1; 0 where a source does not know how much there is. */
      readonly share: number;
      readonly contents: number;
      readonly bytes: number;
      readonly matches: number;
    };

/**
 * Runs one scan. When the signal aborts it, it resolves with what was found so far and a fault skip that says so.
 * Throws `LeaksweepError` when nothing could be scanned: no such target, a rule or config that is wrong, no git.
 */
export async function scan(request: ScanRequest): Promise<Result> {
  const started = request.now();
  const { maxDecodeDepth, maxArchiveDepth: archiveDepth = defaultDepth } = request.plan;
  const foreign = await foreignOf(request.plan);
  const chosen = request.plan.foreign?.builtin === false ? undefined : await chooseRules(request.plan);
  const rulepack = await rulepackOf(chosen, foreign?.rules);
  // Rules of other scanners are not known to other threads.
  const ownRules = foreign === undefined || foreign.rules.length === 0 ? chosen : undefined;
  const table = tableFor(rulepack, chosen?.hash !== undefined);
  const matcher = fastEngine(rulepack, {
    kernel: new Kernel(),
    table,
    ...(maxDecodeDepth !== undefined && { decodeDepth: maxDecodeDepth }),
    ...(foreign && { passage: foreign.passage }),
  });
  const engine: Engine = { ...matcher, archiveDepth };
  const excluded = await exclusion(request.plan);
  const run = new Run(request, engine, excluded);
  const opened = await (request.opened?.(excluded) ??
    open(request, {
      excluded,
      families: ownRules && familiesOf({ rulepack, rules: ownRules, table }, request),
      objects: await objectsOf(request, rulepack),
      crew: foreign === undefined && chosen ? crewOf({ rulepack, rules: chosen }, request) : undefined,
    }));
  try {
    const memory = await resultsOf(request, { opened, rulepack, now: started.getTime() });
    const remembered = await memory?.recall();
    if (remembered) {
      const seconds = (request.now().getTime() - started.getTime()) / 1000;
      return { ...remembered, tally: { ...remembered.tally, seconds } };
    }
    await run.read(opened);
    const traces = await run.trace();
    const today = started.toISOString().slice(0, 10);
    request.onTraced?.(traces, foreign);
    const permits = [...(foreign?.permits ?? []), ...(foreign?.ignores ?? [])];
    const { plan, least } = request;
    const found = await findingsOf(traces, { plan, comments: opened.trusted, permits, today, ...(least && { least }) });
    const { baseline } = request.plan;
    const complete = !run.skips.some(({ by }) => by === "fault");
    const canTell = complete ? entriesMet(request, engine.rulepack) : () => false;
    const seconds = (request.now().getTime() - started.getTime()) / 1000;
    const result: Result = {
      target: opened.target,
      rules: engine.rulepack.hash,
      complete,
      tally: { ...run.tally, skipped: run.skips.length, seconds },
      skips: run.skips.sort(compareSkips),
      findings: found,
      ...(baseline && { baseline: audit(baseline, { findings: found, canTell, today }) }),
    };
    if (!request.signal.aborted) await memory?.keep(result);
    return result;
  } finally {
    await opened.close();
  }
}

/** Where the plan lets anything be remembered: not where it wants every byte to be read. */
const cacheOf = ({ command, plan }: ScanRequest): string | undefined =>
  (command === "scan" || command === "git") && !plan.fullBlobs && !plan.verifyObjects ? plan.cache : undefined;

/** What is remembered of the target, where that is a repository of which all is read. */
async function resultsOf(
  request: ScanRequest,
  { opened, rulepack, now }: { opened: Opened; rulepack: Rulepack; now: number },
): Promise<ResultMemory | undefined> {
  const { command, plan, paths } = request;
  const folder = cacheOf(request);
  // What files of other scanners say that means nothing here is told by who reads them.
  if (folder === undefined || opened.repository === undefined || plan.foreign !== undefined) return undefined;
  const { ResultMemory } = await import("./memory/results.ts");
  const { cache: _cache, jobs: _jobs, timeoutMs: _timeout, ...asked } = plan;
  const ends = [...(plan.baseline ?? []), ...plan.allow].some(({ until }) => until !== undefined);
  const day = ends && new Date(now).toISOString().slice(0, 10);
  return ResultMemory.of(opened.repository, {
    folder,
    rulepack,
    asked: [command, paths, asked, day],
    now,
    ...(command === "scan" && { files: { ignored: plan.ignored } }),
  });
}

/** What is remembered of objects. */
async function objectsOf(request: ScanRequest, { hash }: Rulepack): Promise<ObjectMemory | undefined> {
  const folder = cacheOf(request);
  if (folder === undefined) return undefined;
  const { objectMemory } = await import("./memory/objects.ts");
  const { maxDecodeDepth = null, maxArchiveDepth = null } = request.plan;
  return objectMemory(folder, [hash, maxDecodeDepth, maxArchiveDepth]);
}

const inState = (entries: readonly BaselineEntry[] = [], state: BaselineEntry["state"]): readonly BaselineEntry[] =>
  entries.filter((entry) => entry.state === state);

/**
 * Which entries of a baseline a complete run must have met, if their secrets are still anywhere: none, when it read
 * only a part of the repository; else those of the rules that took part, and all when every rule did.
 */
function entriesMet({ command, plan }: ScanRequest, { rules }: Rulepack): (entry: BaselineEntry) => boolean {
  const all = (command === "scan" || command === "git") && selectionOf(plan).kind === "all";
  if (!all) return () => false;
  if (plan.enable.length + plan.disable.length === 0) return () => true;
  const asked = new Set(rules.map(({ id }) => id));
  return ({ rule }) => asked.has(rule);
}

/** How packs are searched by families; not at all where the user or a rule wants every blob to be looked at whole. */
function familiesOf(
  { rulepack, ...made }: { readonly rulepack: Rulepack; readonly rules: ChosenRules; readonly table: Table },
  { command, plan }: ScanRequest,
): FamilySearch | undefined {
  const isHistory = command === "scan" || command === "git";
  const isWhole = plan.fullBlobs || plan.verifyObjects;
  if (!isHistory || isWhole || !rulepack.rules.every(isBounded)) return undefined;
  return async function* (packs, asked) {
    const { crewSearch } = await import("./crew/crew.ts");
    const { jobs = availableParallelism(), maxDecodeDepth, maxArchiveDepth: archiveDepth = defaultDepth } = plan;
    const decoding = maxDecodeDepth !== undefined && { decodeDepth: maxDecodeDepth };
    // What files of other scanners allow hangs on what stands around a match, which is seen in whole blobs only.
    const leavesFound = plan.foreign !== undefined;
    yield* crewSearch(rulepack, { jobs, archiveDepth, leavesFound, ...made, ...decoding })(packs, asked);
  };
}

/** How files of a folder are read on other threads, where there is more than one. */
function crewOf(
  { rulepack, rules }: { readonly rulepack: Rulepack; readonly rules: ChosenRules },
  { plan }: ScanRequest,
): FilesCrew | undefined {
  const {
    jobs = availableParallelism(),
    maxDecodeDepth,
    maxArchiveDepth: archiveDepth = defaultDepth,
    maxFileSize,
  } = plan;
  if (jobs < 2) return undefined;
  return async function* (lots, signal) {
    const { filesCrew } = await import("./crew/file-crew.ts");
    const limits = {
      ...(maxDecodeDepth !== undefined && { decodeDepth: maxDecodeDepth }),
      ...(maxFileSize !== undefined && { maxFileSize }),
    };
    yield* filesCrew(rulepack, { jobs, rules, archiveDepth, ...limits })(lots, signal);
  };
}

interface Opening {
  readonly crew: FilesCrew | undefined;
  readonly excluded: (path: string) => boolean;
  readonly families: FamilySearch | undefined;
  readonly objects: ObjectMemory | undefined;
}

async function open(request: ScanRequest, { excluded, families, objects, crew }: Opening): Promise<Opened> {
  const { command } = request;
  if (command === "push") throw new Error("What a push adds is opened by whoever git told of it");
  const { openTarget } = await import("./sources/open.ts");
  return openTarget({
    ...request,
    command,
    ...request.plan,
    selection: selectionOf(request.plan),
    excluded,
    ...(families && { families }),
    ...(objects && { objects }),
    ...(crew && { crew }),
    onPhase: (label) => request.onEvent?.({ kind: "phase", label }),
  });
}

/** What the plan excludes. A hook that excludes nothing and finds nothing has no time to load globs or triage. */
async function exclusion({ exclude }: Plan): Promise<(path: string) => boolean> {
  if (exclude.length === 0) return () => false;
  const { pathMatcher } = await import("./bytes/glob.ts");
  return pathMatcher(exclude);
}

async function findingsOf(
  traces: readonly Traces[],
  { plan, ...weighing }: { plan: Plan } & Pick<Weighing, "comments" | "permits" | "today" | "least">,
): Promise<readonly Finding[]> {
  if (traces.every(({ marks }) => marks.size === 0)) return [];
  const { findings } = await import("./triage/findings.ts");
  const { allow, baseline } = plan;
  const lines = { allowed: inState(baseline, "allowed"), known: inState(baseline, "known") };
  return findings(traces, { allowed: [...allow, ...lines.allowed], known: lines.known, ...weighing });
}

/** What files of other scanners say. */
async function foreignOf({ foreign }: Plan) {
  if (foreign === undefined) return undefined;
  const [{ compileForeign }, { passageOf }] = await Promise.all([
    import("./foreign/inputs.ts"),
    import("./foreign/passage.ts"),
  ]);
  return { ...compileForeign(foreign), passage: passageOf };
}

/**
 * The built-in rules and the user's, as the plan chooses them, and with them those of other scanners.
 * Throws "rule.invalid", "usage.invalid".
 */
export async function rulesOf(plan: Plan, others: readonly Rule[] = []): Promise<Rulepack> {
  return rulepackOf(plan.foreign?.builtin === false ? undefined : await chooseRules(plan), others);
}

async function rulepackOf(chosen: ChosenRules | undefined, others: readonly Rule[] = []): Promise<Rulepack> {
  const own = chosen && (await compileChosen(chosen));
  return joinRulepacks(...(own ? [own] : []), { rules: others, hash: "" });
}

function selectionOf({ range, since, branch, reachable }: Plan): Selection {
  if (range !== undefined || since !== undefined || branch !== undefined) {
    const given = { ...(range !== undefined && { range }), ...(since !== undefined && { since }) };
    return { kind: "range", ...given, ...(branch !== undefined && { branch }) };
  }
  return reachable ? { kind: "reachable" } : { kind: "all" };
}

/** One scan under way: what has been read and what it made of it. */
class Run {
  readonly skips: Skip[] = [];
  readonly tally = { commits: 0, blobs: 0, files: 0, texts: 0, bytes: 0 };
  readonly #excluded: (path: string) => boolean;
  readonly #request: ScanRequest;
  readonly #engine: Engine;
  readonly #read: { part: Part; sightings: Sighting[] }[] = [];
  #matches = 0;

  constructor(request: ScanRequest, engine: Engine, excluded: (path: string) => boolean) {
    this.#request = request;
    this.#engine = engine;
    this.#excluded = excluded;
  }

  /** Reads every part of the target, to the end or to the moment the signal aborts. */
  async read({ parts }: Opened): Promise<void> {
    const { signal } = this.#request;
    try {
      for (const part of parts) await this.#readPart(part);
    } catch (error) {
      if (!signal.aborted) throw error;
      this.skips.push({ by: "fault", reason: `the scan was stopped before its end: ${reasonOf(signal)}` });
    }
  }

  /** The traces of all parts that were read, whole or in part. */
  async trace(): Promise<Traces[]> {
    if (this.#matches === 0) return this.#traceNothing();
    const [{ Claims, Marks }, { judge }] = await Promise.all([
      import("./triage/claims.ts"),
      import("./detect/judge.ts"),
    ]);
    const marks = new Marks();
    const all: Traces[] = [];
    for (const { part, sightings } of this.#read) {
      const { prefix, links, source } = part;
      const excluded = (path: string): boolean => this.#excluded(prefix + path);
      const claims = new Claims({ marks, judge, prefix, excluded });
      for (const { content, matches } of sightings) claims.add(content, matches);
      const traced = await source.trace(claims.holds, this.#request.signal);
      this.skips.push(...traced.skips.map((skip) => underPrefix(skip, prefix)));
      for (const path of claims.left) this.skips.push({ path, by: "policy", reason: "excluded by the configuration" });
      all.push({ marks: traced.marks, claims, ...(links && { link: links }) });
    }
    return all;
  }

  /** Without a match there is nothing to trace; but only now sources know where what they could not read lies. */
  async #traceNothing(): Promise<[]> {
    for (const { part } of this.#read) {
      const { skips } = await part.source.trace(() => [], this.#request.signal);
      this.skips.push(...skips.map((skip) => underPrefix(skip, part.prefix)));
    }
    return [];
  }

  async #readPart(part: Part): Promise<void> {
    const { signal } = this.#request;
    const sightings: Sighting[] = [];
    this.#read.push({ part, sightings });
    for await (const batch of part.source.batches(signal)) {
      for await (const sighting of batch.search(this.#engine)) {
        sightings.push(sighting);
        this.#matches += sighting.matches.length;
      }
      signal.throwIfAborted();
      this.#count(batch.tally);
      this.skips.push(...batch.skips.map((skip) => underPrefix(skip, part.prefix)));
      this.#report(part.source.label, batch.progress);
    }
  }

  #count(tally: Partial<Tally>): void {
    this.tally.commits += tally.commits ?? 0;
    this.tally.blobs += tally.blobs ?? 0;
    this.tally.files += tally.files ?? 0;
    this.tally.texts += tally.texts ?? 0;
    this.tally.bytes += tally.bytes ?? 0;
  }

  #report(label: string, share: number): void {
    const { blobs, files, texts, bytes } = this.tally;
    const contents = blobs + files + texts;
    this.#request.onEvent?.({ kind: "progress", label, share, contents, bytes, matches: this.#matches });
  }
}

const underPrefix = (skip: Skip, prefix: string): Skip =>
  skip.path === undefined ? skip : { ...skip, path: prefix + skip.path };

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : String(reason));

/** Faults first, then by what they say and where; so that two runs give the same bytes. */
function compareSkips(one: Skip, other: Skip): number {
  const key = ({ by, reason, path = "", blob = "", commit = "" }: Skip): string =>
    `${by === "fault" ? 0 : 1}\0${reason}\0${path}\0${blob}\0${commit}`;
  const [a, b] = [key(one), key(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
