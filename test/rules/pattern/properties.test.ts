/**
 * What must hold for every pattern of the dialect, tried on random ones. Texts use few letters, so that matches and
 * near misses abound.
 */
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, it } from "vitest";
import { wordBytes } from "../../../src/rules/pattern/byte-set.ts";
import { compilePattern } from "../../../src/rules/pattern/compile.ts";
import { proveLinear } from "../../../src/rules/pattern/linear.ts";
import { findAnchors } from "../../../src/rules/pattern/literals.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";
import { printPattern } from "../../../src/rules/pattern/print.ts";
import type { Assertion, Node } from "../../../src/rules/pattern/syntax.ts";
import type { PatternMatch } from "../../../src/terms.ts";

const simple = ["a", "b", "K", "_", " ", "1", ".", "\\.", "[ab]", "[^a]", "[^\\s_]", "\\w", "\\W", "\\d", "\\s", "\\S"];
const fancy = ["\\x61", "\\Qa.\\E", "[[:alpha:]]", "[^[:punct:]]", "[a-k_]", "(?i:k)", "(?s:.)", "\\xe9", "(?-i:A)"];
const words = ["key", "tok_", "a_b", "(?i:Key)", "(?:ab|ba)k"];
const edges = ["\\b", "\\B", "^", "$", "(?m:^)", "(?m:$)", "\\A", "\\z"];
const counts = ["?", "{2}", "{0,3}", "{1,4}", "{2,5}", "??", "{0,3}?", "{1,2}?"];

/** Sources of patterns. `@` stands for a group name of its own. */
const { pattern } = fc.letrec<{ pattern: string; branch: string; part: string; atom: string }>((tie) => ({
  pattern: fc.oneof(
    { weight: 3, arbitrary: tie("branch") },
    fc.array(tie("branch"), { minLength: 2, maxLength: 3 }).map((branches) => branches.join("|")),
  ),
  branch: fc.array(tie("part"), { minLength: 0, maxLength: 5 }).map((parts) => parts.join("")),
  part: fc.oneof(
    { weight: 4, arbitrary: tie("atom") },
    { weight: 3, arbitrary: fc.tuple(tie("atom"), fc.constantFrom(...counts)).map(([atom, count]) => atom + count) },
    fc.constantFrom(...edges),
    fc.constantFrom("(?i)", "(?s)", "(?m)", "(?-i)"),
  ),
  atom: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: fc.constantFrom(...simple) },
    { weight: 2, arbitrary: fc.constantFrom(...fancy) },
    { weight: 2, arbitrary: fc.constantFrom(...words) },
    { weight: 2, arbitrary: tie("pattern").map((inner) => `(?:${inner})`) },
    { weight: 1, arbitrary: tie("pattern").map((inner) => `(?<@>${inner})`) },
    { weight: 1, arbitrary: tie("pattern").map((inner) => `(${inner})`) },
  ),
}));
const named = pattern.map((source) => source.split("@").reduce((all, part, index) => `${all}n${index}${part}`));

/** Patterns that the dialect accepts and the proof allows on V8. */
const linear = named.filter((source) => {
  const tree = readable(source);
  return tree !== undefined && proveLinear(tree).linear;
});

const lettered = fc
  .array(fc.constantFrom(..."aabbkKA_ 1.=:\n\xe9", "key", "KEY", "tok_", "a_b", "=a"), { maxLength: 24 })
  .map((parts) => parts.join(""));
const monotonous = fc.tuple(lettered, fc.constantFrom("a", "ab", "key", " "), fc.nat(12), lettered);
const text = fc.oneof(
  { weight: 3, arbitrary: lettered },
  monotonous.map(([head, unit, times, tail]) => head.slice(-3) + unit.repeat(times) + tail.slice(0, 3)),
);

function readable(source: string): Node | undefined {
  try {
    return parsePattern(source);
  } catch {
    return undefined; // `(?:a{2}){3}` without its group, a named group that is repeated
  }
}

it("V8 finds with the printed pattern what re2js finds with the original", () => {
  fc.assert(
    fc.property(linear, text, fc.nat(8), (source, text, from) => {
      const search = new RegExp(printPattern(parsePattern(source), "v8"), "dg");
      const judge = RE2JS.compile(source).matcher(text);
      search.lastIndex = Math.min(from, text.length);
      const found = search.exec(text);
      const names = Object.keys(found?.indices?.groups ?? {});
      const ours = found && [
        found.index,
        found.index + found[0].length,
        names.map((name) => found.indices?.groups?.[name]),
      ];
      const isFound = judge.find(Math.min(from, text.length));
      const spanOf = (name: string) => (judge.start(name) < 0 ? undefined : [judge.start(name), judge.end(name)]);
      expect(ours).toEqual(isFound ? [judge.start(), judge.end(), names.map(spanOf)] : null);
    }),
    { numRuns: 3000 },
  );
});

it("re2js finds with the printed pattern what it finds with the original", () => {
  const any = fc
    .tuple(named, fc.constantFrom("", "*", "+", "{2,}?"))
    .map(([source, count]) => `(?:${source})b${count}`);
  fc.assert(
    fc.property(
      any.filter((source) => readable(source) !== undefined),
      text,
      (source, text) => {
        const ours = RE2JS.compile(printPattern(parsePattern(source), "re2")).matcher(text);
        const judge = RE2JS.compile(source).matcher(text);
        const isFound = judge.find();
        expect(ours.find()).toBe(isFound);
        if (isFound) expect([ours.start(), ours.end()]).toEqual([judge.start(), judge.end()]);
      },
    ),
    { numRuns: 1000 },
  );
});

it("every match holds a keyword that lies within reach and passes the gate", () => {
  const between = fc.array(fc.constantFrom("\\s{0,3}", '["_]?', "(?:a_|\\.)?", "\\w{0,4}", "\\b"), { maxLength: 3 });
  const assigned = fc
    .tuple(fc.constantFrom(...words), between, fc.constantFrom("=", "(?:=|:=)", "[ab]{2}="), between)
    .map(([word, gap, sign, more]) => `${word}${gap.join("")}${sign}${more.join("")}(?<secret>[ab])`);
  const anywhere = fc
    .tuple(linear, fc.constantFrom(...words, "[_-]?key"), linear)
    .map(([a, word, b]) => `(?:${a})${word}(?<secret>${b.replaceAll("<n", "<m")})`);
  const secret = fc.oneof(assigned, anywhere);
  fc.assert(
    fc.property(secret, text, (source, text) => {
      fc.pre(findAnchors(parsePattern(source)) !== undefined && proveLinear(parsePattern(source)).linear);
      const compiled = compilePattern(source, { trusted: true });
      for (const match of matchesOf(compiled.exec, text)) {
        expect(standings(compiled, match, text), `${source} on ${JSON.stringify(text)}`).not.toEqual([]);
      }
    }),
    { numRuns: 1500 },
  );
});

it("a search takes no more steps from any start than the proof says", () => {
  fc.assert(
    fc.property(linear, text, (source, text) => {
      const tree = parsePattern(source);
      const proof = proveLinear(tree);
      const bytes = Buffer.from(text, "latin1");
      for (let start = 0; start <= bytes.length; start++) {
        expect(stepsFrom(tree, bytes, start), source).toBeLessThanOrEqual(proof.linear ? proof.steps : 0);
      }
    }),
    { numRuns: 3000 },
  );
});

it.each([
  ["(?:a{1,10}){1,4}b", "a".repeat(60)],
  ["[ab]{0,30}[a_]{0,30}k", "a".repeat(70)],
  ["a.{0,40}key.{0,40}tok_", `a${"key".repeat(30)}`],
  ["(?:a|ab|abb){1,8}k", "abb".repeat(10)],
  ["\\b[\\w.]{1,30}(?:key|k|ke)[\\w.]{0,30}[=:]", "key.".repeat(20)],
])("%s stays below its bound on a text made to be slow", (source, text) => {
  const tree = parsePattern(source);
  const proof = proveLinear(tree);
  const bytes = Buffer.from(text, "latin1");
  const worst = Math.max(...[...bytes.keys()].map((start) => stepsFrom(tree, bytes, start)));
  expect(worst).toBeGreaterThan(100);
  expect(proof.linear && worst <= proof.steps).toBe(true);
});

function* matchesOf(exec: (text: string, from: number) => PatternMatch | undefined, text: string) {
  for (let from = 0; from <= text.length; ) {
    const match = exec(text, from);
    if (match === undefined) return;
    yield match;
    from = match.start + 1;
  }
}

/** Places in a match where an engine that goes by keywords would look, and reach all of it. */
function standings(
  { keywords, reach, gate }: ReturnType<typeof compilePattern>,
  { start, end }: PatternMatch,
  text: string,
): readonly number[] {
  const places = keywords.flatMap((keyword) => {
    const hay = text.toLowerCase();
    return [...hay].flatMap((_, at) => (hay.startsWith(keyword, at) ? [{ at, behind: at + keyword.length }] : []));
  });
  return places
    .filter(({ at, behind }) => at >= start && behind <= end && at - start <= reach.before && end - at <= reach.after)
    .filter(({ behind }) => gate === undefined || passes(gate, Buffer.from(text, "latin1").subarray(behind)))
    .map(({ at }) => at);
}

function passes({ skip, need, max }: NonNullable<ReturnType<typeof compilePattern>["gate"]>, bytes: Uint8Array) {
  for (const byte of bytes.subarray(0, max + 1)) {
    if (need[byte] === 1) return true;
    if (skip[byte] !== 1) return false;
  }
  return false;
}

/** A backtracking engine as simple as can be, which counts what it does: the steps that the proof speaks of. */
function stepsFrom(tree: Node, bytes: Uint8Array, start: number): number {
  let steps = 0;
  const isWord = (at: number): boolean => wordBytes[bytes[at] ?? 0] === 1 && at >= 0 && at < bytes.length;
  const holds: Record<Assertion["holds"], (at: number) => boolean> = {
    "text-start": (at) => at === 0,
    "text-end": (at) => at === bytes.length,
    "line-start": (at) => at === 0 || bytes[at - 1] === 10,
    "line-end": (at) => at === bytes.length || bytes[at] === 10,
    "word-edge": (at) => isWord(at - 1) !== isWord(at),
    "no-word-edge": (at) => isWord(at - 1) === isWord(at),
  };
  type Then = (at: number) => boolean;
  const run = (node: Node, at: number, then: Then): boolean => {
    switch (node.kind) {
      case "bytes":
        steps++;
        return at < bytes.length && node.set[bytes[at]!] === 1 && then(at + 1);
      case "assertion":
        steps++;
        return holds[node.holds](at) && then(at);
      case "group":
        return run(node.body, at, then);
      case "sequence":
        return node.parts.reduceRight<Then>((rest, part) => (at) => run(part, at, rest), then)(at);
      case "choice":
        return node.branches.some((branch) => {
          steps++;
          return run(branch, at, then);
        });
      case "repeat": {
        const { body, min, max, lazy } = node;
        const again = (count: number, at: number): boolean => {
          steps++;
          const more = (): boolean => count < max && run(body, at, (next) => again(count + 1, next));
          if (count < min) return more();
          return lazy ? then(at) || more() : more() || then(at);
        };
        return again(0, at);
      }
    }
  };
  run(tree, start, () => true);
  return steps;
}
