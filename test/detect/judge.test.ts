import { expect, it } from "vitest";
import { Secret } from "../../src/bytes/secret.ts";
import { judge } from "../../src/detect/judge.ts";
import { checksumValid } from "../../src/detect/score.ts";
import { bare } from "../../src/detect/weigh.ts";
import type { Match, Rule } from "../../src/terms.ts";
import { patternOf, ruleOf } from "./rule.ts";

const matchOf = (parts: Partial<Rule> = {}, more: Partial<Match> = {}): Match => ({
  rule: ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }), ...parts }),
  secret: new Secret(Buffer.from("k3Rv9xQ2mT7w")),
  at: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, byteOffset: 0 },
  decoded: [],
  components: [],
  facts: {},
  reasons: [],
  ...more,
});

const at = (path: string, match = matchOf()) => judge(match, { where: "content", path });
const names = (path: string) => at(path).reasons.map(({ name }) => name);

it.each([
  ["src/app.ts", []],
  ["", []],
  ["test/app.ts", ["test"]],
  ["src/app.spec.ts", ["test"]],
  ["src/test/java/AppTest.java", ["test"]],
  ["contest/latest.ts", []],
  ["test/fixtures/key.json", ["fixture"]],
  ["docs/setup.md", ["documentation"]],
  ["README", ["documentation"]],
  ["examples/app/.env", ["example"]],
  [".env.example", ["example"]],
  ["vendor/lib/a.go", ["vendored"]],
  ["yarn.lock", ["lock file"]],
  ["assets/app.min.js", ["minified or built"]],
  ["locales/de.json", ["translation"]],
  [".env", ["environment file"]],
  ["app/.env.production", ["environment file"]],
  ["home/.npmrc", ["credential file"]],
  ["config/app.js", ["configuration"]],
  ["appsettings.Production.json", ["configuration"]],
])("the path %j speaks as %j", (path, reasons) => {
  expect(names(path)).toEqual(reasons);
});

it("a doubtful place costs a generic rule more", () => {
  expect(at("test/a.ts", matchOf({ confidence: "medium" })).confidence).toBe("medium");
  expect(at("test/a.ts", matchOf({ confidence: "medium", generic: true })).confidence).toBe("low");
});

it("no place outweighs a checksum", () => {
  expect(at("test/fixtures/yarn.lock", matchOf({ confidence: "low" }, { reasons: [checksumValid] })).confidence).toBe(
    "high",
  );
});

it("a rule with paths speaks in files that fit, and of content only", () => {
  const match = matchOf({ paths: ["**/.pgpass"] });
  expect(at("home/.pgpass", match).kept).toBe(true);
  expect(at("home/pgpass", match)).toMatchObject({ kept: false, objection: "is in no file that this rule knows" });
  expect(at("", match).kept).toBe(false);
  expect(judge(match, { where: "path", path: "home/.pgpass" }).kept).toBe(false);
});

it("generic rules are silent in lock files, others are not", () => {
  expect(at("a/yarn.lock", matchOf({ id: "generic.value", generic: true })).kept).toBe(false);
  expect(at("a/yarn.lock", matchOf({ id: "url.credentials", generic: true })).kept).toBe(true);
});

it("a login at a host that leads nowhere stays below medium", () => {
  const match = (host: string) => matchOf({ confidence: "high" }, { facts: { host } });
  expect(at("src/app.ts", match("db.example.com")).confidence).toBe("low");
  expect(at("src/app.ts", match("smtp.test")).confidence).toBe("low");
  expect(at("src/app.ts", match("notexample.com")).confidence).toBe("high");
});

it("exposures stand in files only, and mean little in tests; so do tokens of a test", () => {
  const exposure = matchOf({ kind: "exposure", confidence: "medium" });
  expect(judge(exposure, { where: "message", path: "" })).toMatchObject({ kept: false, objection: "is in no file" });
  expect(at("docker-compose.yml", exposure).confidence).toBe("medium");
  expect(at("test/docker-compose.yml", exposure).confidence).toBe("low");
  expect(at("test/api.json", matchOf({ id: "jwt.token", confidence: "medium" })).confidence).toBe("low");
});

it("generic rules are silent in files of ciphertext", () => {
  expect(at("app/aspirate-state.json", matchOf({ generic: true })).kept).toBe(false);
});

it("a password that is the user's own name says less", () => {
  expect(at("src/app.ts", matchOf({ confidence: "high" }, { facts: { user: "k3Rv9xQ2mT7w" } })).confidence).toBe(
    "medium",
  );
  expect(at("src/app.ts", matchOf({ confidence: "high" }, { facts: { user: "ann" } })).confidence).toBe("high");
});

it("a value without quotes counts fully in files where values have none", () => {
  const match = matchOf({ confidence: "medium" }, { reasons: [bare] });
  expect(at("src/app.ts", match).confidence).toBe("low");
  for (const path of [".env.local", "app/config.yml", "gradle.properties", "Dockerfile", "ci/run.sh", "home/.netrc"]) {
    expect(at(path, match).confidence, path).toBe("medium");
  }
});
