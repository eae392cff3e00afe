/** Which providers of a list of token formats some rule speaks of: by its id, its name, or a keyword. */
import type { Rulepack } from "../../src/terms.ts";

export interface Coverage {
  readonly providers: number;
  /** Those that no rule speaks of, sorted. A product of a covered provider can be among them, by a name of its own. */
  readonly missing: readonly string[];
}

/** @param formats Tab-separated, a heading first; its first column names the provider. */
export function coverageOf({ rules }: Rulepack, formats: string): Coverage {
  const [, ...rows] = formats.trim().split("\n");
  const providers = new Set(rows.map((row) => row.split("\t", 1)[0] ?? ""));
  const exact = new Set(rules.flatMap(({ provider, keywords }) => [provider, ...keywords].map(plain)));
  const names = rules.map(({ name }) => plain(name));
  const isSpokenOf = (provider: string): boolean =>
    exact.has(plain(provider)) || names.some((name) => name.includes(plain(provider)));
  return { providers: providers.size, missing: [...providers].filter((one) => !isSpokenOf(one)).sort() };
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The coverage as lines of text. */
export function renderCoverage({ providers, missing }: Coverage): string {
  const share = ((100 * (providers - missing.length)) / providers).toFixed(1);
  return `Of ${providers} providers ${providers - missing.length} (${share} %) are spoken of. Not by name: ${missing.join(", ")}.`;
}
