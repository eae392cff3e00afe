/**
 * The one door to the git program: nothing else here starts a process (`clone.ts` does through simple-git, with the
 * same environment). Git always stands at the root of the file system, never inside what is scanned, and is told by
 * its environment which repository is meant.
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { parse, resolve } from "node:path";
import type { Writable } from "node:stream";
import { LeaksweepError } from "../errors.ts";
import { type GitPlace, gitEnvironment, type Reach } from "./environment.ts";

export interface RunOptions {
  /** Written to git's standard input, as fast as git takes it. */
  readonly input?: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;
  /** Exit codes that are not a failure. Default: 0 only. */
  readonly okCodes?: readonly number[];
  /** Called with each line that git wrote to standard error, made printable, also when git ended well. */
  readonly onComplaint?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * The git program, bound to one repository and to an environment that nobody else can bend. Every method throws
 * "git.missing" when there is no git, "git.failed" with git's last words when it ends badly, and the signal's reason
 * when it was aborted.
 */
export interface Git {
  /** Absent for a git without a repository. */
  readonly place: GitPlace | undefined;
  /** Whole standard output, as latin1. For small outputs. */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Standard output as it comes, with back-pressure. Leaving the loop early ends git. */
  stream(args: readonly string[], options?: RunOptions): AsyncIterable<Buffer>;
  /** Version of the program. Throws "git.too-old" below 2.31, the first whose config can come from the environment. */
  version(): Promise<GitVersion>;
}

/** The git program for the repository at `place`, or for none. Nothing is started yet. */
export function openGit(
  place?: GitPlace,
  { signal, reach }: { signal?: AbortSignal | undefined; reach?: Reach } = {},
): Git {
  const env = gitEnvironment(place, reach);
  const stream = (args: readonly string[], options: RunOptions = {}): AsyncIterable<Buffer> =>
    output(args, env, { ...options, signal: both(signal, options.signal) });
  const run = async (args: readonly string[], options?: RunOptions): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of stream(args, options)) parts.push(part);
    return Buffer.concat(parts).toString("latin1");
  };
  return { place, stream, run, version: async () => supported(await run(["version"])) };
}

/**
 * What git answers its own user, trimmed, with all of that user's environment and config; `undefined` where it fails.
 * Only for questions about their set-up (`config`, `rev-parse`), never for what a repository holds.
 */
export async function askGit(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<string | undefined> {
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const parts: Buffer[] = [];
  try {
    for await (const part of output(["-C", cwd, ...args], Object.fromEntries(own), {})) parts.push(part);
  } catch (error) {
    if (error instanceof LeaksweepError && error.code === "git.failed") return undefined;
    throw error;
  }
  return Buffer.concat(parts).toString("utf8").trim();
}

function both(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  return a && b && a !== b ? AbortSignal.any([a, b]) : (a ?? b);
}

/** Starts git. Throws "git.failed" where the system refuses at once, as it does a command line that is too long. */
function start(args: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn("git", args, options);
  } catch (cause) {
    throw new LeaksweepError("git.failed", "Cannot start git: the system refused its command line", {
      hint: "Give it fewer or shorter revisions, globs and paths.",
      cause,
    });
  }
}

async function* output(
  args: readonly string[],
  env: Record<string, string>,
  { input, okCodes = [0], onComplaint, signal }: RunOptions,
): AsyncGenerator<Buffer> {
  signal?.throwIfAborted();
  const cwd = parse(resolve(".")).root;
  const child = start(args, { cwd, env, stdio: [input ? "pipe" : "ignore", "pipe", "pipe"] });
  const kill = (): void => end(child);
  signal?.addEventListener("abort", kill);
  const ended = ending(child);
  ended.catch(() => {}); // awaited below, but it may fail before that
  const said = complaints(child, onComplaint);
  const fed = feed(child, input).catch((error: unknown) => {
    kill();
    return error;
  });
  try {
    if (child.stdout) yield* child.stdout as AsyncIterable<Buffer>;
    const code = await ended;
    const broken = await fed;
    signal?.throwIfAborted();
    if (broken) throw broken;
    if (code === null || !okCodes.includes(code)) throw failed(args, code, said.last());
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
    await Promise.allSettled([ended, fed]);
  }
}

/** Milliseconds that git has to end its own helpers, which speak with servers and hold our pipes open. */
const grace = 1000;

/** Ends git, and waits for nobody that it may leave behind. Does nothing where it has ended. */
function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.once("exit", () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), grace).unref();
}

/** Exit code once all pipes are closed, or null when a signal ended it. */
async function ending(child: ChildProcess): Promise<number | null> {
  try {
    const [code] = await once(child, "close");
    return code;
  } catch (cause) {
    throw new LeaksweepError("git.missing", 'Cannot run "git": it is not on PATH or cannot be started', {
      hint: "Install git 2.31 or later.",
      cause,
    });
  }
}

/** Resolves when all input is written or git would read no more of it; rejects when the input itself fails. */
async function feed({ stdin }: ChildProcess, input: RunOptions["input"]): Promise<void> {
  if (!input || !stdin) return;
  // Git may end before it has read everything; its exit code then says whether that is trouble.
  stdin.on("error", () => {});
  const closed = new Promise<undefined>((done) => stdin.once("close", () => done(undefined)));
  const parts = each(input);
  // Input that is slow to come must not be waited for once nobody reads it.
  for (let next = await Promise.race([parts.next(), closed]); next && !next.done; ) {
    if (stdin.destroyed) return;
    if (!stdin.write(next.value)) await drained(stdin);
    next = await Promise.race([parts.next(), closed]);
  }
  stdin.end();
}

async function* each<T>(parts: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* parts;
}

/** Resolves when more can be written, or never again. */
function drained(stream: Writable): Promise<void> {
  return new Promise((done) => {
    const wake = (): void => {
      stream.off("drain", wake).off("close", wake);
      done();
    };
    stream.on("drain", wake).on("close", wake);
    if (stream.destroyed) wake();
  });
}

/** Most lines of standard error kept in memory. */
const mostLines = 100;

/** Collects what git says on standard error. */
function complaints(child: ChildProcess, onComplaint: ((line: string) => void) | undefined): { last(): string } {
  let rest = "";
  const lines: string[] = [];
  const add = (line: string): void => {
    const text = printable(line);
    if (text === "") return;
    if (lines.push(text) > mostLines) lines.shift();
    onComplaint?.(text);
  };
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (part: string) => {
    const [last = "", ...whole] = (rest + part).split(/[\r\n]+/).reverse();
    rest = last.slice(-4096);
    for (const line of whole.reverse()) add(line);
  });
  child.stderr?.on("end", () => add(rest));
  return { last: () => reasonIn(lines) };
}

/**
 * The line of git's complaints that says why; empty where there is none. Of a connection that broke the transport knows
 * why, and the last line only what is missing now.
 */
export const reasonIn = (lines: readonly string[]): string =>
  lines.find((line) => /^error: RPC failed/.test(line)) ??
  lines.findLast((line) => /^(fatal|error):/.test(line)) ??
  lines.at(-1) ??
  "";

/** Makes a line of git's fit to print: control characters escaped, passwords in URLs left out, at most 500 characters. */
export function printable(line: string): string {
  return line
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, "$1…@")
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, escaped)
    .slice(0, 500)
    .trim();
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
}

function failed(args: readonly string[], code: number | null, said: string): LeaksweepError {
  const end = code === null ? "it was killed" : `exit ${code}`;
  return new LeaksweepError("git.failed", `Cannot run "git ${args[0] ?? ""}": ${said === "" ? end : said}`, {
    hint: "Run `git fsck` in the repository to see what is wrong with it.",
  });
}

function supported(text: string): GitVersion {
  const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [])
    .slice(1)
    .map((n) => Number(n ?? 0));
  if (major > 2 || (major === 2 && minor >= 31)) return { major, minor, patch };
  throw new LeaksweepError(
    "git.too-old",
    `Cannot use git ${major}.${minor}.${patch}: 2.31 is the oldest that will do`,
    {
      hint: "Update git.",
    },
  );
}
