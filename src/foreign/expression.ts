/**
 * Filter expressions of betterleaks (https://github.com/betterleaks/betterleaks/blob/main/docs/config.md), in the form
 * of 1.x (CEL) and of 2.x (Expr), as far as they speak of a finding and its place. What they ask beyond that (tokens of
 * a language model, people, forges) is unknown here; an unknown part discards nothing, so that rather too much is
 * reported than too little.
 */
import type { Placed } from "../terms.ts";
import { refusal } from "./file.ts";
import { seenOf } from "./passage.ts";
import { compileRe2, utf8 } from "./re2.ts";
import { foreignId } from "./rule.ts";
import { foreignEntropy } from "./searcher.ts";

type Value = string | number | boolean | readonly Value[] | undefined;
type Term = (placed: Placed) => Value;

/** A filter that can be asked. */
export interface Filter {
  /** True where the finding is to be discarded. */
  readonly discards: (placed: Placed) => boolean;
  /** Names in it that mean nothing here, each once. */
  readonly gaps: readonly string[];
}

/** The filter that an expression is. Throws `config.invalid` at `at` for what is no expression. */
export function compileFilter(text: string, at: string): Filter {
  const reader = new Reader(tokensOf(text, at), at);
  const term = reader.whole();
  return { discards: (placed) => term(placed) === true, gaps: [...reader.gaps].sort() };
}

type Token = { readonly kind: "text" | "number" | "name" | "sign"; readonly text: string };

const shapes =
  /\s+|\/\/[^\n]*|(?<raw>r(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"]*"|'[^']*'))|`(?<tick>[^`]*)`|(?<long>"""[\s\S]*?"""|'''[\s\S]*?''')|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>\|\||&&|\?\?|\?\.|[=!<>]=|[-+*/<>!()[\]{},.:?])/gy;

function tokensOf(text: string, at: string): Token[] {
  const tokens: Token[] = [];
  shapes.lastIndex = 0;
  for (let end = 0; end < text.length; end = shapes.lastIndex) {
    const groups = shapes.exec(text)?.groups;
    if (groups === undefined) throw refusal(at, "a filter is no expression", "See the docs of betterleaks.");
    const { raw, tick, long, text: quoted, number, name, sign } = groups;
    if (raw !== undefined)
      tokens.push({ kind: "text", text: raw.slice(1).replace(/^(?:"""|'''|["'])|(?:"""|'''|["'])$/g, "") });
    else if (tick !== undefined) tokens.push({ kind: "text", text: tick });
    else if (long !== undefined) tokens.push({ kind: "text", text: unescaped(long.slice(3, -3)) });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: unescaped(quoted.slice(1, -1)) });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);

const binary: Readonly<Record<string, number>> = {
  "||": 1,
  or: 1,
  "&&": 2,
  and: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  contains: 3,
  startsWith: 3,
  endsWith: 3,
  matches: 3,
  "??": 4,
};

class Reader {
  readonly gaps = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #at: string;
  #next = 0;

  constructor(tokens: readonly Token[], at: string) {
    this.#tokens = tokens;
    this.#at = at;
  }

  whole(): Term {
    const term = this.#level(1);
    if (this.#peek() !== "") throw this.#wrong();
    return term;
  }

  /** A term of operators that bind at least as tightly as `least`. */
  #level(least: number): Term {
    let left = this.#unary();
    for (let name = this.#peek(); (binary[name] ?? 0) >= least; name = this.#peek()) {
      this.#next++;
      left = operation(name, left, this.#level((binary[name] ?? 0) + 1), this.#at);
    }
    return left;
  }

  #unary(): Term {
    if (this.#take("!") || this.#take("not")) {
      const term = this.#unary();
      return (placed) => {
        const value = term(placed);
        return typeof value === "boolean" ? !value : undefined;
      };
    }
    return this.#postfix(this.#primary());
  }

  #primary(): Term {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw this.#wrong();
    const { kind, text } = token;
    if (kind === "text") return () => text;
    if (kind === "number") return () => Number(text);
    if (text === "(") return this.#closed(this.#level(1), ")");
    if (text === "[") return this.#list("]");
    if (kind !== "name") throw this.#wrong();
    if (text === "true" || text === "false") return () => text === "true";
    if (text === "get" && this.#peek() === "(") return this.#get();
    return this.#named([text]);
  }

  /** A function or a path of names: `filter.entropy(…)`, `finding["secret"]`, `attributes[?"path"]`. */
  #named(path: string[]): Term {
    for (;;) {
      if (this.#take("(")) return this.#call(path.join("."), this.#arguments());
      if (this.#take(".") || this.#take("?.")) {
        const name = this.#tokens[this.#next]?.text ?? "";
        if (isMethod(name) && this.#tokens[this.#next + 1]?.text === "(") {
          this.#next--;
          return this.#data(path);
        }
        this.#next++;
        path.push(name);
      } else if (this.#take("[")) {
        this.#take("?");
        path.push(this.#tokens[this.#next++]?.text ?? "");
        if (!this.#take("]")) throw this.#wrong();
      } else return this.#data(path);
    }
  }

  /** `get(attributes, "path", "")`. */
  #get(): Term {
    this.#next++;
    const root = this.#tokens[this.#next++]?.text ?? "";
    if (!this.#take(",")) throw this.#wrong();
    const term = this.#data([root, this.#tokens[this.#next++]?.text ?? ""]);
    const otherwise = this.#take(",") ? this.#level(1) : () => undefined;
    return this.#closed((placed) => term(placed) ?? otherwise(placed), ")");
  }

  #data([root = "", ...keys]: readonly string[]): Term {
    const name = [root, ...keys].join(".");
    const term = data[name];
    if (term !== undefined) return term;
    this.gaps.add(name);
    return () => undefined;
  }

  #call(name: string, terms: readonly Term[]): Term {
    const make = functions[name.replace(/^filter\./, "")];
    if (make !== undefined) return make(terms, this.#at);
    this.gaps.add(name);
    return () => undefined;
  }

  /** Methods behind a term: `.orValue("")`, `.endsWith("x")`. */
  #postfix(term: Term): Term {
    let value = term;
    while (this.#peek() === "." && isMethod(this.#tokens[this.#next + 1]?.text ?? "")) {
      const name = this.#tokens[this.#next + 1]?.text ?? "";
      this.#next += 2;
      if (!this.#take("(")) throw this.#wrong();
      const [argument = () => ""] = this.#arguments();
      value =
        name === "orValue" ? operation("??", value, argument, this.#at) : operation(name, value, argument, this.#at);
    }
    return value;
  }

  #arguments(): readonly Term[] {
    const terms: Term[] = [];
    while (!this.#take(")")) {
      terms.push(this.#level(1));
      if (!this.#take(",") && this.#peek() !== ")") throw this.#wrong();
    }
    return terms;
  }

  #list(end: string): Term {
    const terms: Term[] = [];
    while (!this.#take(end)) {
      terms.push(this.#level(1));
      if (!this.#take(",") && this.#peek() !== end) throw this.#wrong();
    }
    return (placed) => terms.map((term) => term(placed));
  }

  #closed(term: Term, end: string): Term {
    if (!this.#take(end)) throw this.#wrong();
    return term;
  }

  #peek(): string {
    const token = this.#tokens[this.#next];
    return token === undefined || token.kind === "text" || token.kind === "number" ? "" : token.text;
  }

  #take(text: string): boolean {
    if (this.#peek() !== text || text === "") return false;
    this.#next++;
    return true;
  }

  #wrong = () => refusal(this.#at, "a filter is no expression that is known here", "See the docs of betterleaks.");
}

const isMethod = (name: string): boolean => /^(?:orValue|startsWith|endsWith|contains|matches)$/.test(name);

const secretOf: Term = ({ match }) => Buffer.from(match.secret.reveal()).toString("utf8");
const passage =
  (key: "match" | "line"): Term =>
  ({ match }) => {
    const seen = seenOf(match);
    return seen && Buffer.from(seen[key], "latin1").toString("utf8");
  };

/** What is known of a finding and its place. */
const data: Readonly<Record<string, Term>> = {
  "finding.secret": secretOf,
  "finding.match": passage("match"),
  "finding.line": passage("line"),
  "finding.rule_id": ({ match }) => foreignId(match.rule),
  "finding.description": ({ match }) => match.rule.name,
  "attributes.path": ({ path }) => path,
  "attributes.git.sha": ({ commit }) => commit ?? "",
};

const functions: Readonly<Record<string, (terms: readonly Term[], at: string) => Term>> = {
  entropy:
    ([text]) =>
    (placed) => {
      const value = text?.(placed);
      return typeof value === "string" ? foreignEntropy(utf8(value)) : undefined;
    },
  matchesAny: ([text, list], at) => {
    const compiled = new Map<string, ReturnType<typeof compileRe2>>();
    const patternOf = (source: string) => {
      const known = compiled.get(source) ?? compileRe2(source, at);
      compiled.set(source, known);
      return known;
    };
    return onTexts(text, list, (value, source) => patternOf(source).test(utf8(value)));
  },
  containsAny: ([text, list]) => onTexts(text, list, (value, word) => value.includes(word)),
  lower:
    ([text]) =>
    (placed) => {
      const value = text?.(placed);
      return typeof value === "string" ? value.toLowerCase() : undefined;
    },
};

function onTexts(text: Term | undefined, list: Term | undefined, test: (value: string, of: string) => boolean): Term {
  return (placed) => {
    const value = text?.(placed);
    const texts = list?.(placed);
    if (typeof value !== "string" || !Array.isArray(texts)) return undefined;
    return texts.some((one) => typeof one === "string" && test(value, one));
  };
}

function operation(name: string, left: Term, right: Term, at: string): Term {
  if (name === "matches") return functions.matchesAny?.([left, (placed) => [right(placed)]], at) ?? left;
  return (placed) => {
    const a = left(placed);
    if (name === "||" || name === "or")
      return a === true || right(placed) === true || (a === false ? false : undefined);
    if (name === "&&" || name === "and") return a === true ? right(placed) : a;
    if (name === "??") return a ?? right(placed);
    return compared(name, a, right(placed));
  };
}

function compared(name: string, a: Value, b: Value): Value {
  if (a === undefined || b === undefined) return undefined;
  if (name === "==") return a === b;
  if (name === "!=") return a !== b;
  if (name === "in") return Array.isArray(b) && b.includes(a);
  if (typeof a === "string" && typeof b === "string") return textual[name]?.(a, b);
  return typeof a === "number" && typeof b === "number" ? numeric[name]?.(a, b) : undefined;
}

const textual: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  contains: (a, b) => a.includes(b),
  startsWith: (a, b) => a.startsWith(b),
  endsWith: (a, b) => a.endsWith(b),
};

const numeric: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
