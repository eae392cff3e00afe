/** Telling rules apart by all that decides what they find. */
import { sha256 } from "../bytes/crypto.ts";
import type { Rule } from "../terms.ts";

/** Digest by rule id. */
export type RuleDigests = Readonly<Record<string, string>>;

/** Digest of what a rule looks for: half of a SHA-256, in hex. What it says of itself to people is no part of it. */
export function ruleDigest(rule: Rule): string {
  const { id: _id, name: _name, provider: _provider, severity: _severity, ...rest } = rule;
  const { pattern, references: _references, revoke: _revoke, ...facts } = rest;
  const sorted = Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
  return sha256(JSON.stringify([pattern.source, sorted])).slice(0, 32);
}
