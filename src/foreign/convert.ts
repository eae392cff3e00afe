/** From rules of another scanner to entries of a rule file of ours, for those who leave the other one for good. */
import { stringify } from "yaml";
import { LeaksweepError } from "../errors.ts";
import { analysePattern } from "../rules/pattern/compile.ts";
import type { ForeignConfig, ForeignRule } from "./config.ts";
import type { Note } from "./file.ts";
import { globOf } from "./glob.ts";

export interface Converted {
  /** Text of the rule file; empty where there is no rule to carry over. */
  readonly rules: string;
  /** Globs of what is not read. */
  readonly exclude: readonly string[];
  /** What could not be carried over, and has to stay in the old file. */
  readonly notes: readonly Note[];
}

/** All of a config that our own files can say. */
export function convert(config: ForeignConfig): Converted {
  const notes: Note[] = [...config.notes];
  const entries = config.rules.flatMap((rule) => {
    const entry = entryOf(rule, config);
    if (isProblem(entry)) notes.push({ at: rule.at, rule: rule.id, text: entry.problem });
    else notes.push(...remainsOf(rule));
    return isProblem(entry) ? [] : [entry];
  });
  const exclude = config.allowlists.flatMap((allowlist): string[] => {
    const { at, all, commits, regexes, stopwords, paths } = allowlist;
    const alone = !all || commits.length + regexes.length + stopwords.length === 0;
    const globs = alone ? paths.map((path) => globOf(path)) : [];
    const lost = (alone ? globs.filter((glob) => glob === undefined).length : paths.length) + regexes.length;
    const rest = lost + commits.length + stopwords.length;
    if (rest > 0)
      notes.push({
        at,
        text: `${rest} checks of an allowlist have no form here; what they allow now is in the baseline`,
      });
    return globs.filter((glob) => glob !== undefined);
  });
  return {
    rules: entries.length === 0 ? "" : stringify(entries, { lineWidth: 120 }),
    exclude: [...new Set(exclude)],
    notes,
  };
}

type Entry = Readonly<Record<string, unknown>>;

/** Why a rule has no entry. */
interface Problem {
  readonly problem: string;
}

const isProblem = (entry: Entry | Problem): entry is Problem => typeof entry.problem === "string";

function entryOf(rule: ForeignRule, { tool }: ForeignConfig): Entry | Problem {
  const { id, description, regex, secretGroup, path, entropy, required, silent } = rule;
  if (regex === "") return { problem: "looks at paths alone, which a rule of ours does not" };
  const pattern = named(regex, secretGroup);
  if (pattern === undefined) return { problem: "has several groups and no secretGroup that says which is the secret" };
  const glob = path === "" ? undefined : globOf(path);
  if (path !== "" && glob === undefined) return { problem: `its path \`${path}\` is no glob` };
  if (required.length > 1) return { problem: "requires several rules, and ours have one partner" };
  const [partner] = required;
  const keywords = provenKeywords(pattern, rule.keywords);
  if ("problem" in keywords) return keywords;
  return {
    id: `${tool}.${kindOf(id)}`,
    name: description || id,
    severity: "high",
    pattern,
    ...keywords,
    ...(entropy > 0 && { entropy }),
    ...(glob !== undefined && { paths: [glob] }),
    ...(partner && { near: { rule: `${tool}.${kindOf(partner.id)}`, lines: partner.lines ?? 20, required: true } }),
    ...(silent && { component: true }),
    // It means there what it finds there: screens were not written with it in mind.
    unscreened: ["*"],
    samples: {
      generate: kindOf(id)
        .toUpperCase()
        .replaceAll("-", "_")
        .replace(/^(?=\d)/, "KEY_"),
    },
  };
}

const kindOf = (id: string): string =>
  id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** Keywords of ours are in each match, by proof; others go, where the pattern's own literals will do. */
function provenKeywords(
  pattern: string,
  keywords: readonly string[],
): { keywords?: readonly string[] } | { problem: string } {
  const long = keywords.filter((keyword) => keyword.length >= 3);
  const problemOf = (wanted: readonly string[] | undefined): string | undefined => {
    try {
      const facts = analysePattern(pattern, { keywords: wanted, trusted: false });
      return facts.mandatory ? undefined : "its keywords stand outside of the match";
    } catch (error) {
      if (error instanceof LeaksweepError) return error.message.replace(/^Cannot read pattern: /, "its pattern: ");
      throw error;
    }
  };
  const problem = problemOf(undefined);
  if (problem === undefined) return {};
  if (long.length > 0 && problemOf(long) === undefined) return { keywords: long };
  return { problem };
}

function remainsOf({ at, id, allowlists }: ForeignRule): readonly Note[] {
  if (allowlists.length === 0) return [];
  return [{ at, rule: id, text: "its allowlists have no form here; what they allow now is in the baseline" }];
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
