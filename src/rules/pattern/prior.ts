/**
 * Which byte can stand right before a place in a pattern. Most names that are looked for begin a word, and most places
 * where their letters stand are inside one (`line` in "online"): one byte tells.
 */
import { type ByteSet, bytesOf, complement, none, union } from "./byte-set.ts";
import { type Assertion, type Node, widthOf } from "./syntax.ts";

/** Every byte. */
export const anyByte: ByteSet = complement(none);

const wordBytes = bytesOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const lineEnds = bytesOf([0x0a, 0x0a], [0x0d, 0x0d]);

/**
 * The bytes that can stand before what follows `node`, where `prior` can stand before `node` itself. The start of the
 * text is not told: whoever asks for a byte there finds none, and lets it pass.
 *
 * @param first A byte that what follows begins with; decides what a word's edge means.
 */
export function priorBehind(node: Node, prior: ByteSet, first: number | undefined): ByteSet {
  switch (node.kind) {
    case "bytes":
      return node.set;
    case "assertion":
      return both(prior, allowedBy(node, first));
    case "group":
      return priorBehind(node.body, prior, first);
    case "sequence":
      return node.parts.reduce((before, part) => priorBehind(part, before, first), prior);
    case "choice":
      return union(none, ...node.branches.map((branch) => priorBehind(branch, prior, first)));
    case "repeat": {
      if (node.max === 0) return prior;
      const again = node.max > 1 ? union(prior, lastOf(node.body)) : prior;
      const once = priorBehind(node.body, again, first);
      return node.min === 0 ? union(prior, once) : once;
    }
  }
}

/** What a node ends with, whatever is before it; everything where it can take no byte at all. */
const lastOf = (node: Node): ByteSet => (widthOf(node).min === 0 ? anyByte : priorBehind(node, anyByte, undefined));

/** The bytes before a place at which an assertion holds. */
function allowedBy({ holds }: Assertion, first: number | undefined): ByteSet {
  switch (holds) {
    case "text-start":
      return none;
    case "line-start":
      return lineEnds;
    case "word-edge":
      return first === undefined ? anyByte : wordBytes[first] === 1 ? complement(wordBytes) : wordBytes;
    default:
      return anyByte;
  }
}

const both = (a: ByteSet, b: ByteSet): ByteSet => a.map((bit, byte) => bit & (b[byte] ?? 0));
