/** What a foreign rule's regex finds, and which part of it is the secret. */
import { entropy } from "../bytes/entropy.ts";
import type { PatternMatch, Span } from "../terms.ts";
import type { ForeignRule } from "./config.ts";
import { refusal } from "./file.ts";
import { compileRe2, type Re2 } from "./re2.ts";

/** A rule whose regex is ready. */
export interface Searcher {
  readonly rule: ForeignRule;
  readonly regex: Re2;
}

/** The rule with its regex. Throws `config.invalid` for a wrong pattern, or one without the group of the secret. */
export function searcherOf(rule: ForeignRule): Searcher {
  const regex = compileRe2(rule.regex, rule.at);
  if (rule.secretGroup <= regex.groups && rule.secretGroup >= 0) return { rule, regex };
  const problem = `rule "${rule.id}" has no group ${rule.secretGroup}`;
  throw refusal(rule.at, problem, `Its regex has ${regex.groups}; correct secretGroup.`);
}

/** The match without line breaks at its ends, and its secret; `undefined` when that is too dull. */
export function accepted({ rule, regex }: Searcher, bytes: Uint8Array, found: Span): PatternMatch | undefined {
  const whole = trimmed(bytes, found);
  const secret = secretIn({ rule, regex }, bytes.subarray(whole.start, whole.end));
  const span = { start: whole.start + secret.start, end: whole.start + secret.end };
  if (span.end === span.start) return undefined;
  if (rule.entropy !== 0 && foreignEntropy(bytes.subarray(span.start, span.end)) <= rule.entropy) return undefined;
  return { ...whole, groups: { secret: span } };
}

const LF = 10;

function trimmed(bytes: Uint8Array, { start, end }: Span): Span {
  let [from, to] = [start, end];
  while (from < to && bytes[from] === LF) from++;
  while (to > from && bytes[to - 1] === LF) to--;
  return { start: from, end: to };
}

/** Groups are those of the match looked at alone, as there. */
function secretIn({ rule, regex }: Searcher, match: Uint8Array): Span {
  const whole = { start: 0, end: match.length };
  const groups = regex.groups === 0 ? undefined : regex.exec(match, 0)?.groups;
  if (groups === undefined) return whole;
  if (rule.secretGroup > 0) return groups[rule.secretGroup - 1] ?? { start: 0, end: 0 };
  return groups.find((group) => group !== undefined && group.end > group.start) ?? whole;
}

/** Shannon entropy as gitleaks counts it: of characters, but over the length in bytes. */
export function foreignEntropy(bytes: Uint8Array): number {
  if (bytes.every((byte) => byte < 0x80)) return entropy(bytes);
  const counts = new Map<string, number>();
  for (const char of Buffer.from(bytes).toString("utf8")) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
