import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { loadRules, readRuleFiles } from "../../src/rules/load.ts";
import { packRules } from "../../src/rules/pack.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";
import { unpackRules } from "../../src/rules/unpack.ts";
import { tempDir } from "../kit.ts";

const shelf = (pattern: string): string => {
  const dir = tempDir();
  const samples = "{ leak: ['to¦ken=abcdefghi', b], clean: [c] }";
  const text = `- { id: acme.token, name: n, severity: low, pattern: '${pattern}', samples: ${samples} }`;
  writeFileSync(join(dir, "acme.yml"), text);
  return dir;
};

const unpackedFrom = (dir: string) => {
  const { label, pack, notes } = packRules(dir);
  return unpackRules({ label, pack: () => pack, notes: () => notes }).rules.all();
};

it("a pack holds what the files say, and what is known of their patterns", () => {
  const dir = shelf("(?i)token\\s{0,3}[=:]\\s{0,3}(?<secret>[a-z]{9})");
  const [unpacked] = unpackedFrom(dir);
  const [loaded] = loadRules(readRuleFiles(dir), { shelf: true });
  expect(unpacked).toMatchObject(loaded!);
  const compiled = compileRulepack([loaded!], { trusted: true }).rules[0]!;
  const { exec, ...known } = compileRulepack([unpacked!], { trusted: true }).rules[0]!.pattern;
  const { exec: _exec, ...fresh } = compiled.pattern;
  expect(known).toEqual(fresh);
  expect(known.gate?.need["=".charCodeAt(0)]).toBe(1);
  expect(exec("Token: abcdefghi", 0)?.groups.secret).toEqual({ start: 7, end: 16 });
});

it("samples keep their ¦ in the pack, so that no scanner finds fault with it", () => {
  const dir = shelf("token=(?<secret>[a-z]{9})");
  expect(packRules(dir).notes).toContain("to¦ken=abcdefghi");
  expect(unpackedFrom(dir)[0]?.samples.leak[0]).toBe("token=abcdefghi");
});

it("a pattern that is not linear is not packed", () => {
  expect(() => packRules(shelf("token=(?<secret>[a-z]+)"))).toThrow("has no upper limit");
});

it("from source the built-in rules are those of the shelf", () => {
  expect(
    builtinShelf()
      .rules.all()
      .map(({ id }) => id),
  ).toEqual(loadRules(readRuleFiles("rules"), { shelf: true }).map(({ id }) => id));
});

it("a rule of a pack is read when somebody asks for it, and is the same one each time", () => {
  const { pack, notes } = packRules(shelf("token=(?<secret>[a-z]{9})"));
  const [head, line] = pack.split("\n");
  const label = JSON.stringify({ hash: "", count: 2 });
  const { rules } = unpackRules({ label, pack: () => [head, "no JSON", line].join("\n"), notes: () => notes });
  expect(rules.count).toBe(2);
  expect(rules.at(1)?.id).toBe("acme.token");
  expect(rules.at(1)).toBe(rules.at(1));
  expect(rules.at(2)).toBeUndefined();
  expect(() => rules.at(0)).toThrow();
});
