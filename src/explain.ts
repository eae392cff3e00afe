/**
 * Why a text was flagged, or was not: the whole road of detection, with every reason that was given on it. What is
 * dropped without a word in a scan speaks here, and where no pattern matched, the rules whose keyword stands there.
 */
import type { Candidate } from "./detect/candidate.ts";
import { plainEngine } from "./detect/engine/plain.ts";
import { type Judgement, judge } from "./detect/judge.ts";
import type { Match, Rule, Rulepack } from "./terms.ts";

/** A match, and what it is worth at the place that was named. */
export interface Judged {
  readonly match: Match;
  readonly judgement: Judgement;
}

/** A candidate that came to nothing. */
export interface Dropped {
  readonly rule: Rule;
  readonly objection: string;
}

/** A rule that was tried, and whose pattern found nothing. */
export interface Untouched {
  readonly rule: Rule;
  readonly keyword: string;
}

export interface Explanation {
  /** What a scan would report, the surest first. */
  readonly found: readonly Judged[];
  /** What came near, the nearest first: what was dropped last on the road came furthest. */
  readonly dropped: readonly Dropped[];
  /** Rules one of whose keywords stands in the text, the longest keyword first; empty when a pattern matched. */
  readonly untouched: readonly Untouched[];
}

/** The explanation of a text as a file at `path` would hold it; an empty path says nothing for or against it. */
export function explainText(bytes: Uint8Array, { rulepack, path }: { rulepack: Rulepack; path: string }): Explanation {
  const drops: Dropped[] = [];
  const onDrop = ({ rule }: Candidate, objection: string): void => void drops.push({ rule, objection });
  const matches = plainEngine(rulepack, { onDrop }).match({ bytes, offset: 0, line: 1, column: 1 });
  const judged = matches.map((match) => ({ match, judgement: judge(match, { where: "content", path }) }));
  const lost = judged.flatMap(({ match: { rule }, judgement: { kept, objection = "is dropped" } }) =>
    kept ? [] : [{ rule, objection }],
  );
  const found = judged.filter(({ judgement }) => judgement.kept).sort((a, b) => b.judgement.score - a.judgement.score);
  const dropped = unique([...lost, ...drops.reverse()]);
  const isQuiet = found.length === 0 && dropped.length === 0;
  return { found, dropped, untouched: isQuiet ? untouchedIn(bytes, rulepack) : [] };
}

/** Each rule and objection once; those of a provider before generic ones, for they say more. */
function unique(drops: readonly Dropped[]): Dropped[] {
  const all = [...new Map(drops.map((drop) => [`${drop.rule.id} ${drop.objection}`, drop])).values()];
  return [...all.filter(({ rule }) => !rule.generic), ...all.filter(({ rule }) => rule.generic)];
}

function untouchedIn(bytes: Uint8Array, { rules }: Rulepack): Untouched[] {
  const text = Buffer.from(bytes).toString("latin1").toLowerCase();
  const near = rules.flatMap((rule) => {
    const [longest] = rule.keywords.filter((keyword) => text.includes(keyword)).sort((a, b) => b.length - a.length);
    return longest === undefined ? [] : [{ rule, keyword: longest }];
  });
  return near.sort((a, b) => b.keyword.length - a.keyword.length || (a.rule.id < b.rule.id ? -1 : 1));
}
