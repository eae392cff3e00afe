/**
 * All keywords at once, by Aho and Corasick: a table with one row a state and one column a class of bytes, where
 * bytes that no keyword holds share a class and letters share one with their other case. The loop is two loads and a
 * comparison a byte. States are numbered so that those which end a keyword come last: one comparison tells them.
 */

/** Finds every occurrence of every keyword, letter case of ASCII aside. */
export interface Automaton {
  /**
   * Appends to `hits` a pair of numbers for each occurrence that starts in [`start`, `end`): its offset and the index
   * of its keyword, ordered by where the occurrences end.
   */
  scan(bytes: Uint8Array, start: number, end: number, hits: number[]): void;
}

interface State {
  readonly edges: Map<number, State>;
  /** Indices of the keywords that end here. */
  readonly ends: number[];
  /** Where to go on when no edge fits: the state of the longest suffix that begins another keyword. */
  fallback: State | undefined;
}

const newState = (): State => ({ edges: new Map(), ends: [], fallback: undefined });

const fold = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);

/** The automaton of lower-case latin1 `keywords`; an empty keyword is refused. */
export function automaton(keywords: readonly string[]): Automaton {
  const lengths = Int32Array.from(keywords, (keyword) => keyword.length);
  const longest = Math.max(1, ...lengths);
  const { classOf, next, firstEnd, ends } = table(keywords);
  return {
    scan(bytes, start, end, hits) {
      const stop = Math.min(bytes.length, end + longest - 1);
      let state = 0;
      for (let at = start; at < stop; at++) {
        state = next[state + (classOf[bytes[at] as number] as number)] as number;
        if (state < firstEnd) continue;
        for (const keyword of ends.get(state) ?? []) {
          const begin = at + 1 - (lengths[keyword] as number);
          if (begin < end) hits.push(begin, keyword);
        }
      }
    },
  };
}

/** The states as one table; a state's number is the index of its row's first cell. */
function table(keywords: readonly string[]) {
  const states = trie(keywords);
  const inner = states.filter(({ ends }) => ends.length === 0);
  const ordered = [...inner, ...states.filter(({ ends }) => ends.length > 0)];
  const bytes = [...new Set(keywords.flatMap((keyword) => [...Buffer.from(keyword.toLowerCase(), "latin1")]))];
  const width = bytes.length + 1; // class 0: bytes of no keyword
  const classOf = Uint8Array.from({ length: 256 }, (_, byte) => bytes.indexOf(fold(byte)) + 1);
  const numbers = new Map(ordered.map((state, row) => [state, row * width]));
  const numberOf = (state: State | undefined): number => (state === undefined ? 0 : (numbers.get(state) ?? 0));
  const next = new Int32Array(ordered.length * width);
  // Breadth first, so that the row of a fallback, which is nearer to the root, is full before it is copied.
  for (const state of states) {
    const row = numberOf(state);
    next.copyWithin(row, numberOf(state.fallback), numberOf(state.fallback) + width);
    for (const [byte, target] of state.edges) next[row + (classOf[byte] ?? 0)] = numberOf(target);
  }
  const ends = new Map(ordered.slice(inner.length).map((state) => [numbers.get(state) ?? 0, state.ends]));
  return { classOf, next, firstEnd: inner.length * width, ends };
}

/** A trie of the keywords with its fallbacks, in breadth-first order, the root first. */
function trie(keywords: readonly string[]): State[] {
  const root = newState();
  keywords.forEach((keyword, index) => {
    if (keyword === "") throw new RangeError("a keyword is empty");
    let state = root;
    for (const byte of Buffer.from(keyword, "latin1")) {
      const next = state.edges.get(fold(byte)) ?? newState();
      state.edges.set(fold(byte), next);
      state = next;
    }
    state.ends.push(index);
  });
  const states = [root];
  for (const state of states) {
    for (const [byte, child] of state.edges) {
      let up = state.fallback;
      while (up !== undefined && !up.edges.has(byte)) up = up.fallback;
      child.fallback = up?.edges.get(byte) ?? root;
      child.ends.push(...child.fallback.ends);
      states.push(child);
    }
  }
  return states;
}
