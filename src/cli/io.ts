/**
 * The process as commands see it: streams, colour, the wish to stop, the exit code. Commands touch `process` only
 * through this, so that what is printed where, and what a signal does, is decided in one file.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import type { Writable } from "node:stream";
import { LeaksweepError } from "../errors.ts";

export interface Io {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What started us: absolute paths of node and of the file that it runs. */
  readonly self: { readonly node: string; readonly file: string };
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** What was written to standard input, whole; `undefined` where it is a terminal. For small inputs. */
  told(): Promise<Uint8Array | undefined>;
  /** Whether standard output is a terminal that shows colour and nobody has asked for none. */
  readonly colour: boolean;
  /** Columns of the terminal that standard output is; `undefined` when it is none. */
  readonly columns: number | undefined;
  /** Standard error, when it is a terminal and so a place for progress. */
  readonly terminal: (Writable & { readonly columns?: number }) | undefined;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; the second ends the process at once. */
  readonly signal: AbortSignal;
  /** Exit code of the signal that stopped the run (128 + its number), `undefined` while none has. */
  stopped(): number | undefined;
  /** Writes to standard output, at the reader's pace. Throws `LeaksweepError` "output.failed". */
  print(parts: Iterable<string>): Promise<void>;
  /** One line on standard error. */
  note(line: string): void;
  /** The code to exit with once nothing is left to do. */
  exitWith(code: number): void;
}

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The real process. Call once: it installs signal and last-resort handlers. Node makes a stream when it is first asked
 * for, and a hook that passes has nothing to say, so nothing is asked for before it is needed.
 */
export function openIo(process: NodeJS.Process): Io {
  const { env } = process;
  const stdout = outlet(process, "stdout");
  const stderr = outlet(process, "stderr");
  const { signal, stopped } = watchSignals(process, stderr);
  const decide = watchEnd(process, { stopped, stderr });
  return {
    args: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    get self() {
      return { node: process.execPath, file: realpathSync(process.argv[1] ?? process.execPath) };
    },
    get stdin() {
      return process.stdin;
    },
    told: () => toldTo(process),
    get colour() {
      return stdout().isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
    },
    get columns() {
      return stdout().columns || undefined;
    },
    get terminal() {
      const stream = stderr();
      return stream.isTTY === true && env.TERM !== "dumb" ? stream : undefined;
    },
    signal,
    stopped,
    async print(parts) {
      for (const part of parts) await write(stdout(), part);
    },
    note(line) {
      stderr().write(`${line}\n`);
    },
    exitWith: decide,
  };
}

/**
 * What already lies in a pipe is read as it is: node makes no stream in less time than a hook has. What is still to come
 * goes through the stream, so that a signal or a limit of time can end the waiting.
 */
async function toldTo(process: NodeJS.Process): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  if (process.platform === "linux" && readPipe(parts)) return Buffer.concat(parts);
  const { stdin } = process;
  if (stdin.isTTY) return undefined;
  for await (const part of stdin) parts.push(part);
  return Buffer.concat(parts);
}

/** Reads what lies in the pipe on standard input into `parts`, without waiting. True where that was all. */
function readPipe(parts: Uint8Array[]): boolean {
  let pipe: number | undefined;
  try {
    if (!fstatSync(0).isFIFO()) return false;
    // Opened anew, since whoever else has the pipe may count on its waiting.
    pipe = openSync("/dev/stdin", constants.O_RDONLY | constants.O_NONBLOCK);
    for (;;) {
      const part = Buffer.alloc(1 << 16);
      const length = readSync(pipe, part);
      if (length === 0) return true;
      parts.push(part.subarray(0, length));
    }
  } catch {
    return false; // nothing lies in it yet, or it cannot be had that way
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

type Outlet = () => NodeJS.WriteStream;

function outlet(process: NodeJS.Process, name: "stdout" | "stderr"): Outlet {
  let stream: NodeJS.WriteStream | undefined;
  return () => {
    // Failed writes reach us through the callback of `write`; without a listener they would crash the process, too.
    stream ??= process[name].on("error", () => {});
    return stream;
  };
}

/**
 * Sees to it that the process never ends with a code that nobody chose: 1, Node's own for a crash, would read as "new
 * findings", and 0, its code when a promise never settles, as "clean". Returns how to choose.
 */
function watchEnd(
  process: NodeJS.Process,
  { stopped, stderr }: { stopped: Io["stopped"]; stderr: Outlet },
): (code: number) => void {
  let decided = false;
  const decide = (code: number): void => {
    decided = true;
    process.exitCode = code;
  };
  process.on("uncaughtException", (error) => {
    stderr().write(bugReport(error));
    decide(2);
    process.exit();
  });
  process.on("exit", () => {
    if (decided) return;
    const code = stopped();
    if (code === undefined) stderr().write(bugReport(new Error("The run ended without a result")));
    process.exitCode = code ?? 2;
  });
  return decide;
}

/** What to say of an error that is our fault. */
export function bugReport(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${trace}\n\nThis is a bug in leaksweep. Please report it, with the lines above and the command you ran.\n`;
}

function watchSignals(process: NodeJS.Process, stderr: Outlet): Pick<Io, "signal" | "stopped"> {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, exit] of Object.entries(signals)) {
    process.on(name, () => {
      if (code !== undefined) process.exit(exit);
      code = exit;
      // Terminals show `^C` where the cursor stands.
      const start = stderr().isTTY ? "\n" : "";
      stderr().write(`${start}leaksweep: stopping, to report what was found so far; again to quit at once\n`);
      controller.abort(new Error(name));
      // A read from a terminal or an idle pipe would keep the process waiting for bytes that nobody wants any more.
      process.stdin.destroy();
    });
  }
  // Where file sizes are limited (`ulimit -f`), a write that goes too far now fails and can be reported.
  process.on("SIGXFSZ", () => {});
  return { signal: controller.signal, stopped: () => code };
}

function write(stream: Writable, text: string): Promise<void> {
  return new Promise((done, fail) => {
    stream.write(text, (cause) => (cause ? fail(undelivered("standard output", cause)) : done()));
  });
}

/** The error for results that could not be written to `place`. What the system has not refused is thrown on as it is. */
export function undelivered(place: string, cause: unknown): LeaksweepError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if (code === undefined) throw cause;
  const hint = "Have the report written elsewhere: --output FILE.";
  return new LeaksweepError("output.failed", `Cannot write to ${place}: ${states[code] ?? code}`, { hint, cause });
}

const states: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EISDIR: "it is a folder",
  ENOENT: "there is no such folder",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "part of its path is not a folder",
  EPIPE: "the reader has gone",
  EROFS: "the file system is read-only",
};
