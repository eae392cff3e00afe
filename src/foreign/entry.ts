/** From a rule of another scanner to an entry of a rule file of ours. */
import { LeaksweepError } from "../errors.ts";
import { analysePattern } from "../rules/pattern/compile.ts";
import type { ForeignConfig, ForeignRule, RequiredRule } from "./config.ts";
import { globOf } from "./glob.ts";

/** An entry, as it is written into YAML. */
export type Entry = Readonly<Record<string, unknown>>;

/** What a rule comes to. */
export interface MadeEntry {
  /** Absent: it has no form here. */
  readonly entry?: Entry;
  /** What of it is lost; where there is no entry, why. */
  readonly lost: readonly string[];
}

/** Most lines between two parts of a credential that a rule of ours may allow. */
const mostLines = 200;

/** The entry of a rule. Whether the rules that it requires have one, too, is for the caller to see. */
export function entryOf(rule: ForeignRule, nameOf: NameOf): MadeEntry {
  const { id, description, regex, secretGroup, path, entropy, required, silent } = rule;
  const none = (problem: string): MadeEntry => ({ lost: [problem] });
  if (regex === "") return none("looks at paths alone, which a rule of ours does not");
  const pattern = named(regex, secretGroup);
  if (pattern === undefined) return none("has several groups and no secretGroup that says which is the secret");
  const glob = path === "" ? undefined : globOf(path);
  if (path !== "" && glob === undefined) return none(`its path \`${path}\` is no glob`);
  if (required.length > 1) return none("requires several rules, and ours have one partner");
  const [partner] = required;
  const proven = provenKeywords(pattern, rule.keywords);
  if ("problem" in proven) return none(proven.problem);
  const entry = {
    id: nameOf(id),
    name: description || id,
    severity: rule.severity ?? "high",
    ...(rule.confidence && { confidence: rule.confidence }),
    pattern,
    ...proven.keys,
    ...(entropy > 0 && { entropy }),
    ...(glob !== undefined && { paths: [glob] }),
    ...(partner && { near: nearOf(partner, nameOf) }),
    ...(silent && { component: true }),
    // It means there what it finds there: screens were not written with it in mind.
    unscreened: ["*"],
    samples: { imported: true },
  };
  return { entry, lost: [...proven.lost, ...(partner ? lostNear(partner) : []), ...lostTags(rule)] };
}

/** The id that a rule of another scanner, by its id there, gets here. */
export type NameOf = (id: string) => string;

/**
 * The ids that the rules of a config get here. Ids that differ in case or punctuation alone come to one: the first keeps
 * it, and the others get a number.
 */
export function namesOf({ rules, tool }: Pick<ForeignConfig, "rules" | "tool">): NameOf {
  const ids = [...new Set(rules.map(({ id }) => id))];
  const taken = new Set(ids.map(kindOf));
  const names = new Map<string, string>();
  const given = new Set<string>();
  for (const id of ids) {
    let kind = kindOf(id);
    for (let count = 2; given.has(kind); count++) {
      const numbered = `${kindOf(id)}-${count}`;
      if (!taken.has(numbered)) kind = numbered;
    }
    given.add(kind);
    names.set(id, `${tool}.${kind}`);
  }
  return (id) => names.get(id) ?? `${tool}.${kindOf(id)}`;
}

/** Whether a rule's id is what its own letters make of it. */
export const isPlainName = (id: string, name: string): boolean => name.endsWith(`.${kindOf(id)}`);

const nearOf = ({ id, lines = mostLines }: RequiredRule, nameOf: NameOf): object => ({
  rule: nameOf(id),
  lines: Math.min(lines, mostLines),
  required: true,
});

/** What a partner of ours cannot say of how near it must be. */
const lostNear = ({ lines, columns }: RequiredRule): readonly string[] => [
  ...(lines === undefined
    ? [`the required rule may stand anywhere in a text there, and within ${mostLines} lines here`]
    : lines > mostLines
      ? [`the required rule may be ${lines} lines away there, and ${mostLines} here`]
      : []),
  ...(columns === undefined ? [] : ["the columns within which it requires a rule are not counted here"]),
];

const lostTags = ({ tags }: ForeignRule): readonly string[] =>
  tags.length === 0 ? [] : ["its tags are not carried over"];

const kindOf = (id: string): string =>
  id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

interface ProvenKeywords {
  readonly keys: { readonly keywords?: readonly string[] };
  readonly lost: readonly string[];
}

/** Keywords of ours are in each match, by proof; others go, where the pattern's own literals will do. */
function provenKeywords(pattern: string, keywords: readonly string[]): ProvenKeywords | { problem: string } {
  const long = keywords.filter((keyword) => keyword.length >= 3);
  const proven = long.length > 0 && problemOf(pattern, long) === undefined;
  const problem = problemOf(pattern, undefined);
  if (problem !== undefined) return proven ? { keys: { keywords: long }, lost: [] } : { problem };
  const isAsked = keywords.length > 0 && !proven;
  const lost = isAsked ? ["its keywords need not be in a match and are no condition any more"] : [];
  return { keys: {}, lost };
}

/** Why a rule of ours cannot have this pattern and these keywords; without any, those that the pattern holds. */
function problemOf(pattern: string, keywords: readonly string[] | undefined): string | undefined {
  try {
    const facts = analysePattern(pattern, { keywords, trusted: false });
    return facts.mandatory ? undefined : "its keywords stand outside of the match";
  } catch (error) {
    if (error instanceof LeaksweepError) return error.message.replace(/^Cannot read pattern: /, "its pattern: ");
    throw error;
  }
}

/**
 * The regex with its secret's group named; all of it where it has no group. `undefined` where the secret is the first
 * of several groups that took part.
 */
export function named(regex: string, secretGroup: number): string | undefined {
  const groups = groupStarts(regex);
  if (groups.length === 0) return `(?<secret>${regex})`;
  const start = secretGroup > 0 ? groups[secretGroup - 1] : groups.length === 1 ? groups[0] : undefined;
  if (start === undefined) return undefined;
  const rest = regex.slice(start + 1).replace(/^\?P?<\w+>/, "");
  return `${regex.slice(0, start)}(?<secret>${rest}`;
}

/** Where the capturing groups of a regex begin, in order. */
function groupStarts(regex: string): readonly number[] {
  const starts: number[] = [];
  let inClass = false;
  for (let at = 0; at < regex.length; at++) {
    const char = regex[at];
    if (char === "\\") at++;
    else if (inClass) inClass = char !== "]" || regex[at - 1] === "[" || regex.slice(at - 2, at) === "[^";
    else if (char === "[") inClass = true;
    else if (char === "(" && /^\((?!\?)|^\(\?P?</.test(regex.slice(at))) starts.push(at);
  }
  return starts;
}
