/**
 * Reads what `git log -p` and `git diff` write. Counts in hunk headers say how many lines belong to a hunk, so that no
 * line of a file is ever taken for a header, whatever it says. Commits are framed by NUL bytes, which no line of a
 * diff of texts begins with.
 */

/** A commit as the log introduces it. */
export interface PatchCommit {
  readonly commit: string;
  /** Author's date, seconds since 1970. */
  readonly seconds: number;
  readonly name: string;
  readonly email: string;
  /** First paragraph in one line, and the rest. */
  readonly subject: string;
  readonly body: string;
}

/** The added lines of one hunk. */
export interface PatchHunk {
  /** Absent in a plain diff. */
  readonly commit?: PatchCommit;
  readonly path: string;
  /** Line of the new file at which the hunk begins, 1-based. */
  readonly line: number;
  /** The lines, without their `+`, each with its line feed. */
  readonly added: Uint8Array;
}

/** `--format` by which a log must be written for `readPatch`. */
export const patchFormat = "%x00%H%x00%at%x00%aN%x00%aE%x00%s%x00%b%x00";

const fields = 6;

/**
 * The hunks of a log or diff, in its order. A hunk without added lines is one, too: its file was touched. Files that
 * are deleted or binary have none. Of a merge that is shown against all its parents (`--cc`) the added lines are those
 * that no parent has.
 */
export async function* readPatch(stream: AsyncIterable<Uint8Array>): AsyncGenerator<PatchHunk> {
  const reader = new PatchReader();
  for await (const line of lines(stream)) yield* reader.take(line);
  yield* reader.end();
}

/** A patch that has been read up to some line. */
class PatchReader {
  #commit: PatchCommit | undefined;
  #path: string | undefined;
  /** Lines of a commit that is still being introduced. */
  #frame: Buffer[] = [];
  #hunk: OpenHunk | undefined;

  /** What has become whole with this line. */
  *take(line: Buffer): Iterable<PatchHunk> {
    if (this.#hunk?.take(line)) return;
    yield* this.end();
    if (this.#frame.length > 0 || line[0] === 0) this.#introduce(line);
    else this.#header(line.toString("latin1").replace(/\r?\n$/, ""));
  }

  /** The hunk that was open. */
  *end(): Iterable<PatchHunk> {
    const [hunk, path, commit] = [this.#hunk, this.#path, this.#commit];
    this.#hunk = undefined;
    if (hunk === undefined || path === undefined) return;
    yield { path, line: hunk.line, added: hunk.added(), ...(commit && { commit }) };
  }

  #introduce(line: Buffer): void {
    this.#frame.push(line);
    const commit = commitOf(this.#frame);
    if (commit === undefined) return;
    this.#commit = commit;
    this.#frame = [];
    this.#path = undefined;
  }

  #header(text: string): void {
    if (text.startsWith("+++ ")) this.#path = newPath(text.slice(4));
    else if (text.startsWith("diff ")) this.#path = undefined;
    else if (this.#path !== undefined) this.#hunk = openHunk(text);
  }
}

interface OpenHunk {
  readonly line: number;
  /** Takes a line that belongs to the hunk. */
  take(line: Buffer): boolean;
  added(): Uint8Array;
}

const [plus, minus, remark] = [0x2b, 0x2d, 0x5c];

/**
 * The hunk that a header opens: `@@ -1,2 +1,3 @@`, with one more `@` and one more range for each parent of a merge. A
 * line has a sign for each parent and counts for all that have it.
 */
function openHunk(text: string): OpenHunk | undefined {
  const ranges = /^(@@+)((?: -\d+(?:,\d+)?)+) \+(\d+)(?:,(\d+))? @@/.exec(text);
  if (ranges === null) return undefined;
  const [, , olds = "", first, count = "1"] = ranges;
  const left = [...olds.matchAll(/-\d+(?:,(\d+))?/g)].map(([, lines = "1"]) => Number(lines));
  let fresh = Number(count);
  const parts: Buffer[] = [];
  let added = false;
  return {
    line: Number(first),
    added: () => Buffer.concat(parts),
    take(line) {
      if (line[0] === remark) {
        // "\ No newline at end of file" speaks of the line before it.
        const last = added ? parts.pop() : undefined;
        if (last !== undefined) parts.push(last.subarray(0, last.length - 1));
        return true;
      }
      if (fresh <= 0 && left.every((lines) => lines <= 0)) return false;
      const signs = line.subarray(0, left.length);
      const gone = signs.includes(minus);
      if (!gone) fresh--;
      for (const [parent, sign] of signs.entries()) {
        if (sign === minus || (sign !== plus && !gone)) left[parent] = (left[parent] ?? 0) - 1;
      }
      added = signs.every((sign) => sign === plus);
      if (added) parts.push(line.subarray(left.length));
      return true;
    },
  };
}

/** The commit, once its frame is whole. */
function commitOf(frame: readonly Buffer[]): PatchCommit | undefined {
  const parts = Buffer.concat(frame).toString("utf8").split("\0");
  if (parts.length <= fields + 1) return undefined;
  const [, commit = "", seconds, name = "", email = "", subject = "", body = ""] = parts;
  return { commit, seconds: Number(seconds), name, email, subject, body: body.trimEnd() };
}

/** The path of a `+++` line; `undefined` for a file that is no more. */
function newPath(written: string): string | undefined {
  if (written === "/dev/null") return undefined;
  const plain = written.startsWith('"') ? unquoted(written) : written.replace(/\t$/, "");
  return Buffer.from(plain.replace(/^b\//, ""), "latin1").toString("utf8");
}

const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** A name in quotes, as git writes those that hold more than letters; bytes as latin1. */
const unquoted = (written: string): string =>
  written
    .replace(/^"|"\t?$/g, "")
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      /^[0-7]{3}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );

/** The lines of a stream, each with its line feed. */
async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const part of stream) {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.length);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, end + 1);
      yield rest.length === 0 ? line : Buffer.concat([...rest, line]);
      rest = [];
      from = end + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** Commits by their ids, as a log with `patchFormat` and no diff introduces them. */
export async function readCommits(stream: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, PatchCommit>> {
  const commits = new Map<string, PatchCommit>();
  let frame: Buffer[] = [];
  for await (const line of lines(stream)) {
    if (frame.length === 0 && line[0] !== 0) continue;
    frame.push(line);
    const commit = commitOf(frame);
    if (commit === undefined) continue;
    commits.set(commit.commit, commit);
    frame = [];
  }
  return commits;
}
