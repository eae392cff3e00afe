/**
 * Patterns of other scanners, on the engine whose syntax and meaning theirs is: re2js reads what Go's `regexp` reads,
 * in linear time whatever a pattern says, and is shown bytes, which both take for UTF-8 with U+FFFD for what is none.
 */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { Span } from "../terms.ts";
import { refusal } from "./file.ts";

/** A match, and its groups from the first on; a group that took no part is absent. Offsets count bytes. */
export interface Re2Match extends Span {
  readonly groups: readonly (Span | undefined)[];
}

export interface Re2 {
  readonly source: string;
  /** How many groups the pattern has. */
  readonly groups: number;
  /** The first match that starts at byte `from` or later. */
  exec(bytes: Uint8Array, from: number): Re2Match | undefined;
  test(bytes: Uint8Array): boolean;
}

/** A pattern ready to run. Throws `config.invalid` at `at` for what Go's `regexp` refuses, too. */
export function compileRe2(source: string, at: string): Re2 {
  const compiled = compile(source, at);
  const groups = compiled.groupCount();
  return {
    source,
    groups,
    exec(bytes, from) {
      const matcher = compiled.matcher(bytes);
      if (!matcher.find(from)) return undefined;
      const spans = Array.from({ length: groups }, (_, index) => {
        const start = matcher.start(index + 1);
        return start < 0 ? undefined : { start, end: matcher.end(index + 1) };
      });
      return { start: matcher.start(), end: matcher.end(), groups: spans };
    },
    test: (bytes) => compiled.matcher(bytes).find(),
  };
}

function compile(source: string, at: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    const problem = cause.message.replace(/^error parsing regexp: /, "");
    throw refusal(at, `a pattern is wrong: ${problem}`, "Patterns are RE2, as Go reads them.", cause);
  }
}

/** A text as the bytes that patterns look at. */
export const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");
