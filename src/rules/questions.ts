/**
 * Who may say where a secret is sent: the built-in shelf, and files that the user names with `--rules`. What a config
 * file adds has no say, since that file can lie in the repository that is scanned, and then a stranger wrote it. That
 * is why questions do not travel with rules: whoever wants to ask must name the files to trust here.
 */
import type { Question, QuestionFor, Rule } from "../terms.ts";
import { builtinQuestions } from "./builtin.ts";
import { loadRulesFrom } from "./load.ts";
import type { VerifyEntry } from "./verify-schema.ts";

/** Questions, and which there are. */
export interface Questions {
  readonly of: QuestionFor;
  /** Every question with the provider whose rule it belongs to. */
  readonly all: readonly { readonly provider: string; readonly question: Question }[];
}

/**
 * The questions of the built-in rules and of those in the files and folders at `trusted`.
 *
 * @throws LeaksweepError `rule.invalid` when one of the files cannot be loaded.
 */
export function questionsOf(trusted: readonly string[]): Questions {
  const builtin = new Map(Object.entries(builtinQuestions()).map(([id, entry]) => [id, questionOf(entry)]));
  const own = new Map(
    trusted
      .flatMap((path) => loadRulesFrom(path))
      .flatMap(({ id, pattern, verify }) => (verify ? [[id, { pattern, question: questionOf(verify) }] as const] : [])),
  );
  const entries = [...builtin, ...[...own].map(([id, { question }]) => [id, question] as const)];
  return {
    // Rules of other scanners' files can have the id of one that the user imported, and then another pattern.
    of: (rule) => builtin.get(rule.id) ?? ownQuestion(rule, own.get(rule.id)),
    all: entries.map(([id, question]) => ({ provider: id.slice(0, id.indexOf(".")), question })),
  };
}

const ownQuestion = (
  rule: Rule,
  own: { readonly pattern: string; readonly question: Question } | undefined,
): Question | undefined => (own?.pattern === rule.pattern.source ? own.question : undefined);

/** What a rule says under `verify`, as it is asked. */
function questionOf(entry: VerifyEntry): Question {
  const { get, post, authorization, headers = {}, basic, body, sign, live, dead, facts = {} } = entry;
  return {
    method: get === undefined ? "POST" : "GET",
    urls: get ?? post ?? [],
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      ...(authorization !== undefined && { authorization }),
    },
    live,
    dead,
    facts,
    ...(basic !== undefined && { basic }),
    ...(body !== undefined && { body }),
    ...(sign !== undefined && { sign }),
  };
}
