import { overlaps } from "../bytes/span.ts";
import type { Claim } from "./claim.ts";
import { scoreOf } from "./score.ts";

/**
 * Of claims whose secrets share bytes the strongest: a specific rule before a component, a component before a generic
 * rule, one of a provider before context rules, those before the ones for any; but a rule that is not sure of itself
 * has no such precedence. Then the higher score, the longer secret, what stands there plainly, the longer match, the earlier rule id, the earlier
 * place. The rest is handed to `drop`. What is left is ordered by secret and rule.
 *
 * Rules with `paths` compete only among themselves: whether they may speak is not known before there is a path, and
 * until then they must not silence anybody. Secrets and exposures do not compete either, nor do rules that stand alone.
 */
export function settle(claims: readonly Claim[], drop: (claim: Claim, objection: string) => void): Claim[] {
  const leagues = new Map<string, Claim[]>();
  for (const claim of claims) {
    const { kind, id, paths, fits, alone } = claim.rule;
    const league = `${kind} ${paths?.join(" ") ?? ""} ${alone || fits ? id : ""}`;
    leagues.set(league, [...(leagues.get(league) ?? []), claim]);
  }
  return [...leagues.values()].flatMap((league) => strongest(league, drop)).sort(byPlace);
}

function strongest(claims: readonly Claim[], drop: (claim: Claim, objection: string) => void): Claim[] {
  const kept: Claim[] = [];
  for (const cluster of clusters(claims)) {
    const winners: Claim[] = [];
    for (const claim of cluster.sort(byStrength)) {
      const winner = winners.find((other) => overlaps(other.secret, claim.secret));
      if (winner === undefined) winners.push(claim);
      else drop(claim, `gives way to ${winner.rule.id}`);
    }
    kept.push(...winners);
  }
  return kept;
}

/** Groups between which no secrets overlap. */
function clusters(claims: readonly Claim[]): Claim[][] {
  const groups: Claim[][] = [];
  let end = -1;
  for (const claim of [...claims].sort(byPlace)) {
    if (claim.secret.start < end) groups.at(-1)?.push(claim);
    else groups.push([claim]);
    end = Math.max(end, claim.secret.end);
  }
  return groups;
}

const rank = ({ rule: { generic, component, context, provider, confidence } }: Claim): number => {
  if (component) return 1;
  if (confidence === "low" || (generic && provider === "generic")) return 4;
  if (context) return 3;
  return generic ? 2 : 0;
};
const score = ({ rule, reasons }: Claim): number => scoreOf(rule.confidence, reasons);
/** What is written plainly goes before what is found again behind an encoding. */
const depth = ({ view }: Claim): number => view?.decoded.length ?? 0;
const length = ({ start, end }: { start: number; end: number }): number => end - start;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byStrength = (a: Claim, b: Claim): number =>
  rank(a) - rank(b) ||
  score(b) - score(a) ||
  length(b.secret) - length(a.secret) ||
  depth(a) - depth(b) ||
  length(b) - length(a) ||
  byText(a.rule.id, b.rule.id) ||
  a.start - b.start;

const byPlace = (a: Claim, b: Claim): number =>
  a.secret.start - b.secret.start || a.secret.end - b.secret.end || byText(a.rule.id, b.rule.id) || a.start - b.start;
