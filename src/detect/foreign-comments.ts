/** Comments by which other scanners are told to pass over a line. They allow here what they allow there. */
import type { Position } from "../bytes/lines.ts";
import type { Allowance } from "../terms.ts";

/** A comment of another scanner. */
interface ForeignComment {
  readonly word: string;
  /** How many lines below it speaks; 0: of its own. `undefined`: it is none, whatever word it begins with. */
  readonly reach: (before: string, after: string) => number | undefined;
}

const own = (): number => 0;

/** Signs that begin a comment, as detect-secrets knows them. */
const sign = /(?:#|\/\/|\/\*|'|--|<!--)[ \t]*$/;

/** `pragma: allowlist secret`, and `pragma: allowlist nextline secret` on a line without anything else. */
function pragma(before: string, after: string): number | undefined {
  const [, next] = /^ ?(?:allow|white)list[ -](nextline[ -])?secret\b/.exec(after) ?? [undefined, ""];
  if (!sign.test(before) || next === "") return undefined;
  return next === undefined ? 0 : 1;
}

const comments: readonly ForeignComment[] = [
  { word: "gitleaks:allow", reach: own },
  { word: "betterleaks:allow", reach: own },
  { word: "trufflehog:ignore", reach: own },
  { word: "kingfisher:ignore", reach: own },
  { word: "pragma:", reach: pragma },
];

/** The most of a line that is looked at on either side of a word, in bytes. */
const around = 200;

/** All such comments of a text, each with its line; the reason names the comment. */
export function foreignComments(
  buffer: Buffer,
  position: (offset: number) => Position,
): (Allowance & { readonly line: number })[] {
  return comments.flatMap(({ word, reach }) => {
    const found: (Allowance & { readonly line: number })[] = [];
    for (let at = buffer.indexOf(word); at >= 0; at = buffer.indexOf(word, at + word.length)) {
      const before = buffer.toString("latin1", Math.max(0, at - around), at);
      const after = buffer.toString("latin1", at + word.length, at + word.length + around);
      const lines = reach(before.slice(before.lastIndexOf("\n") + 1), after.split(/[\r\n]/, 1)[0] ?? "");
      if (lines === undefined) continue;
      const reason = word === "pragma:" ? "pragma of detect-secrets" : `${word} comment`;
      found.push({ line: position(at).line + lines, reason });
    }
    return found;
  });
}
