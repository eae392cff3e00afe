/**
 * Logs of workflow runs. Runs are listed newest first, and a run that was read can change: its last jobs end, or it is
 * run again, for up to 30 days. So each visit looks through the runs of the weeks before the last visit once more. What
 * the cursor remembers of a run is the attempt up to which its logs were read: 1 unless it says otherwise.
 */
import { Absent, type ForgeText, type TextCursor, type TextPage } from "../forge.ts";
import type { Client } from "./client.ts";
import { isMissing, unread } from "./unread.ts";

interface Run {
  readonly id: number;
  readonly html_url: string;
  readonly created_at: string;
  readonly run_attempt?: number;
  readonly status?: string | null;
  readonly actor?: { readonly login: string } | null;
}

interface Job {
  readonly id: number;
  readonly html_url?: string | null;
  readonly run_attempt?: number;
  readonly status?: string;
  readonly conclusion?: string | null;
}

/** Milliseconds in which a run can still change: a workflow may take 35 days. */
const unsettled = 36 * 24 * 3600 * 1000;

/** Attempts remembered of runs that were run again or had not ended: the newest of them. */
const mostRemembered = 5_000;

/** Logs that are new since `cursor`, a page for each run. */
export async function* workflowLogs(
  client: Client,
  repository: string,
  cursor: TextCursor,
  signal: AbortSignal,
): AsyncGenerator<TextPage> {
  const logbook = new Logbook(cursor);
  let next: string | undefined = `/repos/${repository}/actions/runs?per_page=100`;
  while (next !== undefined) {
    const page: { data: { workflow_runs: readonly Run[] }; next?: string } = await client.get(next, { signal });
    const runs = page.data.workflow_runs;
    for (const run of logbook.due(runs)) {
      const { isWhole, ...read } = await logsOf(client, { repository, run, after: logbook.attemptOf(run), signal });
      logbook.note(run, isWhole);
      yield { ...read, cursor: logbook.cursor() };
    }
    next = runs.some((run) => logbook.isSettled(run)) ? undefined : page.next;
  }
  yield { texts: [], faults: [], passed: [], cursor: logbook.end() };
}

/**
 * Which runs were read, and how far. In the cursor, `run` and `run.at` are the newest run of the last visit; `run.top`,
 * `run.top.at` that of a visit under way, and `run.below` the last one that it read.
 */
class Logbook {
  readonly #before: TextCursor;
  readonly #newest: number;
  readonly #attempts: Map<number, number>;
  #top: Pick<Run, "id" | "created_at">;
  #below: number;

  constructor(cursor: TextCursor) {
    this.#before = cursor;
    this.#newest = Number(cursor.run ?? 0);
    this.#top = { id: Number(cursor["run.top"] ?? 0), created_at: cursor["run.top.at"] ?? "" };
    this.#below = Number(cursor["run.below"] ?? Number.POSITIVE_INFINITY);
    const remembered = (cursor["run.attempts"] ?? "").split(",").filter(Boolean);
    this.#attempts = new Map(remembered.map((pair) => pair.split(":").map(Number) as [number, number]));
  }

  /** The attempt up to which a run was read, 0 for none. */
  attemptOf({ id }: Run): number {
    return this.#attempts.get(id) ?? (id <= this.#newest ? 1 : 0);
  }

  /** Those of a page of which there is something to read. What began while the visit paused is for the next one. */
  due(runs: readonly Run[]): readonly Run[] {
    const [first] = runs;
    if (first && this.#top.id === 0) this.#top = first;
    return runs.filter((run) => run.id < this.#below && this.attemptOf(run) < attemptIn(run));
  }

  /** Whether neither a run nor any before it can have changed since the last visit. */
  isSettled({ id, created_at }: Run): boolean {
    const seen = this.#before["run.at"];
    return id <= this.#newest && seen !== undefined && Date.parse(created_at) < Date.parse(seen) - unsettled;
  }

  /** Notes that a run was read, or those of its jobs that have ended. */
  note(run: Run, isWhole: boolean): void {
    this.#attempts.set(run.id, isWhole ? attemptIn(run) : this.attemptOf(run));
    this.#below = run.id;
  }

  /** Where to go on. */
  cursor(): TextCursor {
    const { id, created_at } = this.#top;
    const under = { "run.top": String(id), "run.top.at": created_at, "run.below": String(this.#below) };
    return { ...this.#before, ...under, "run.attempts": written(this.#attempts) };
  }

  /** Where the next visit begins. */
  end(): TextCursor {
    const { id, created_at } = this.#top;
    if (id === 0) return this.#before;
    const unusual = [...this.#attempts].filter(([run, attempt]) => run > id || attempt !== 1);
    return { run: String(id), "run.at": created_at, "run.attempts": written(unusual) };
  }
}

const attemptIn = ({ run_attempt = 1 }: Run | Job): number => run_attempt;

const written = (attempts: Iterable<readonly [run: number, attempt: number]>): string =>
  [...attempts]
    .sort(([one], [other]) => other - one)
    .slice(0, mostRemembered)
    .map(([run, attempt]) => `${run}:${attempt}`)
    .join(",");

interface Asked {
  readonly repository: string;
  readonly run: Run;
  /** The attempt up to which its logs are known. */
  readonly after: number;
  readonly signal: AbortSignal;
}

interface Logs extends Omit<TextPage, "cursor"> {
  /** No job is still to end, and none could not be read. */
  readonly isWhole: boolean;
}

/** The logs of a run's jobs, of all attempts that are new; unlike those of the run they come as plain text. */
async function logsOf(client: Client, { repository, run, after, signal }: Asked): Promise<Logs> {
  const texts: ForgeText[] = [];
  const passed: string[] = [];
  const faults: string[] = [];
  let isWhole = run.status === undefined || run.status === "completed";
  const jobs = await jobsOf(client, `/repos/${repository}/actions/runs/${run.id}/jobs`, signal).catch(unread);
  if (typeof jobs === "string") return { texts, passed, faults: [`jobs of run ${run.id}: ${jobs}`], isWhole: false };
  for (const job of jobs.filter((one) => attemptIn(one) > after && one.conclusion !== "skipped")) {
    if (job.status !== undefined && job.status !== "completed") {
      isWhole = false;
      continue;
    }
    const log = await logOf(client, `/repos/${repository}/actions/jobs/${job.id}/logs`, signal);
    if (log.kind === "read") texts.push(logText(run, job, log.text));
    else if (log.kind === "expired") passed.push("the log of a job has expired");
    else faults.push(`log of job ${job.id} in run ${run.id}: ${log.reason}`);
  }
  if (!isWhole) passed.push("a run of a workflow has not ended: the next sweep reads the rest of its logs");
  return { texts, passed, faults, isWhole: isWhole && faults.length === 0 };
}

async function jobsOf(client: Client, path: string, signal: AbortSignal): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  let next: string | undefined = `${path}?filter=all&per_page=100`;
  while (next !== undefined) {
    const page: { data: { jobs: readonly Job[] }; next?: string } = await client.get(next, { signal });
    jobs.push(...page.data.jobs);
    next = page.next;
  }
  return jobs;
}

const logText = (run: Run, job: Job, body: string): ForgeText => ({
  path: `runs/${run.id}/${job.id}.log`,
  body,
  url: job.html_url ?? run.html_url,
  author: run.actor?.login ?? "ghost",
  date: run.created_at,
});

type Log =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "expired" }
  | { readonly kind: "fault"; readonly reason: string };

async function logOf(client: Client, path: string, signal: AbortSignal): Promise<Log> {
  try {
    const { data } = await client.get<unknown>(path, { signal });
    return { kind: "read", text: typeof data === "string" ? data : Buffer.from(data as ArrayBuffer).toString("utf8") };
  } catch (error) {
    if (error instanceof Absent || isMissing(error)) return { kind: "expired" };
    return { kind: "fault", reason: unread(error) };
  }
}
