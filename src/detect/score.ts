import type { Confidence, Reason } from "../terms.ts";

/** Score that a rule's pattern gives alone. */
export const base: Readonly<Record<Confidence, number>> = { high: 0.9, medium: 0.65, low: 0.35 };

/** A right checksum decides: nobody writes one by accident, wherever it stands. */
export const checksumValid: Reason = { name: "checksum valid", weight: 1 };

/** A wrong one puts every rule below medium. */
export const checksumWrong: Reason = { name: "checksum wrong", weight: -0.6 };

/** The other part of the credential stands beside it. */
export const paired = (rule: string): Reason => ({ name: `paired with ${rule}`, weight: 0.2 });

/** It could stand there and does not. */
export const unpaired = (rule: string): Reason => ({ name: `no ${rule} near`, weight: -0.2 });

/** Score between 0 and 1, two decimals: what the rule's confidence gives, plus all reasons. */
export function scoreOf(confidence: Confidence, reasons: readonly Reason[]): number {
  const sum = reasons.reduce((total, { weight }) => total + weight, base[confidence]);
  return Math.round(Math.min(1, Math.max(0, sum)) * 100) / 100;
}

/** The word for a score: high from 0.8, medium from 0.5. */
export const confidenceOf = (score: number): Confidence => (score >= 0.8 ? "high" : score >= 0.5 ? "medium" : "low");
