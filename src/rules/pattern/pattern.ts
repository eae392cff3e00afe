/** A pattern that runs, once all is known of it. What finds that out, and re2js, are not loaded for it. */
import type { Gate } from "../../bytes/gate.ts";
import type { Pattern, PatternMatch } from "../../terms.ts";
import type { Reader } from "./print.ts";

export type Exec = Pattern["exec"];

/** All that is found out about a pattern before it runs. Plain values, so that the built-in shelf can be packed. */
export interface PatternFacts {
  /** Lower case, sorted, each once. */
  readonly keywords: readonly string[];
  /** One of the keywords is in every match, by proof. False only where the rule's author says so and samples agree. */
  readonly mandatory: boolean;
  readonly reach: Pattern["reach"];
  readonly gate?: Gate;
  /** Names of the groups. */
  readonly names: readonly string[];
  /** Which engine runs it. */
  readonly reader: Reader;
  /** The source for that engine. */
  readonly printed: string;
  /** Most steps that V8 takes from one start; known where that was proved a moment ago. */
  readonly steps?: number;
}

/** A pattern and what is known of it. There are two thousand of them, and few run: nothing is made before it is needed. */
export class CompiledPattern implements Pattern, Omit<PatternFacts, "steps"> {
  readonly keywords: readonly string[];
  readonly mandatory: boolean;
  readonly reach: Pattern["reach"];
  declare readonly gate?: Gate;
  readonly names: readonly string[];
  readonly reader: Reader;
  readonly #facts: PatternFacts;
  readonly #written: Written;
  #run: Exec | undefined;

  /** @param run What runs it, if not V8. */
  constructor(written: Written, facts: PatternFacts, run?: Exec) {
    const { keywords, mandatory, reach, gate, names, reader } = facts;
    this.keywords = keywords;
    this.mandatory = mandatory;
    this.reach = reach;
    if (gate !== undefined) this.gate = gate;
    this.names = names;
    this.reader = reader;
    this.#facts = facts;
    this.#written = written;
    this.#run = run;
  }

  /** As its author wrote it. */
  get source(): string {
    return this.#written.pattern;
  }

  get printed(): string {
    return this.#facts.printed;
  }

  get steps(): number | undefined {
    return this.#facts.steps;
  }

  readonly exec: Exec = (text, from) => {
    this.#run ??= onV8(this.printed, this.names);
    return this.#run(text, from);
  };
}

/** Where the source of a pattern is to be had. */
interface Written {
  readonly pattern: string;
}

/** Flag `d` slows each search down, so that only a start that is known to match is run with it. */
function onV8(printed: string, names: readonly string[]): Exec {
  const search = new RegExp(printed, "g");
  const measure = new RegExp(printed, "dy");
  return (text, from) => {
    search.lastIndex = from;
    const found = search.exec(text);
    if (found === null) return undefined;
    measure.lastIndex = found.index;
    const spans = measure.exec(text)?.indices?.groups;
    return matchOf(found.index, found.index + found[0].length, names, (name) => spans?.[name]);
  };
}

/** A group that took no part has no span, or one that starts at -1. */
export function matchOf(
  start: number,
  end: number,
  names: readonly string[],
  spanOf: (name: string) => [number, number] | undefined,
): PatternMatch {
  const groups: Record<string, { start: number; end: number }> = {};
  for (const name of names) {
    const [first, last] = spanOf(name) ?? [-1, -1];
    if (first >= 0) groups[name] = { start: first, end: last };
  }
  return { start, end, groups };
}
