import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** A run: seconds, and the largest sum of resident memory of the process and its children, in MB. */
export interface Run {
  readonly wall: number;
  readonly user: number;
  readonly peak: number;
  /** What the command exited with. */
  readonly code: number;
}

/** Runs a command with its output thrown away. Times of its children are counted where it waited for them. */
export function measure(command: readonly string[]): Promise<Run> {
  return new Promise((done, fail) => {
    // The shell's own clock: Node does not tell the processor time of one child.
    const script = 'TIMEFORMAT="%R %U"; time "$@" >/dev/null 2>&1; exit $?';
    const child = spawn("bash", ["-c", script, "bash", ...command], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentBelow(child.pid ?? 0));
    }, 50);
    child.stderr.on("data", (part: Buffer) => (said += part.toString()));
    child.on("error", fail);
    child.on("close", (code) => {
      clearInterval(watch);
      const [wall = Number.NaN, user = Number.NaN] = (said.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
      done({ wall, user, peak, code: code ?? -1 });
    });
  });
}

/** Resident memory, in MB, of all processes below one. */
function residentBelow(root: number): number {
  let sum = 0;
  const below = [root];
  for (let pid = below.pop(); pid !== undefined; pid = below.pop()) {
    try {
      const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
      if (pid !== root) sum += Number(pages) * 4096;
      for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")) {
        if (child.trim() !== "") below.push(Number(child));
      }
    } catch {
      // it has ended meanwhile
    }
  }
  return sum / 1e6;
}

/** The middle one; of an even number the upper of the two. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
