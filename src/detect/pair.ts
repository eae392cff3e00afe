import { positions } from "../bytes/lines.ts";
import type { Near, Rulepack, Span } from "../terms.ts";
import type { Text } from "./candidate.ts";
import type { Claim } from "./claim.ts";
import { paired, unpaired } from "./score.ts";

/** A claim with the lines it stands on. */
interface Lined {
  readonly claim: Claim;
  readonly first: number;
  readonly last: number;
}

/**
 * How many lines around a claim of each rule must be known to decide on it: its own `near`, or that of a rule whose
 * partner it can be. Rules that stand alone are not in it.
 */
export function surroundings({ rules }: Rulepack): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { id, near } of rules) {
    if (near === undefined) continue;
    for (const rule of [id, near.rule]) lines.set(rule, Math.max(lines.get(rule) ?? 0, near.lines));
  }
  return lines;
}

/**
 * Brings the parts of multi-part credentials together: a claim whose rule has a `near` takes the nearest claim of
 * that rule as a part, with its facts. Without one it scores less, or is handed to `drop` when it needs one.
 */
export function pair(
  claims: readonly Claim[],
  { bytes }: Text,
  drop: (claim: Claim, objection: string) => void,
): Claim[] {
  if (!claims.some(({ rule }) => rule.near !== undefined)) return [...claims];
  const position = positions(bytes);
  const lined = [...claims]
    .sort((a, b) => a.start - b.start || depth(a) - depth(b) || a.end - b.end)
    .map((claim) => ({ claim, first: position(claim.start).line, last: position(claim.end).line }));
  return lined.flatMap((own) => {
    const { near } = own.claim.rule;
    if (near === undefined) return [own.claim];
    const partner = partnerOf(own, near, lined);
    if (partner !== undefined) return [joined(own.claim, partner)];
    if (!near.required) return [{ ...own.claim, reasons: [...own.claim.reasons, unpaired(near.rule)] }];
    drop(own.claim, `has no ${near.rule} within ${near.lines} lines`);
    return [];
  });
}

/** What is written plainly goes before the same, found again behind an encoding. */
const depth = ({ view }: Claim): number => view?.decoded.length ?? 0;

const joined = (claim: Claim, partner: Claim): Claim => ({
  ...claim,
  facts: { ...partner.facts, ...claim.facts },
  reasons: [...claim.reasons, paired(partner.rule.id)],
  parts: [partner],
});

/** The nearest by lines; of two as near, the first in the text, since an id is mostly written before its secret. */
function partnerOf(own: Lined, near: Near, all: readonly Lined[]): Claim | undefined {
  let best: { claim: Claim; distance: number } | undefined;
  for (const other of all) {
    if (other.claim.rule.id !== near.rule || sameBytes(other.claim.secret, own.claim.secret)) continue;
    const distance = Math.max(0, other.first - own.last, own.first - other.last);
    if (distance <= near.lines && (best === undefined || distance < best.distance)) {
      best = { claim: other.claim, distance };
    }
  }
  return best?.claim;
}

const sameBytes = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;
