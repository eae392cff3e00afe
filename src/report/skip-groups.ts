import type { Skip } from "../terms.ts";
import { counted, shortId } from "./wording.ts";

/** What was left unread for one reason. */
export interface SkipGroup {
  readonly by: Skip["by"];
  readonly reason: string;
  /** At least one. */
  readonly skips: readonly Skip[];
}

/** Skips by kind and reason: faults first, then the most frequent reason. */
export function skipGroups(skips: readonly Skip[]): readonly SkipGroup[] {
  const groups = new Map<string, { by: Skip["by"]; reason: string; skips: Skip[] }>();
  for (const skip of skips) {
    const { by, reason } = skip;
    const key = `${by} ${reason}`;
    const group = groups.get(key);
    if (group) group.skips.push(skip);
    else groups.set(key, { by, reason, skips: [skip] });
  }
  const rank = ({ by }: SkipGroup): number => (by === "fault" ? 0 : 1);
  return [...groups.values()].sort((one, other) => rank(one) - rank(other) || other.skips.length - one.skips.length);
}

/** What was skipped, in a word or two; empty when it has no name. Not escaped. */
export const skipName = ({ path, blob, commit }: Skip): string =>
  path ?? (blob ? `blob ${shortId(blob)}` : commit ? `commit ${shortId(commit)}` : "");

/** `2 things could not be read: the object is missing`. Not escaped. */
export function skipPhrase({ by, reason, skips }: SkipGroup): string {
  return `${counted(skips.length, "thing")} ${by === "fault" ? "could not be read" : "left out"}: ${reason}`;
}
