/**
 * Writes a pattern for one of the two engines. What is written needs no flags and uses only what both read alike:
 * classes of bytes, counts, named groups and six assertions. So a match by V8 is the match that RE2 would give
 * (leftmost, first alternative first), which the tests check against re2js.
 */
import { type ByteSet, rangesOf } from "./byte-set.ts";
import type { Assertion, Node, Repeat } from "./syntax.ts";

/** Who is going to read the source: V8's RegExp without flag `u`, or re2js. */
export type Reader = "v8" | "re2";

const assertions: Readonly<Record<Reader, Readonly<Record<Assertion["holds"], string>>>> = {
  v8: {
    "text-start": "^",
    "text-end": "$",
    "line-start": "(?<![^\\n])",
    "line-end": "(?![^\\n])",
    "word-edge": "\\b",
    "no-word-edge": "\\B",
  },
  re2: {
    "text-start": "\\A",
    "text-end": "\\z",
    "line-start": "(?m:^)",
    "line-end": "(?m:$)",
    "word-edge": "\\b",
    "no-word-edge": "\\B",
  },
};

/** Source text of `node` for `reader`, to be compiled without flags that change a meaning. */
export function printPattern(node: Node, reader: Reader): string {
  switch (node.kind) {
    case "bytes":
      return printSet(node.set, reader);
    case "assertion":
      return assertions[reader][node.holds];
    case "sequence":
      return node.parts
        .map((part) => (part.kind === "choice" ? wrapped(part, reader) : printPattern(part, reader)))
        .join("");
    case "choice":
      return node.branches.map((branch) => printPattern(branch, reader)).join("|");
    case "group":
      return `(?<${node.name}>${printPattern(node.body, reader)})`;
    case "repeat":
      return `${node.body.kind === "bytes" ? printPattern(node.body, reader) : wrapped(node.body, reader)}${count(node)}`;
  }
}

const wrapped = (node: Node, reader: Reader): string => `(?:${printPattern(node, reader)})`;

function count({ min, max, lazy }: Repeat): string {
  const much = max === Infinity ? `{${min},}` : min === max ? `{${min}}` : `{${min},${max}}`;
  return lazy ? `${much}?` : much;
}

function printSet(set: ByteSet, reader: Reader): string {
  const spans = rangesOf(set);
  if (spans.length === 0) return reader === "v8" ? "[]" : "[^\\x00-\\x{10FFFF}]";
  const ranges = spans.map(([first, last]) => (first === last ? byte(first) : `${byte(first)}-${byte(last)}`));
  return spans.length === 1 && spans[0]?.[0] === spans[0]?.[1] ? ranges.join("") : `[${ranges.join("")}]`;
}

/** Letters and digits as they are, all else in hexadecimal: no character has a meaning to escape from. */
function byte(code: number): string {
  const char = String.fromCharCode(code);
  return /[A-Za-z0-9]/.test(char) ? char : `\\x${code.toString(16).padStart(2, "0")}`;
}
