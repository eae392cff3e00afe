/** What git tells the hooks of a push: one line for each ref that is to change. */
import { LeaksweepError } from "../errors.ts";

/** A ref of the other side that a push creates, moves or deletes. */
export interface PushedRef {
  /** What is pushed, as the user wrote it: `refs/heads/main`, `HEAD`, `(delete)`. Absent on the receiving side. */
  readonly local?: string;
  /** Full name on the other side. */
  readonly name: string;
  /** Absent for a deletion. */
  readonly oid?: string;
  /** What the other side has under this name now; absent where the ref is new. */
  readonly before?: string;
}

/**
 * The lines of a pre-push hook: `<local ref> <local id> <remote ref> <remote id>`, as githooks(5) has them. A local
 * ref can be any revision, with spaces in it. Throws "usage.invalid" at a line of another form.
 */
export const pushLines = (text: string): readonly PushedRef[] =>
  linesOf(text, /^(?<local>.*) (?<oid>[0-9a-f]+) (?<name>\S+) (?<before>[0-9a-f]+)$/);

/** The lines of a pre-receive hook: `<old id> <new id> <ref>`. Throws "usage.invalid" at a line of another form. */
export const receiveLines = (text: string): readonly PushedRef[] =>
  linesOf(text, /^(?<before>[0-9a-f]+) (?<oid>[0-9a-f]+) (?<name>\S+)$/);

/** The ref of an update hook's three arguments. Throws "usage.invalid" where they are no such thing. */
export const updateArguments = (name: string, before: string, oid: string): PushedRef =>
  refOf({ name, before, oid }) ?? refuse(`${name} ${before} ${oid}`);

function linesOf(text: string, form: RegExp): readonly PushedRef[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => refOf(form.exec(line)?.groups) ?? refuse(line));
}

type Groups = Readonly<Record<string, string | undefined>>;

function refOf({ local, name, oid, before }: Groups = {}): PushedRef | undefined {
  if (name === undefined || !isId(oid) || !isId(before)) return undefined;
  return {
    ...(local !== undefined && { local }),
    name,
    ...(!isNone(oid) && { oid }),
    ...(!isNone(before) && { before }),
  };
}

const isId = (text: string | undefined): text is string =>
  text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** Zeros stand for a ref that is not there. */
const isNone = (id: string): boolean => /^0+$/.test(id);

function refuse(line: string): never {
  throw new LeaksweepError("usage.invalid", `Cannot read what git says of the push: "${line.slice(0, 200)}"`, {
    hint: 'This command is the body of a git hook: "leaksweep hook install" sets it up.',
  });
}
