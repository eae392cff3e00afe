/** What is seen of a sweep while it runs: a status line on a terminal, else a plain line a minute. */
import { printable } from "../report/escape.ts";
import { post, postEvery, unpost } from "../sweep/posted.ts";
import { type SweepStatus, statusOf, sweepRow } from "../sweep/status.ts";
import type { Store } from "../sweep/store/store.ts";
import type { SweepRow } from "../sweep/sweeps.ts";
import type { SweepFlags } from "./commands/sweep-options.ts";
import type { Io } from "./io.ts";

export interface SweepWatch {
  /** A line that stays. */
  note(line: string): void;
  /** From here on this sweep is shown. */
  follow(row: SweepRow): void;
  stop(): Promise<void>;
}

/** Milliseconds between two looks at the store, on a terminal and elsewhere. */
const everyOnTerminal = 1_000;
const everyElsewhere = 60_000;

/** Shows how a sweep goes, on standard error. */
export async function watchSweep(store: Store, typed: SweepFlags, io: Io): Promise<SweepWatch> {
  const isWanted = !typed.quiet && typed.progress !== false;
  const { terminal } = io;
  const spinner = isWanted && terminal ? await openSpinner(terminal) : undefined;
  const timers: NodeJS.Timeout[] = [];
  let posting = Promise.resolve();
  const { folder } = store;
  return {
    note(line) {
      spinner?.clear();
      io.note(`leaksweep: ${printable(line)}`);
    },
    follow(row) {
      const look = async (): Promise<SweepStatus | undefined> => {
        const now = await sweepRow(store, row.id);
        return now && statusOf(store, now);
      };
      if (folder !== undefined) {
        const tell = async (): Promise<void> => {
          const status = await look().catch(() => undefined);
          if (status) await post(folder, status);
        };
        const tellNext = (): void => {
          posting = posting.then(tell);
        };
        timers.push(setInterval(tellNext, postEvery));
      }
      if (!isWanted) return;
      const show = async (): Promise<void> => {
        const status = await look().catch(() => undefined);
        if (!status) return;
        const line = progressLine(status);
        if (spinner) spinner.text = line.slice(0, (terminal?.columns ?? 80) - 3);
        else io.note(`leaksweep: ${line}`);
      };
      timers.push(setInterval(show, spinner ? everyOnTerminal : everyElsewhere));
    },
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
      spinner?.stop();
      await posting; // or it would be posted again behind our back
      if (folder !== undefined) await unpost(folder);
    },
  };
}

async function openSpinner(terminal: NonNullable<Io["terminal"]>) {
  const { default: ora } = await import("ora");
  const options = { discardStdin: false, isEnabled: true };
  return ora({ ...options, stream: terminal as NodeJS.WriteStream, text: "Starting" }).start();
}

/** A sweep in one line: how far, what was found, how long still, what the API allows, what is read now. */
export function progressLine(status: SweepStatus): string {
  const { done, total, findings, perMinute, secondsLeft, limits, workers, visits, state, reading } = status;
  const failed = (visits.failed ?? 0) + (visits.incomplete ?? 0);
  const paused = limits.find(({ pausedUntil }) => pausedUntil !== null)?.pausedUntil;
  const [limit] = limits;
  return [
    state === "listing"
      ? `listing: ${total.toLocaleString("en")} found`
      : `${done.toLocaleString("en")}/${total.toLocaleString("en")}`,
    `${findings.toLocaleString("en")} ${findings === 1 ? "finding" : "findings"}`,
    ...(failed > 0 ? [`${failed.toLocaleString("en")} not read`] : []),
    ...(perMinute > 0 ? [`${perMinute}/min`] : []),
    ...(secondsLeft === null ? [] : [left(secondsLeft)]),
    ...(paused
      ? [`API paused until ${paused.slice(11, 19)}`]
      : limit?.remaining == null
        ? []
        : [`API ${limit.remaining.toLocaleString("en")} left`]),
    ...(workers.length > 1 ? [`${workers.length} workers`] : []),
    ...(reading.length > 0 ? [`reading ${named(reading)}`] : []),
  ].join(" · ");
}

/** Names of some, and how many more there are. */
function named(names: readonly string[]): string {
  const more = names.length - mostNames;
  return `${printable(names.slice(0, mostNames).join(", "))}${more > 0 ? ` and ${more} more` : ""}`;
}

const mostNames = 2;

function left(seconds: number): string {
  if (seconds < 90) return `${seconds} s left`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min left`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h left` : `${Math.ceil(seconds / 86_400)} days left`;
}
