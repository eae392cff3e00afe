/**
 * Makes a pattern ready to run. Built-in patterns are proved linear (`linear.ts`) and run on V8, which is ten times
 * faster; those of users and of other tools run on re2js, whose time is linear whatever they say.
 */
import { RE2JS } from "re2js";
import { LeaksweepError } from "../../errors.ts";
import { gateOf } from "./gate.ts";
import { proveLinear } from "./linear.ts";
import { findAnchors } from "./literals.ts";
import { parsePattern } from "./parse.ts";
import { CompiledPattern, type Exec, matchOf, type PatternFacts } from "./pattern.ts";
import { printPattern } from "./print.ts";
import { reachOf } from "./reach.ts";
import { nodesOf, widthOf } from "./syntax.ts";

/**
 * Finds out all about the source of a pattern.
 *
 * @param keywords Instead of those that the pattern's own literals give.
 * @param trusted V8 may run it, once it is proved linear.
 * @throws LeaksweepError `rule.invalid` when the source is not in the dialect, has no group named `secret`, can match
 *   no bytes at all, has no literal of 3 bytes and no `keywords`, or is trusted and not linear.
 */
export function analysePattern(
  source: string,
  { keywords, trusted }: { readonly keywords?: readonly string[] | undefined; readonly trusted: boolean },
): PatternFacts {
  const tree = parsePattern(source);
  const names = nodesOf(tree).flatMap((node) => (node.kind === "group" ? [node.name] : []));
  if (!names.includes("secret")) {
    throw refusal('it has no group named "secret"', "Wrap the part that must be kept private: (?<secret>…).");
  }
  if (widthOf(tree).min === 0) throw refusal("it can match no bytes at all", "Make at least one part mandatory.");
  const proof = trusted ? proveLinear(tree) : undefined;
  if (proof?.linear === false) {
    const { part, problem, hint } = proof;
    throw refusal(`\`${source.slice(part.start, part.end)}\` ${problem} (offset ${part.start})`, hint);
  }
  const anchors = findAnchors(tree, keywords);
  if (anchors === undefined && keywords === undefined) {
    throw refusal("it has no literal of 3 bytes in every match", "Write the `keywords` that stand in every match.");
  }
  const gate = anchors === undefined ? undefined : gateOf(anchors);
  const reader = trusted ? "v8" : "re2";
  return {
    keywords: [...new Set(anchors?.map(({ text }) => text) ?? keywords?.map((text) => text.toLowerCase()))].sort(),
    mandatory: anchors !== undefined,
    reach: reachOf(tree, anchors),
    ...(gate === undefined ? {} : { gate }),
    names,
    reader,
    printed: printPattern(tree, reader),
    ...(proof?.linear && { steps: proof.steps }),
  };
}

/**
 * A pattern that runs. V8's regular expression is made at the first `exec`; re2js makes its own now, because what it
 * refuses is a mistake to report before a scan and not in the middle of one.
 *
 * @param written Its source, read when somebody asks.
 * @throws LeaksweepError `rule.invalid` when the pattern counts too far for re2js.
 */
export const makePattern = (written: { readonly pattern: string }, facts: PatternFacts): CompiledPattern =>
  new CompiledPattern(written, facts, facts.reader === "re2" ? onRe2(facts.printed, facts.names) : undefined);

/** Both at once: a pattern from its source. Throws what they throw. */
export const compilePattern = (
  source: string,
  options: { readonly keywords?: readonly string[] | undefined; readonly trusted: boolean },
): CompiledPattern => makePattern({ pattern: source }, analysePattern(source, options));

const refusal = (problem: string, hint: string): LeaksweepError =>
  new LeaksweepError("rule.invalid", `Cannot read pattern: ${problem}`, { hint });

function onRe2(printed: string, names: readonly string[]): Exec {
  const compiled = compileRe2(printed);
  return (text, from) => {
    const matcher = compiled.matcher(text);
    if (!matcher.find(from)) return undefined;
    return matchOf(matcher.start(), matcher.end(), names, (name) => [matcher.start(name), matcher.end(name)]);
  };
}

function compileRe2(printed: string): RE2JS {
  try {
    return RE2JS.compile(printed);
  } catch (cause) {
    const hint = "RE2 counts to 1000 at most, also when counts are nested; write * or + where the length is open.";
    throw new LeaksweepError("rule.invalid", "Cannot read pattern: re2js refuses it", { hint, cause });
  }
}
