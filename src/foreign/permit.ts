/** From allowlists, ignore files and old reports of other scanners to permits: questions that a finding can be asked. */
import type { Permit, Placed, Rule } from "../terms.ts";
import type { Allowlist, ForeignConfig } from "./config.ts";
import { defaultIdsOf, isDefaultId, shownId } from "./default-rules.ts";
import { seenOf } from "./passage.ts";
import { compileRe2, utf8 } from "./re2.ts";
import { foreignId, isForeign, pathTest } from "./rule.ts";
import { foreignEntropy } from "./searcher.ts";

/** What an allowlist permits of the matches of some rules; of all of them unless told which. */
export function allowlistPermit(allowlist: Allowlist, concerns: (rule: Rule) => boolean = () => true): Permit {
  const { all, at, description } = allowlist;
  const checks = checksOf(allowlist);
  const allowance = { reason: `${description || "allowlist"} (${at})` };
  return (placed) => {
    if (!concerns(placed.match.rule)) return undefined;
    return (all ? checks.every((check) => check(placed)) : checks.some((check) => check(placed)))
      ? allowance
      : undefined;
  };
}

type Check = (placed: Placed) => boolean;

/** A check for each list that is not empty. */
function checksOf({ at, commits, paths, target, regexes, stopwords }: Allowlist): readonly Check[] {
  const ofPath = paths.map((path) => compileRe2(path, at));
  const ofText = regexes.map((regex) => compileRe2(regex, at));
  const byCommit: Check = ({ commit }) => commit !== undefined && commits.includes(commit.toLowerCase());
  const byPath: Check = ({ path }) => path !== "" && ofPath.some((pattern) => pattern.test(utf8(path)));
  const byText: Check = (placed) => {
    const text = textOf(placed, target);
    return text.length > 0 && ofText.some((pattern) => pattern.test(text));
  };
  const byWord: Check = ({ match }) => {
    const secret = Buffer.from(match.secret.reveal()).toString("utf8").toLowerCase();
    return stopwords.some((word) => secret.includes(word));
  };
  return [
    ...(commits.length > 0 ? [byCommit] : []),
    ...(paths.length > 0 ? [byPath] : []),
    ...(regexes.length > 0 ? [byText] : []),
    ...(stopwords.length > 0 ? [byWord] : []),
  ];
}

function textOf({ match }: Placed, target: Allowlist["target"]): Uint8Array {
  if (target === "secret") return match.secret.reveal();
  return Buffer.from(seenOf(match)?.[target] ?? "", "latin1");
}

/** What a config leaves of a rule that comes with its scanner: all else that a stand-in for it finds is permitted. */
export function narrowingPermit({ id, at, path, entropy }: ForeignConfig["narrowed"][number]): Permit {
  const isThere = path === "" ? () => true : pathTest({ path, at });
  const allowance = { reason: `outside of what rule "${id}" looks for (${at})` };
  return ({ match, path: place }) => {
    if (shownId(match.rule) !== id) return undefined;
    const isMixed = entropy === 0 || foreignEntropy(match.secret.reveal()) > entropy;
    return isThere(place) && isMixed ? undefined : allowance;
  };
}

/** Line on which a match begins, as other scanners count; that of its secret where nothing else is known. */
export const lineOf = ({ at, passage, decoded }: Placed["match"]): number =>
  decoded.length > 0 ? at.startLine : (passage?.startLine ?? at.startLine);

/** Providers whose names begin otherwise in ids of gitleaks. */
const otherNames: Readonly<Record<string, readonly string[]>> = { google: ["gcp"], "private-key": ["pkcs12"] };

/**
 * Whether a rule of ours may be meant by the id of a rule of another scanner: the one for the same credential, where
 * that is known, else one of the provider that the id begins with. Generic rules, on either side, may mean any.
 */
export function meansRule(id: string, rule: Rule): boolean {
  if (foreignId(rule) === id) return true;
  if (isForeign(rule)) return false;
  if (rule.generic || /generic|curl|password|entropy|keyword/i.test(id)) return true;
  const known = defaultIdsOf(rule);
  if (isDefaultId(id) && known.length > 0) return known.includes(id);
  const names = [rule.provider, ...(otherNames[rule.provider] ?? [])];
  return names.some((name) => id === name || id.startsWith(`${name}-`));
}
