import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prove } from "../../../src/prove.ts";
import { rowsSchema, ruleOf } from "../../../src/rules/context/context.ts";
import { loadRules, readRuleFiles } from "../../../src/rules/load.ts";
import { compilePattern } from "../../../src/rules/pattern/compile.ts";
import { tempDir } from "../../kit.ts";

const ruleFor = (row: object) => ruleOf(rowsSchema.parse([row])[0]!);
const value = "9f86d081884c7d659a2feaa0c55ad015";

function secretIn(text: string, row: object = {}): string | undefined {
  const { pattern } = ruleFor({ provider: "acme", names: ["acme-cloud"], shape: "32 alnum", ...row });
  const span = compilePattern(pattern, { trusted: true }).exec(text, 0)?.groups.secret;
  return span && text.slice(span.start, span.end);
}

it.each([
  `ACME_CLOUD_API_KEY=${value}`,
  `acme-cloud.token: '${value}'`,
  `acmecloud = "${value}"`,
  `"acmeCloud": {\n  "secret": "${value}"\n}`,
  `<acme_cloud>\n  <apiKey>${value}</apiKey>`,
  `System.setProperty("ACME_CLOUD_TOKEN", "${value}")`,
  `new AcmeCloudClient('${value}')`,
  `https://api.acmecloud.io/v1/jobs?page=2&api_key=${value}`,
  `X-Acme-Cloud-Auth: Bearer ${value}`,
  `acme_cloud_TOKEN ::= "${value}"`,
])("the value is cut out of %j", (text) => {
  expect(secretIn(text)).toBe(value);
});

it.each([
  `acme_cloud runs ${value}`,
  `acmecloud_version = "${value}0"`,
  `acmecloud_key = "${value}-1"`,
  `acme_cloud_api_key = "${value.slice(1)}"`,
])("nothing is cut out of %j", (text) => {
  expect(secretIn(text)).toBeUndefined();
});

it("straight after its name a value that looks like a hash is none", () => {
  expect(secretIn(`acmecloud = "${value}"`, { shape: "32 hex" })).toBeUndefined();
  expect(secretIn(`acmecloud_key = "${value}"`, { shape: "32 hex" })).toBe(value);
});

it("an everyday word needs a credential's name joined to it, and is no part of another word", () => {
  const row = { names: ["linear"], joined: true };
  expect(secretIn(`linear_api_key = "${value}"`, row)).toBe(value);
  expect(secretIn(`linear_gradient_cache_key = "${value}"`, row)).toBeUndefined();
  expect(secretIn(`bilinear_key = "${value}"`, row)).toBeUndefined();
});

it("of several shapes the longest that fits is taken", () => {
  const row = { shape: ["32 hex", '32 hex ":" 4 digits'] };
  expect(secretIn(`acmecloud_key=${value}:1234`, row)).toBe(`${value}:1234`);
});

it("rows lie in the folder context beside the rules, and their samples prove them", () => {
  const dir = tempDir();
  mkdirSync(join(dir, "context"));
  writeFileSync(join(dir, "context", "rows.yml"), "- { provider: acme, shape: [32 hex, uuid] }\n");
  const rules = loadRules(readRuleFiles(dir), { shelf: true });
  expect(rules).toMatchObject([{ id: "acme.context-key", context: true, generic: true }]);
  expect(prove(rules, { trusted: true })).toMatchObject([{ faults: [] }]);
});

it("a mistake in a row is told with file, line and column", () => {
  const dir = tempDir();
  mkdirSync(join(dir, "context"));
  writeFileSync(join(dir, "context", "rows.yml"), "- { provider: acme, shape: 32 hexes }\n");
  expect(() => loadRules(readRuleFiles(dir), { shelf: true })).toThrow(
    /rows\.yml:1:28: Cannot load rule "acme": shape: must read like/,
  );
});
