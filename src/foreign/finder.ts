/**
 * The next match of a foreign regex in a text. re2js takes about a microsecond a byte, so that it is started only
 * around the literals that each match must hold. There a second pattern, bound to the place where it is started, ends
 * as soon as nothing can come of it any more; how far a match goes on behind its literal need not be known.
 */
import type { Gate } from "../bytes/gate.ts";
import type { Span } from "../terms.ts";
import { lastOnly, once } from "./last.ts";
import type { Literals } from "./literals.ts";
import { compileRe2, type Re2 } from "./re2.ts";

/** The first match in `bytes` that starts at `from` or later; `lower` is the text of the bytes in lower case. */
export type Finder = (bytes: Uint8Array, lower: () => string, from: number) => Span | undefined;

/** RE2 counts to 1000. */
const farthest = 990;

export interface FinderOptions {
  /** Are in each match, where that is known. */
  readonly literals: Literals | undefined;
  /** `file:line` of the rule. */
  readonly at: string;
  /** Bytes a literal, on average, below which it is cheaper to go through the whole text. */
  readonly sparse?: number;
}

/** The finder of a regex. */
export function finderOf(regex: Re2, { literals, at, sparse = 250 }: FinderOptions): Finder {
  const everywhere: Finder = (bytes, _lower, from) => regex.exec(bytes, from);
  if (literals === undefined || literals.before > farthest) return everywhere;
  const { before } = literals;
  const begun = once(() => compileRe2(`\\A(?s:.{0,${before}}?)(${regex.source})`, at));
  // A byte more, which no match begins with, keeps `\b` and `^` true where the text has begun before.
  const inside = once(() => compileRe2(`\\A(?s:.{1,${before + 1}}?)(${regex.source})`, at));
  const places = lastOnly((lower: string) => placesOf(lower, literals));
  return (bytes, lower, from) => {
    const all = places(lower());
    if (all.length * sparse > bytes.length) return everywhere(bytes, lower, from);
    for (const place of all) {
      if (place < from) continue;
      const start = Math.max(from, place - before);
      const [pattern, cut] = start === 0 ? [begun(), 0] : [inside(), start - 1];
      const [found] = pattern.exec(bytes.subarray(cut), 0)?.groups ?? [];
      if (found !== undefined) return { start: cut + found.start, end: cut + found.end };
    }
    return undefined;
  };
}

/** Where a literal begins that can be part of a match, ascending. */
function placesOf(lower: string, { texts, gate }: Literals): readonly number[] {
  const places = new Set<number>();
  for (const text of texts) {
    for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1)) {
      if (gate === undefined || passes(gate, lower, at + text.length)) places.add(at);
    }
  }
  return [...places].sort((a, b) => a - b);
}

/** Whether what stands from `at` on can follow a literal. Lower case will do: a gate that asks for upper case is none. */
function passes({ skip, need, max }: Gate, lower: string, at: number): boolean {
  const stop = Math.min(lower.length, at + max + 1);
  for (let next = at; next < stop; next++) {
    const byte = lower.charCodeAt(next);
    const upper = byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte;
    if (need[byte] === 1 || need[upper] === 1) return true;
    if (skip[byte] !== 1 && skip[upper] !== 1) return false;
  }
  return false;
}
