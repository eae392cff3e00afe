/**
 * How urgent a finding is, for formats that know one scale only. Severity is what a thief can do with the secret;
 * whether it is one, and whether it still opens anything, moves it up or down.
 */
import type { Finding, Severity } from "../terms.ts";

const bases: Readonly<Record<Severity, number>> = { critical: 9.5, high: 8, medium: 5.5, low: 3 };

/**
 * Risk from 0.1 to 10, one digit after the point, on the scale that GitHub reads as `security-severity`: critical from
 * 9, high from 7, medium from 4. A live secret is critical whatever its rule says, a dead one low; medium confidence
 * takes a point off and low confidence stays below medium.
 */
export function risk({ rule, confidence, liveness }: Pick<Finding, "rule" | "confidence" | "liveness">): number {
  const base = bases[rule.severity];
  if (liveness === "live") return Math.max(base, 9);
  if (liveness === "dead") return Math.min(base, 1);
  if (confidence === "low") return Math.min(base, 3.9);
  return confidence === "medium" ? base - 1 : base;
}

/** The band that a risk falls in, by GitHub's own thresholds. */
export function band(value: number): Severity {
  if (value >= 9) return "critical";
  if (value >= 7) return "high";
  return value >= 4 ? "medium" : "low";
}
