import { expect, it } from "vitest";
import { joinRulepacks } from "../../src/rules/compiled.ts";
import { loadRules } from "../../src/rules/load.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";
import { selectRules, settle } from "../../src/rules/selection.ts";

/** An id, and more keys as YAML with a comma at the end. */
type Entry = readonly [id: string, more?: string];

const rules = (...entries: readonly Entry[]) =>
  loadRules(
    entries.map(([id, more = ""], index) => ({
      path: `${index}.yml`,
      text: `- { id: ${id}, name: n, severity: low, pattern: '${id.replace(".", "_")}_(?<secret>[a-z]{9})', ${more} samples: { leak: [a, b], clean: [c] } }`,
    })),
    { shelf: false },
  );

it("a rule is compiled with the keywords of its pattern", () => {
  const { rules: compiled } = compileRulepack(rules(["acme.token", "entropy: 3, paths: ['*.env'],"]), {
    trusted: true,
  });
  expect(compiled[0]).toMatchObject({
    id: "acme.token",
    provider: "acme",
    entropy: 3,
    paths: ["*.env"],
    generic: false,
  });
  expect(compiled[0]?.keywords).toEqual(["acme_token_"]);
  expect(compiled[0]).not.toHaveProperty("checksum");
  expect(compiled[0]).not.toHaveProperty("samples");
});

it("a pattern that is wrong is told with file, line and rule", () => {
  const [rule] = rules(["acme.token"]);
  const broken = { ...rule!, pattern: "(?<secret>tok_(?=x))" };
  expect(() => compileRulepack([broken], { trusted: true })).toThrow(
    '0.yml:1:3: Cannot load rule "acme.token": its pattern: look-ahead is not in the dialect (offset 14)',
  );
  const slow = { ...rule!, pattern: "tok_(?<secret>[a-z]+)" };
  expect(() => compileRulepack([slow], { trusted: true })).toThrow("has no upper limit");
  expect(compileRulepack([slow], { trusted: false }).rules[0]?.pattern.exec("tok_ab", 0)?.end).toBe(6);
});

it("the hash follows what is found, and nothing else", () => {
  const hash = (...entries: readonly Entry[]) => compileRulepack(rules(...entries), { trusted: true }).hash;
  const base = hash(["a.x"], ["a.y"]);
  expect(base).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(["a.y"], ["a.x"])).toBe(base);
  expect(hash(["a.x", "references: ['https://example.org'],"], ["a.y"])).toBe(base);
  for (const more of [
    "entropy: 2,",
    "confidence: low,",
    "generic: true,",
    "paths: [x],",
    "unscreened: [placeholder],",
  ]) {
    expect(hash(["a.x", more], ["a.y"]), more).not.toBe(base);
  }
  expect(hash(["a.x"])).not.toBe(base);
});

it("packs of rules that are trusted differently are one pack, whoever compiled what", () => {
  const [one, two] = rules(["a.x"], ["a.y"]);
  const joined = joinRulepacks(compileRulepack([one!], { trusted: true }), compileRulepack([two!], { trusted: false }));
  expect(joined.rules.map(({ id }) => id)).toEqual(["a.x", "a.y"]);
  expect(joined.hash).toBe(compileRulepack([two!, one!], { trusted: true }).hash);
});

it.each([
  [[], [], ["aws.id", "aws.secret", "gh.pat", "gh.app"]],
  [["gh.*"], [], ["gh.pat", "gh.app"]],
  [["*.pat", "gh.app"], [], ["gh.pat", "gh.app"]],
  [[], ["gh.*"], ["aws.id", "aws.secret"]],
  [["gh.*"], ["*.app"], ["gh.pat"]],
  [["aws.secret"], [], ["aws.id", "aws.secret"]], // its partner comes along
  [["aws.secret"], ["aws.id"], ["aws.secret"]],
])("with %j enabled and %j disabled %j take part", (enable, disable, ids) => {
  const all = rules(["aws.id"], ["aws.secret", "near: { rule: aws.id, lines: 5 },"], ["gh.pat"], ["gh.app"]);
  expect(selectRules(all, { enable, disable }).map(({ id }) => id)).toEqual(ids);
});

it("a glob that matches no rule is a mistake", () => {
  const select = () => selectRules(rules(["gh.pat"]), { enable: [], disable: ["gh.pta"] });
  expect(select).toThrow(expect.objectContaining({ code: "usage.invalid" }));
  expect(select).toThrow('Cannot disable rule "gh.pta": there is none of that id');
  expect(() => selectRules(rules(["gh.pat"]), { enable: ["ghxpat"], disable: [] })).toThrow(); // a dot is a dot
});

it("two rules of one id, or a partner that does not exist, are refused", () => {
  expect(() => settle(rules(["a.x"], ["a.y"], ["a.x"]))).toThrow(
    '2.yml:1:3: Cannot load rule "a.x": there is a rule of this id at 0.yml:1:3',
  );
  expect(() => settle(rules(["a.x", "near: { rule: a.z, lines: 1 },"]))).toThrow('near.rule "a.z" does not exist');
  expect(() => settle(rules(["a.x", "near: { rule: a.z, lines: 1 },"], ["a.z"]))).not.toThrow();
});
