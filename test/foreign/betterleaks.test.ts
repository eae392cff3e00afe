/** Every key that a config of betterleaks may hold is read or said; nothing of it goes unnoticed. */
import { expect, it } from "vitest";
import { readBetterleaksConfig } from "../../src/foreign/betterleaks-config.ts";
import { compileForeign } from "../../src/foreign/inputs.ts";

const first = String.raw`
title = "first version"
description = "every key of 1.x"
minVersion = "v8.25.0"
betterleaksMinVersion = "v1.7.0"
prefilter = '''filter.matchesAny(attributes[?"path"].orValue(""), [r"""^vendor/"""])'''
filter = '''filter.failsTokenEfficiency(finding["secret"]) || filter.containsAny(finding["secret"], ["dummy"])'''
[extend]
disabledRules = []
[[allowlists]]
description = "generated"
condition = "AND"
commits = ["0123456789ABCDEF0123456789ABCDEF01234567"]
paths = ['''^gen/''']
regexTarget = "line"
regexes = ['''generated''']
stopwords = ["Sample"]
targetRules = ["acme-key"]
[[rules]]
id = "acme-key"
description = "Acme key"
regex = '''acme-(k)-([a-z0-9]{20})'''
path = '''\.env$'''
secretGroup = 2
entropy = 2.5
keywords = ["ACME"]
tags = ["acme"]
specificity = 3
tokenEfficiency = true
filter = '''filter.entropy(finding["secret"]) < 1.0'''
validate = '''http.get("https://acme.example")'''
[[rules.allowlists]]
stopwords = ["nothing"]
[[rules.required]]
id = "acme-id"
withinLines = 5
withinColumns = 100
[[rules]]
id = "acme-id"
regex = '''acme-id-[0-9]{6}'''
skipReport = true
`;

const second = `
prefilter = 'matchesAny(attributes.path, ["^vendor/"])'
filter = 'entropy(finding.secret) < 1 && finding.rule_id != "acme-id"'
[[rules]]
id = "acme-key"
regex = '''acme-k-([a-z0-9]{20})'''
severity = "low"
confidence = "high"
components = [{ id = "acme-id", within = "5L,100C" }, { id = "acme-more", within = "2L", optional = true }]
validate = "true"
analyze = "true"
revoke = "true"
[[rules]]
id = "acme-id"
regex = '''acme-id-[0-9]{6}'''
skipReport = true
`;

const read = (text: string) => {
  const file = { name: "b.toml", text };
  const config = readBetterleaksConfig(file);
  const compiled = compileForeign({ inputs: [{ kind: "betterleaks-config", file }], builtin: true, alone: false });
  return { config, compiled, said: config.notes.map(({ at, rule, text }) => [at, rule, text].join(" ")) };
};

it("of version 1 all keys are read, and those that mean nothing here are said", () => {
  const { config, compiled, said } = read(first);
  const { rules, allowlists, filters } = config;
  expect(rules[0]).toMatchObject({
    ...{ id: "acme-key", description: "Acme key", path: "\\.env$", secretGroup: 2, entropy: 2.5, keywords: ["acme"] },
    ...{ tags: ["acme"], silent: false, required: [{ id: "acme-id", lines: 5, columns: 100 }] },
    allowlists: [
      { stopwords: ["nothing"] },
      { all: true, commits: ["0123456789abcdef0123456789abcdef01234567"], target: "line", stopwords: ["sample"] },
    ],
  });
  expect(rules[1]).toMatchObject({ id: "acme-id", silent: true });
  expect(allowlists).toEqual([]);
  expect(filters.map(({ key, rule }) => [key, rule])).toEqual([
    ["prefilter", undefined],
    ["filter", undefined],
    ["filter", "acme-key"],
  ]);
  expect(said).toEqual([
    "b.toml  filter: `filter.failsTokenEfficiency` can't be known here and discards nothing",
    "b.toml:19 acme-key `validate` talks to a provider and is not carried over",
    "b.toml:19 acme-key `specificity` is not carried over",
    "b.toml:19 acme-key `tokenEfficiency` is not carried over",
  ]);
  expect(compiled.rules.map(({ id }) => id)).toEqual(["betterleaks.acme-key"]);
  expect(compiled.permits).toHaveLength(5);
});

it("of version 2 all keys are read, and those that mean nothing here are said", () => {
  const { config, compiled, said } = read(second);
  expect(config.rules[0]).toMatchObject({
    ...{ severity: "low", confidence: "high", required: [{ id: "acme-id", lines: 5, columns: 100 }] },
  });
  expect(config.filters.map(({ key, rule }) => [key, rule])).toEqual([
    ["prefilter", undefined],
    ["filter", undefined],
  ]);
  expect(said).toEqual([
    "b.toml:4 acme-key `validate` talks to a provider and is not carried over",
    "b.toml:4 acme-key `analyze` talks to a provider and is not carried over",
    "b.toml:4 acme-key `revoke` talks to a provider and is not carried over",
    'b.toml:4 acme-key its optional component "acme-more" decides nothing here',
  ]);
  expect(compiled.rules).toMatchObject([{ id: "betterleaks.acme-key", severity: "low", confidence: "high" }]);
});
