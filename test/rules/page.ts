/** The pages of docs/rules: what the shelf says, for those who read it in a browser. Made by a test, never by hand. */
import type { RuleSource } from "../../src/rules/load.ts";

const NOTE = (file: string): string => `<!-- Made from ${file} by \`npm run docs:rules\`: edit that file instead. -->`;

/** Every page by its file name: one for each provider with rules of its own, `context.md` for all rows, the index. */
export function pagesOf(sources: readonly RuleSource[]): ReadonlyMap<string, string> {
  const rules = sources.filter(({ context }) => !context);
  const rows = sources.filter(({ context }) => context).sort((a, b) => (a.id < b.id ? -1 : 1));
  const providers = new Map<string, RuleSource[]>();
  for (const rule of rules) providers.set(providerOf(rule), [...(providers.get(providerOf(rule)) ?? []), rule]);
  const hasRow = new Set(rows.map(providerOf));
  const pages = [...providers].map(([name, own]) => [`${name}.md`, providerPage(name, own, hasRow.has(name))] as const);
  return new Map([...pages, ["context.md", contextPage(rows)], ["README.md", indexPage(providers, rules, rows)]]);
}

const providerOf = ({ id }: RuleSource): string => id.slice(0, id.indexOf("."));

function providerPage(name: string, rules: readonly RuleSource[], hasRow: boolean): string {
  return lines(
    NOTE(`rules/${name}.yml`),
    `# ${name}`,
    table(
      ["rule", "severity", "confidence", "finds"],
      rules.map(({ id, severity, confidence, name }) => [`[${id}](#${anchor(id)})`, severity, confidence, name]),
    ),
    hasRow ? "Keys without a form of their own are found by [a name beside them](context.md), too." : "",
    ...rules.map((rule) => ruleSection(rule).trimEnd()),
  );
}

function ruleSection(rule: RuleSource): string {
  const { checksum, near, paths, verify, revoke, references } = rule;
  const facts = [
    rule.kind === "exposure" && "An exposure: a door that stands open, without any secret.",
    rule.component && "A component: it completes other rules and is no finding of its own.",
    rule.generic && "It gives way to any other rule that claims the same bytes.",
    checksum !== undefined && `Checksum: \`${checksum}\`.`,
    rule.entropy !== undefined && `Entropy: at least ${rule.entropy} bits a byte.`,
    near &&
      `${near.required ? "Only with" : "Better with"} \`${near.rule}\` at most ${near.lines} line${near.lines === 1 ? "" : "s"} away.`,
    verify && `\`leaksweep verify\` can ask ${hostsOf(verify)} whether it still works.`,
    paths && `Only in ${paths.map((path) => `\`${path}\``).join(", ")}.`,
  ].filter((fact) => typeof fact === "string");
  return lines(
    `## ${rule.id}`,
    `${rule.name}. Severity ${rule.severity}, confidence ${rule.confidence}.`,
    `\`\`\`\n${rule.pattern}\n\`\`\``,
    facts.map((fact) => `- ${fact}`).join("\n"),
    revoke === undefined
      ? ""
      : `**If it leaked:** ${[revoke.steps, revoke.url && `<${revoke.url}>`].filter(Boolean).join(" ")}`,
    references.length === 0 ? "" : `See ${references.map((url) => `<${url}>`).join(", ")}.`,
  );
}

const hostsOf = ({ get, post }: NonNullable<RuleSource["verify"]>): string =>
  [...new Set((get ?? post ?? []).map((url) => `\`${/^\w+:\/\/([^/]+)/.exec(url)?.[1]}\``))].join(", ");

function contextPage(rows: readonly RuleSource[]): string {
  return lines(
    NOTE("rules/context"),
    "# Providers without a form of their own",
    "Their keys are letters and digits like any other, so that only a name beside a value tells whose it is. Each is a row of a shared pattern; see [rows](../rules.md#rows-providers-without-a-form-of-their-own).",
    table(
      ["rule", "severity", "finds"],
      rows.map(({ id, severity, name }) => [id, severity, name]),
    ),
  );
}

function indexPage(
  providers: ReadonlyMap<string, readonly RuleSource[]>,
  rules: readonly RuleSource[],
  rows: readonly RuleSource[],
): string {
  const all = new Set([...providers.keys(), ...rows.map(providerOf)]);
  return lines(
    NOTE("rules/"),
    "# The rules",
    `${rules.length} rules of ${providers.size} providers and subjects, and ${rows.length} [rows](context.md) for keys without a form of their own: ${all.size} in all.`,
    table(
      ["provider", "rules", "most severe"],
      [...providers].sort().map(([name, own]) => [`[${name}](${name}.md)`, String(own.length), worst(own)]),
    ),
  );
}

const severities = ["critical", "high", "medium", "low"] as const;

const worst = (rules: readonly RuleSource[]): string =>
  severities.find((level) => rules.some(({ severity }) => severity === level)) ?? "";

/** As GitHub makes them from headings. */
const anchor = (id: string): string => id.replaceAll(".", "");

const lines = (...parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}
