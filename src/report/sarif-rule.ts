import type { ReportingDescriptor } from "sarif";
import type { Finding, Rule } from "../terms.ts";
import { isOpen } from "./liveness.ts";
import { risk } from "./risk.ts";

/**
 * The rules of `findings`, by id, as SARIF describes them. GitHub reads `security-severity` from the rule alone, so a
 * rule carries the highest risk among its findings that nobody has accepted.
 */
export function rulesOf(findings: readonly Finding[]): ReportingDescriptor[] {
  const rules = new Map<string, { rule: Rule; risk: number }>();
  for (const finding of findings) {
    const { rule } = finding;
    const highest = Math.max(rules.get(rule.id)?.risk ?? 0.1, isOpen(finding) ? risk(finding) : 0.1);
    rules.set(rule.id, { rule, risk: highest });
  }
  return [...rules.values()]
    .sort((one, other) => (one.rule.id < other.rule.id ? -1 : 1))
    .map(({ rule, risk }) => descriptorOf(rule, risk));
}

const precisions = { high: "very-high", medium: "high", low: "medium" } as const;

// CWE-798: use of hard-coded credentials. CWE-306: missing authentication for a critical function. CWE-538: insertion
// of sensitive information into an externally accessible file.
const weaknesses = {
  secret: "external/cwe/cwe-798",
  exposure: "external/cwe/cwe-306",
  file: "external/cwe/cwe-538",
} as const;

const leads = {
  secret: "Whoever can read the repository can use it.",
  exposure: "It lets anybody in.",
  file: "Its path alone says that it should not be here.",
} as const;

const cures = { secret: "Revoke it where it was issued.", exposure: "Close it.", file: "Take it away." } as const;

function descriptorOf(rule: Rule, risk: number): ReportingDescriptor {
  const { id, name, kind, provider, confidence, revoke, references } = rule;
  const [reference] = references.filter((url) => URL.canParse(url));
  const cure = revoke?.steps ?? cures[kind];
  const page = revoke?.url === undefined ? "" : ` ${revoke.url}`;
  return {
    id,
    name: pascal(id),
    shortDescription: { text: name },
    fullDescription: { text: `${name}. ${leads[kind]}` },
    help: {
      text: `${cure}${page}`,
      markdown: `${cure}${revoke?.url === undefined ? "" : ` [${page.trim()}](${page.trim()})`}`,
    },
    ...(reference !== undefined && { helpUri: reference }),
    defaultConfiguration: { level: kind === "exposure" ? "warning" : "error" },
    properties: {
      "security-severity": risk.toFixed(1),
      precision: precisions[confidence],
      tags: [...new Set(["security", kind, provider, weaknesses[kind]])],
    },
  };
}

const pascal = (id: string): string =>
  id
    .split(/[^a-z0-9]+/i)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
