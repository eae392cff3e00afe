import { groupBy } from "../bytes/group.ts";
import type { Skip } from "../terms.ts";

/** Skips kept of one visit. */
const mostSkips = 50;

/** A skip that stands for as many. */
export type CountedSkip = Skip & { readonly times?: number };

/** Skips as they are kept: where there are many, one for all of a reason; what is cut then is counted in the last. */
export function countedSkips(skips: readonly CountedSkip[]): readonly CountedSkip[] {
  if (skips.length <= mostSkips) return skips;
  const groups = [...groupBy(skips, ({ by, reason }) => `${by} ${reason}`).values()];
  const counted = groups.flatMap((group): CountedSkip[] => {
    const [first] = group;
    return first === undefined ? [] : [{ by: first.by, reason: first.reason, times: timesOf(group) }];
  });
  if (counted.length <= mostSkips) return counted;
  const cut = counted.slice(mostSkips - 1);
  const by = cut.some((skip) => skip.by === "fault") ? "fault" : "policy";
  return [
    ...counted.slice(0, mostSkips - 1),
    { by, reason: `other reasons, ${cut.length} of them`, times: timesOf(cut) },
  ];
}

const timesOf = (skips: readonly CountedSkip[]): number => skips.reduce((sum, { times = 1 }) => sum + times, 0);
