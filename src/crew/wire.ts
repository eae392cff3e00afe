/** Reports on their way from one thread to another. Rules hold functions, and secrets refuse to be copied by accident. */
import { Secret } from "../bytes/secret.ts";
import type { FamilyReport } from "../git/pack/family-search.ts";
import type { Component, Match, Rulepack } from "../terms.ts";

interface WiredSecret {
  /** Place of the rule in its rulepack. */
  readonly rule: number;
  readonly bytes: Uint8Array;
}

export type WiredMatch = Omit<Match, "rule" | "secret" | "components"> &
  WiredSecret & { readonly components: readonly (Omit<Component, "secret"> & { readonly bytes: Uint8Array })[] };

export type WiredReport = Omit<FamilyReport, "sightings"> & {
  readonly sightings: readonly { readonly object: number; readonly matches: readonly WiredMatch[] }[];
};

/** Matches as plain values. Rules become their places in `rulepack`, which the other thread must have too. */
export function wired({ rules }: Rulepack): (match: Match) => WiredMatch {
  const places = new Map(rules.map((rule, place) => [rule, place]));
  return ({ rule, secret, components, ...match }) => ({
    ...match,
    rule: places.get(rule) ?? -1,
    bytes: secret.reveal(),
    components: components.map((part) => ({ rule: part.rule, bytes: part.secret.reveal() })),
  });
}

/** Matches as they were before `wired`. Throws `RangeError` for a rule that is not in `rulepack`. */
export function unwired({ rules }: Rulepack): (match: WiredMatch) => Match {
  return ({ rule: place, bytes, components, ...match }) => {
    const rule = rules[place];
    if (rule === undefined) throw new RangeError(`no rule has the place ${place}`);
    return {
      ...match,
      rule,
      secret: new Secret(bytes),
      components: components.map((part) => ({ rule: part.rule, secret: new Secret(part.bytes) })),
    };
  };
}

/** The report as plain values. */
export function wire(report: FamilyReport, rulepack: Rulepack): WiredReport {
  const wireMatch = wired(rulepack);
  return {
    ...report,
    sightings: report.sightings.map(({ object, matches }) => ({ object, matches: matches.map(wireMatch) })),
  };
}

/** The report as it was before `wire`. Throws `RangeError` for a rule that is not in `rulepack`. */
export function unwire(report: WiredReport, rulepack: Rulepack): FamilyReport {
  const unwireMatch = unwired(rulepack);
  return {
    ...report,
    sightings: report.sightings.map(({ object, matches }) => ({ object, matches: matches.map(unwireMatch) })),
  };
}
