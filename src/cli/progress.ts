/** One status line on a terminal while a scan runs: what, how far, how much, how long still. */
import type { ScanEvent } from "../scan.ts";
import type { Io } from "./io.ts";

export interface Progress {
  onEvent(event: ScanEvent): void;
  /** Takes the line away, so that results stand alone. */
  stop(): void;
}

/** A status line on standard error. Loads what draws it, so call it only where there is a terminal. */
export async function openProgress(terminal: NonNullable<Io["terminal"]>, now: () => number): Promise<Progress> {
  const { default: ora } = await import("ora");
  // `discardStdin` would put the terminal into raw mode, and ^C would no longer be a signal. That there is a terminal
  // is known here; ora would otherwise print plain lines wherever an environment variable says CI.
  const options = { discardStdin: false, isEnabled: true };
  const spinner = ora({ ...options, stream: terminal as NodeJS.WriteStream, text: "Starting" }).start();
  const began = now();
  let drawn = 0;
  return {
    onEvent(event) {
      const at = now();
      if (event.kind === "progress" && at - drawn < 100) return;
      drawn = at;
      // Two columns belong to the spinner; a line that wraps would leave its first half behind.
      spinner.text = statusLine(event, at - began).slice(0, (terminal.columns ?? 80) - 3);
    },
    stop() {
      spinner.stop();
    },
  };
}

/** The text of the status line `elapsed` milliseconds after the start. */
export function statusLine(event: ScanEvent, elapsed: number): string {
  if (event.kind === "phase") return event.label;
  const { label, share, contents, bytes, matches } = event;
  const left = remaining(share, elapsed);
  return [
    // A source that does not know how much there is reports 0 throughout.
    share > 0 ? `${label} ${Math.floor(share * 100)}%` : label,
    `${contents.toLocaleString("en")} contents`,
    megabytes(bytes),
    `${matches.toLocaleString("en")} ${matches === 1 ? "match" : "matches"}`,
    ...(left === undefined ? [] : [left]),
  ].join(" · ");
}

// Early shares say little about the rest: better no guess than one that jumps.
function remaining(share: number, elapsed: number): string | undefined {
  if (elapsed < 2_000 || share < 0.02 || share >= 1) return undefined;
  const seconds = Math.ceil((elapsed * (1 - share)) / share / 1_000);
  if (seconds < 60) return `${seconds} s left`;
  if (seconds < 3_600) return `${Math.ceil(seconds / 60)} min left`;
  return `${(seconds / 3_600).toFixed(1)} h left`;
}

const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
