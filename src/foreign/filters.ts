/** Filters of a betterleaks config: expressions that discard findings, of the whole config or of one rule. */
import { LeaksweepError } from "../errors.ts";
import type { Permit, Placed } from "../terms.ts";
import { compileFilter, type Filter } from "./expression.ts";
import type { Note } from "./file.ts";
import { foreignId } from "./rule.ts";
import { type Table, textAt } from "./toml.ts";

/** A filter, and where it stands. */
export interface ConfigFilter {
  /** `file`, or `file:line` of its rule. */
  readonly at: string;
  /** Id of its rule; absent: it speaks of all. */
  readonly rule?: string;
  readonly key: "prefilter" | "filter";
  /** What it discards. */
  readonly permit: Permit;
}

export interface FilterSite extends Pick<ConfigFilter, "at" | "rule"> {
  /** Takes what is not understood. */
  readonly notes: Note[];
}

/** The filters of a config or of a rule that are understood. */
export function filtersAt(table: Table, { notes, ...site }: FilterSite): readonly ConfigFilter[] {
  return (["prefilter", "filter"] as const).flatMap((key) => {
    const text = textAt(table, key);
    if (text.trim() === "") return [];
    const filter = understood(text, site.at);
    if (filter === undefined) {
      const whose = site.rule === undefined ? "the" : "its";
      notes.push({ ...site, text: `${whose} ${key} is not understood here and discards nothing` });
      return [];
    }
    const { discards, gaps } = filter;
    if (gaps.length > 0) {
      const names = gaps.map((gap) => `\`${gap}\``).join(", ");
      notes.push({ ...site, text: `${key}: ${names} can't be known here and discards nothing` });
    }
    const allowance = { reason: `discarded by the ${key} at ${site.at}` };
    const concerns = ({ match }: Placed): boolean => site.rule === undefined || foreignId(match.rule) === site.rule;
    const permit: Permit = (placed) => (concerns(placed) && discards(placed) ? allowance : undefined);
    return [{ ...site, key, permit }];
  });
}

/** The filter; `undefined` where it is beyond this reader. */
function understood(text: string, at: string): Filter | undefined {
  try {
    return compileFilter(text, at);
  } catch (error) {
    if (!(error instanceof LeaksweepError)) throw error;
    return undefined;
  }
}
