/** The levels of confidence and severity as values, in their order. */
import type { Confidence, Severity } from "./terms.ts";

/** From the least sure. */
export const confidences = ["low", "medium", "high"] as const satisfies readonly Confidence[];

/** From the worst. */
export const severities = ["critical", "high", "medium", "low"] as const satisfies readonly Severity[];

/** Whether a confidence is that of `least` or above. */
export const isAtLeast = (confidence: Confidence, least: Confidence): boolean =>
  confidences.indexOf(confidence) >= confidences.indexOf(least);
