/** All files of other scanners that hold for a run, and what they come to together. */
import type { Permit, Rule } from "../terms.ts";
import { type AnyConfig, readBetterleaksConfig } from "./betterleaks-config.ts";
import type { ForeignConfig } from "./config.ts";
import { readDetectSecrets } from "./detect-secrets.ts";
import { type ForeignFile, type Note, refusal } from "./file.ts";
import { readGitleaksConfig } from "./gitleaks-config.ts";
import { readGitleaksIgnore } from "./gitleaks-ignore.ts";
import { readGitleaksReport } from "./gitleaks-report.ts";
import { type PathRule, pathRulesOf } from "./path-rule.ts";
import { allowlistPermit, meansRule, narrowingPermit } from "./permit.ts";
import { rulesOf } from "./rule.ts";
import { readSecretList } from "./secret-list.ts";

/** What a foreign file is. */
export type ForeignKind =
  | "gitleaks-config"
  | "gitleaks-ignore"
  | "gitleaks-report"
  | "betterleaks-config"
  | "betterleaks-ignore"
  | "detect-secrets";

export interface ForeignInput {
  readonly kind: ForeignKind;
  readonly file: ForeignFile;
}

export interface ForeignPlan {
  readonly inputs: readonly ForeignInput[];
  /** Rules of ours look as well. */
  readonly builtin: boolean;
  /** Foreign rules compete with no other: each reports what it matches, as in its own scanner. */
  readonly alone: boolean;
  /** Ids, in their own config, of the only foreign rules that take part; absent: all do. */
  readonly only?: readonly string[];
}

export interface Foreign {
  readonly rules: readonly Rule[];
  /** Rules that look at paths alone, which no engine sees. */
  readonly pathRules: readonly PathRule[];
  /** What allowlists of configs permit. */
  readonly permits: readonly Permit[];
  /** What lists of old findings permit. */
  readonly ignores: readonly Permit[];
  readonly notes: readonly Note[];
  /** Tags of rules, by the rule's own id. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  /** All rules of the configs by their own ids, in their order. */
  readonly described: readonly { readonly id: string; readonly description: string }[];
}

/** What the files of a plan come to. Throws `config.invalid` at the first mistake. */
export function compileForeign({ inputs, ...how }: ForeignPlan): Foreign {
  const parts = inputs.map((input) => compileInput(input, how));
  return {
    rules: parts.flatMap(({ rules }) => rules),
    pathRules: parts.flatMap(({ pathRules }) => pathRules),
    permits: parts.flatMap(({ permits }) => permits),
    ignores: parts.flatMap(({ ignores }) => ignores),
    notes: parts.flatMap(({ notes }) => notes),
    tags: new Map(parts.flatMap(({ tags }) => [...tags])),
    described: parts.flatMap(({ described }) => described),
  };
}

const nothing: Foreign = {
  rules: [],
  pathRules: [],
  permits: [],
  ignores: [],
  notes: [],
  tags: new Map(),
  described: [],
};

/** The config that an input is; `undefined` for a list of old findings. Throws `config.invalid`. */
export function configOf({ kind, file }: ForeignInput): AnyConfig | undefined {
  if (kind === "gitleaks-config") return readGitleaksConfig(file);
  return kind === "betterleaks-config" ? readBetterleaksConfig(file) : undefined;
}

function compileInput({ kind, file }: ForeignInput, { alone, only }: Omit<ForeignPlan, "inputs" | "builtin">): Foreign {
  switch (kind) {
    case "gitleaks-config":
    case "betterleaks-config": {
      const isOlder = kind === "gitleaks-config";
      const whole: AnyConfig = isOlder ? readGitleaksConfig(file) : readBetterleaksConfig(file);
      const config = only === undefined ? whole : onlyRules(whole, { only, at: file.name });
      return {
        rules: rulesOf(config, { alone }),
        pathRules: pathRulesOf(config),
        permits: [
          ...permitsOf(config),
          ...(alone ? config.narrowed.map(narrowingPermit) : []),
          ...(whole.filters ?? []).map(({ permit }) => permit),
        ],
        ignores: [],
        notes: [...config.notes, ...(alone ? [] : config.narrowed.map(notNarrowed))],
        tags: new Map(config.rules.map(({ id, tags }) => [id, tags])),
        described: whole.rules.map(({ id, description }) => ({ id, description })),
      };
    }
    case "gitleaks-ignore": {
      const { permit, notes } = readGitleaksIgnore(file);
      return { ...nothing, ignores: [permit], notes };
    }
    case "betterleaks-ignore": {
      const { permit, others } = readSecretList(file);
      const lines = readGitleaksIgnore(others);
      return { ...nothing, ignores: [permit, lines.permit], notes: lines.notes };
    }
    case "gitleaks-report":
      return { ...nothing, ignores: [readGitleaksReport(file)] };
    case "detect-secrets":
      return { ...nothing, ignores: [readDetectSecrets(file)] };
  }
}

/** Outside of the compatibility mode files of other scanners add rules, and take nothing from those of ours. */
const notNarrowed = ({ id, at }: ForeignConfig["narrowed"][number]): Note => ({
  at,
  rule: id,
  text: "the path or entropy that it gives a rule which comes with its scanner is not applied here",
});

/** A config that looks for some of its rules; those that are required by others are still there for them. */
function onlyRules(config: ForeignConfig, { only, at }: { only: readonly string[]; at: string }): ForeignConfig {
  const missing = only.find((id) => !config.rules.some((rule) => rule.id === id));
  if (missing !== undefined) {
    throw refusal(at, `it has no rule "${missing}"`, "Name a rule of the config; see its ids.");
  }
  return {
    ...config,
    rules: config.rules.map((rule) => ({ ...rule, silent: rule.silent || !only.includes(rule.id) })),
  };
}

/** What the allowlists of a config permit: the global ones, those of its rules, and those of rules of the default. */
function permitsOf(config: ForeignConfig): readonly Permit[] {
  return [
    ...config.allowlists.map((allowlist) => allowlistPermit(allowlist)),
    ...config.rules.flatMap(({ id, allowlists }) =>
      allowlists.map((allowlist) => allowlistPermit(allowlist, (rule) => meansRule(id, rule))),
    ),
    ...config.others.map(({ rule: id, allowlist }) => allowlistPermit(allowlist, (rule) => meansRule(id, rule))),
  ];
}
