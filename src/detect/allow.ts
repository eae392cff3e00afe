import type { Position } from "../bytes/lines.ts";
import type { Allowance } from "../terms.ts";
import { foreignComments } from "./foreign-comments.ts";

const WORD = "leaksweep:allow";

/** The longest rule id and reason that are read, in bytes. */
const LONGEST = 400;

/** A `leaksweep:allow` comment and the line it speaks of. */
export interface AllowComment extends Allowance {
  readonly line: number;
}

// Whatever closes a comment or a string in some language is not part of the reason.
const comment =
  /^leaksweep:allow(?<next>-next-line)?(?![\w-])(?:[ \t]+(?<rule>[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+)(?=[\s*#%-]|$))?[ \t]*(?<reason>[^\r\n]*?)[ \t]*(?:\*+\/|--+>|#\}|%>|\*\)|\]\]|-\}|["'`].*)?[ \t]*$/;

/**
 * All allow comments of a text. The comment sign of the language is not looked at: the word is ours, and
 * nobody writes it by accident. After it come, both optional, a rule id and a free reason.
 *
 * Behind them come the comments of other scanners.
 *
 * @param position From offsets in `bytes` to positions.
 */
export function allowComments(bytes: Uint8Array, position: (offset: number) => Position): AllowComment[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const comments: AllowComment[] = [];
  for (let at = buffer.indexOf(WORD); at >= 0; at = buffer.indexOf(WORD, at + WORD.length)) {
    const [text = ""] = buffer.toString("utf8", at, at + LONGEST).split(/[\r\n]/);
    const groups = comment.exec(text)?.groups;
    if (groups === undefined) continue;
    const { next, rule, reason } = groups;
    const line = position(at).line + (next === undefined ? 0 : 1);
    comments.push({ line, ...(rule === undefined ? {} : { rule }), ...(reason ? { reason } : {}) });
  }
  return [...comments, ...foreignComments(buffer, position)];
}

/** What allows a match of `rule` on the lines from `first` to `last`, both included. */
export function allowanceOf(
  comments: readonly AllowComment[],
  { rule, first, last }: { rule: string; first: number; last: number },
): Allowance | undefined {
  const covering = comments.find(
    (comment) => comment.line >= first && comment.line <= last && (comment.rule ?? rule) === rule,
  );
  if (covering === undefined) return undefined;
  const { line: _line, ...allowance } = covering;
  return allowance;
}
