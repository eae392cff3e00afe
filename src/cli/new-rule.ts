/** What `leaksweep rules new` does: asks what it is not told, writes the entry into a rule file, and proves it. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Readable } from "node:stream";
import { LeaksweepError } from "../errors.ts";
import { prove } from "../prove.ts";
import { printable } from "../report/escape.ts";
import { builtinShelf } from "../rules/builtin.ts";
import { alphabetNames, readShape } from "../rules/context/shape.ts";
import { type Draft, isMarked, writeDraft } from "../rules/draft.ts";
import { loadRules, type RuleSource } from "../rules/load.ts";
import type { DraftFlags } from "./commands/rules.ts";
import type { Io } from "./io.ts";
import { writeWhole } from "./output.ts";

/**
 * Writes a rule (or a row, for keys without a form of their own) and prints where and whether it is proved. Exit code 2
 * when it is not. Throws `LeaksweepError` "usage.invalid" for an answer that makes no rule, or a question that nobody
 * is there to answer, and "rule.invalid" when the file to add to is wrong.
 */
export async function newRule(flags: DraftFlags, io: Io): Promise<void> {
  const draft = draftOf(await answers(flags, io));
  const file = resolve(io.cwd, flags.output ?? placeOf(draft));
  const rows = draft.kind === undefined;
  if (rows !== (basename(dirname(file)) === "context")) {
    throw refusal(file, rows ? "rows lie in a folder named context" : "only rows lie in a folder named context", {
      hint: `Leave --output away, or write ${placeOf(draft)}.`,
    });
  }
  const earlier = existsSync(file) ? `${readFileSync(file, "utf8").trimEnd()}\n${rows ? "" : "\n"}` : "";
  const text = earlier + writeDraft(draft);
  const rules = loadRules([{ path: file, text, rows }], { shelf: false });
  await writeWhole(file, [text], { mode: 0o644 });
  const faults = faultsOf(rules);
  const written = rules.at(-1)?.id ?? "";
  await io.print([
    `${printable(file)}: ${written} is written\n`,
    ...faults.map((fault) => `${printable(fault)}\n`),
    faults.length === 0 ? `Its samples are found and it is quick. Next: say under "revoke" what to do.\n` : "",
  ]);
  io.exitWith(faults.length === 0 ? 0 : 2);
}

const placeOf = ({ provider, kind }: Draft): string =>
  kind === undefined ? join("context", `${provider}.yml`) : `${provider}.yml`;

/** What is wrong with the rules of a file, beside the built-in ones. */
function faultsOf(rules: readonly RuleSource[]): readonly string[] {
  const ids = new Set(rules.map(({ id }) => id));
  const beside = builtinShelf()
    .rules.all()
    .filter(({ id }) => !ids.has(id));
  return prove(rules, { trusted: false, beside }).flatMap(({ rule, faults }) =>
    faults.map((fault) => `${rule}: ${fault}`),
  );
}

type Answers = Required<Pick<DraftFlags, "id" | "shape" | "name" | "severity" | "beside">>;

const questions: readonly (readonly [keyof Answers, string])[] = [
  ["shape", `Shape of a token, such as "acme_" 32 alnum (alphabets: ${alphabetNames.join(", ")})`],
  ["id", "Id of the rule, such as acme.api-token (only the provider when the shape has no mark of its own)"],
  ["beside", "Names beside the value, separated by commas (empty: the provider)"],
  ["name", "What people call it"],
  ["severity", "Severity: critical, high, medium or low"],
];

/** The flags, and what a person says to the questions that they leave open. Rows alone have names beside them. */
async function answers(flags: DraftFlags, { stdin, terminal }: Io): Promise<Answers> {
  const given: Partial<Record<keyof Answers, string>> = { ...flags };
  if (isMarked(given.shape ?? "")) given.beside ??= "";
  const open = questions.filter(([key]) => given[key] === undefined);
  if (open.length > 0 && (terminal === undefined || stdin.isTTY !== true)) {
    const missing = open.filter(([key]) => key !== "beside").map(([key]) => (key === "id" ? "<id>" : `--${key}`));
    if (missing.length > 0) {
      throw new LeaksweepError("usage.invalid", `Cannot write a rule: ${missing.join(", ")} not given`, {
        hint: "Give them all, or run the command on a terminal, where it asks.",
      });
    }
  }
  if (open.length > 0 && terminal !== undefined && stdin.isTTY === true) {
    const asking = createInterface({ input: Readable.from(stdin), output: terminal });
    for (const [key, question] of open) {
      if (key === "beside" && isMarked(given.shape ?? "")) continue;
      given[key] = (await asking.question(`${question}: `)).trim();
    }
    asking.close();
  }
  const { id = "", shape = "", name = "", severity = "", beside = "" } = given;
  return { id, shape, name, severity, beside };
}

function draftOf({ id, shape, name, severity, beside }: Answers): Draft {
  if (readShape(shape) === undefined) {
    throw refusal(shape, "it is no shape", {
      hint: `Write \`"acme_" 32 alnum\`, \`32 hex\` or \`uuid\`; alphabets are ${alphabetNames.join(", ")}.`,
    });
  }
  const [, provider = "", kind] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+))?$/.exec(id) ?? [];
  if (provider === "") {
    throw refusal(id, "it is no id", { hint: "Write provider.kind in lower-case letters, digits and hyphens." });
  }
  const names = beside.split(",").map((one) => one.trim().toLowerCase());
  const own = { provider, name: name || provider, severity, shape, names: names.filter((one) => one !== "") };
  if (isMarked(shape)) return { ...own, kind: kind ?? "token" };
  return { ...own, names: own.names.length === 0 ? [provider] : own.names };
}

const refusal = (what: string, state: string, { hint }: { readonly hint: string }): LeaksweepError =>
  new LeaksweepError("usage.invalid", `Cannot write rule "${what}": ${state}`, { hint });
