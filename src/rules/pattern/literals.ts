/**
 * Finds the literals of a pattern: texts one of which stands in every match, so that an engine need not try the
 * pattern where none is.
 *
 * A sequence offers each run of neighbours that can be spelled out (`(?:api|app)[_-]?key` is six texts), and what its
 * parts offer alone; a choice offers something when every branch does; a repetition when it must happen once. Of all
 * offers the one whose texts are rarest in source code wins. Each text is remembered as an *anchor*, with what can lie
 * before and behind it, because reach and gate depend on where in the pattern a literal stands.
 */
import { chanceOf } from "../../bytes/frequency.ts";
import { type ByteSet, bytesOf, foldCase, members, union } from "./byte-set.ts";
import { anyByte, priorBehind } from "./prior.ts";
import { type Bytes, type Node, widthOf } from "./syntax.ts";

/** A literal at its place in a pattern. */
export interface Anchor {
  /** Lower-case latin1. */
  readonly text: string;
  /** Most bytes of a match before it. */
  readonly before: number;
  /** The bytes that can stand right before it, where it is not at the start of the text. */
  readonly prior: ByteSet;
  /** What a match goes on with behind it. */
  readonly rest: readonly Node[];
}

const shortest = 3;
const longest = 40;
const mostTexts = 32;
const mostRepeats = 8;

/**
 * The anchors of a pattern, one of which is in every match; absent when it has no mandatory literal of 3 bytes.
 *
 * @param wanted Keywords to use instead of the rarest: every anchor is one of them. Absent when that cannot be shown.
 */
export function findAnchors(pattern: Node, wanted?: readonly string[]): readonly Anchor[] | undefined {
  const pick = wanted === undefined ? longEnough : among(wanted.map((text) => text.toLowerCase()));
  return offerOf(pattern, { before: 0, prior: () => anyByte, rest: [] }, pick)?.make();
}

/** What lies around a node: how far its start can be from the match's, what stands before it, and what follows. */
interface Around {
  readonly before: number;
  /** The bytes that can stand right before it when it begins with `first`. */
  readonly prior: (first: number) => ByteSet;
  readonly rest: readonly Node[];
}

/** The part of `text` to look for, as its offset and its length, when there is one. */
type Pick = (text: string) => { readonly offset: number; readonly length: number } | undefined;

const longEnough: Pick = (text) => (text.length >= shortest ? { offset: 0, length: text.length } : undefined);

const among =
  (wanted: readonly string[]): Pick =>
  (text) => {
    for (const keyword of wanted) {
      const offset = text.indexOf(keyword);
      if (offset >= 0) return { offset, length: keyword.length };
    }
    return undefined;
  };

/** Anchors that are yet to be made, and what they would cost. */
interface Offer {
  readonly texts: readonly string[];
  readonly cost: number;
  make(): readonly Anchor[];
}

function offerOf(node: Node, around: Around, pick: Pick): Offer | undefined {
  switch (node.kind) {
    case "assertion":
      return undefined;
    case "bytes":
    case "sequence":
    case "group":
      return offerOfSequence(flatten(node), around, pick);
    case "repeat": {
      if (node.min === 0) return undefined;
      const again = node.max > 1 ? [{ ...node, min: node.min - 1, max: node.max - 1 }] : [];
      const prior = (first: number): ByteSet =>
        node.max > 1 ? union(around.prior(first), priorBehind(node.body, anyByte, first)) : around.prior(first);
      return offerOf(node.body, { ...around, prior, rest: [...again, ...around.rest] }, pick);
    }
    case "choice": {
      const offers = node.branches.map((branch) => offerOf(branch, around, pick));
      if (!offers.every((offer) => offer !== undefined)) return undefined;
      const texts = offers.flatMap((offer) => offer.texts);
      return { texts, cost: costOf(texts), make: () => offers.flatMap((offer) => offer.make()) };
    }
  }
}

function offerOfSequence(parts: readonly Node[], around: Around, pick: Pick): Offer | undefined {
  const spelled = parts.map(spell);
  let best: Offer | undefined;
  let { before } = around;
  for (const [start, part] of parts.entries()) {
    const place = before;
    const prior = (first: number): ByteSet =>
      parts.slice(0, start).reduce((bytes, earlier) => priorBehind(earlier, bytes, first), around.prior(first));
    let texts: readonly string[] | undefined = [""];
    for (let end = start; end < parts.length; end++) {
      texts = product(texts, spelled[end]);
      if (texts === undefined || (texts[0] ?? "").length > longest) break;
      const rest = (): readonly Node[] => [...parts.slice(end + 1), ...around.rest];
      best = cheaper(
        best,
        offerOfRun(texts, () => ({ before: place, prior: edged(prior, parts.slice(start)), rest: rest() }), pick),
      );
    }
    if (part.kind === "choice" || part.kind === "repeat") {
      const rest = [...parts.slice(start + 1), ...around.rest];
      best = cheaper(best, offerOf(part, { before: place, prior, rest }, pick));
    }
    before += widthOf(part).max;
  }
  return best;
}

/** What stands before a run that begins with assertions. */
function edged(prior: Around["prior"], parts: readonly Node[]): Around["prior"] {
  const begin = parts.findIndex(({ kind }) => kind !== "assertion");
  const edges = parts.slice(0, begin < 0 ? undefined : begin);
  return (first) => edges.reduce((bytes, edge) => priorBehind(edge, bytes, first), prior(first));
}

/** What a run of parts offers that together match one of `texts`. */
function offerOfRun(texts: readonly string[], around: () => Around, pick: Pick): Offer | undefined {
  const picks = texts.map(pick);
  if (!picks.every((picked) => picked !== undefined)) return undefined;
  const cut = picks.map(({ offset, length }, index) => (texts[index] ?? "").slice(offset, offset + length));
  return {
    texts: cut,
    cost: costOf(cut),
    make: () => {
      const { before, prior, rest } = around();
      return picks.map(({ offset, length }, index) => {
        const text = texts[index] ?? "";
        const tail = [...text.slice(offset + length)].map(letter);
        // What is cut off at the front stands before it, in either case.
        const byte = offset === 0 ? prior(text.charCodeAt(0)) : letter(text[offset - 1] ?? "").set;
        return { text: cut[index] ?? "", before: before + offset, prior: byte, rest: [...tail, ...rest] };
      });
    },
  };
}

function cheaper(one: Offer | undefined, other: Offer | undefined): Offer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const shorter = shortestOf(one) - shortestOf(other);
  return other.cost < one.cost || (other.cost === one.cost && shorter < 0) ? other : one;
}

const shortestOf = ({ texts }: Offer): number => Math.min(...texts.map(({ length }) => length));

/** Logarithm of how often the texts are met, down to where it no longer matters, and what looking for many costs. */
function costOf(texts: readonly string[]): number {
  const each = new Set(texts);
  let often = 0;
  for (const text of each) often += Math.max(chanceOf(text), 2 ** -40);
  return Math.log2(often) + 3 * Math.log2(each.size) + texts.length / 100; // fewer anchors make a sharper gate
}

const letter = (char: string): Bytes => {
  const byte = char.charCodeAt(0);
  return { kind: "bytes", set: foldCase(bytesOf([byte, byte])), at: { start: 0, end: 0 } };
};

/** Neighbours in one row, whatever groups they were written in. */
function flatten(node: Node): readonly Node[] {
  if (node.kind === "sequence") return node.parts.flatMap(flatten);
  return node.kind === "group" ? flatten(node.body) : [node];
}

/** All texts that `node` can match, in lower case, when they are few. */
function spell(node: Node): readonly string[] | undefined {
  switch (node.kind) {
    case "assertion":
      return [""];
    case "bytes": {
      const texts = new Set(members(node.set).map((byte) => String.fromCharCode(byte).toLowerCase()));
      return texts.size <= mostTexts ? [...texts] : undefined;
    }
    case "group":
      return spell(node.body);
    case "sequence":
      return node.parts.map(spell).reduce(product, [""]);
    case "choice": {
      const texts = node.branches.map(spell);
      if (!texts.every((some) => some !== undefined)) return undefined;
      const flat = [...new Set(texts.flat())];
      return flat.length <= mostTexts ? flat : undefined;
    }
    case "repeat":
      return node.max <= mostRepeats ? spellRepeat(spell(node.body), node) : undefined;
  }
}

function spellRepeat(
  body: readonly string[] | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): readonly string[] | undefined {
  let texts: readonly string[] | undefined = [""];
  const all = new Set<string>();
  for (let times = 0; times <= max && texts !== undefined; times++) {
    if (times >= min) for (const text of texts) all.add(text);
    texts = product(texts, body);
    if (texts === undefined && times < max) return undefined;
  }
  return all.size <= mostTexts ? [...all] : undefined;
}

function product(
  heads: readonly string[] | undefined,
  tails: readonly string[] | undefined,
): readonly string[] | undefined {
  if (heads === undefined || tails === undefined || heads.length * tails.length > mostTexts) return undefined;
  return [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
}
