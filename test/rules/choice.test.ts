/** Rules that are chosen from the built-in ones and the user's, what names them all, and their way to other threads. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { defaults } from "../../src/config/plan.ts";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { chooseRules, compileChosen, listOf, rulesListed } from "../../src/rules/choice.ts";
import { ruleDigest } from "../../src/rules/digest.ts";
import { rulesIdentity } from "../../src/sweep/rules.ts";
import { dirForAll } from "../kit.ts";

const all = builtinShelf();

const { dir, remove } = dirForAll();
afterAll(remove);

function ruleFile(id = "own.token"): string {
  const file = join(dir, `${id}.yml`);
  const pattern = "\\\\bown_(?<secret>[a-z0-9]{20})\\\\b";
  writeFileSync(
    file,
    `- { id: ${id}, name: Own, severity: low, pattern: "${pattern}", samples: { leak: [a, b], clean: [c] } }\n`,
  );
  return file;
}

const choices = [
  ["all", {}],
  ["all but one", { disable: ["github.pat-classic"] }],
  ["all but most", { disable: ["*.context-key", "*.context-*", "g*", "a*", "s*"] }],
  ["few", { enable: ["github.*"] }],
  ["all and some of the user's", { rules: [ruleFile()] }],
  ["few and some of the user's", { enable: ["github.*", "own.*"], rules: [ruleFile()] }],
] as const;

const chosen = (choice: object) => chooseRules({ enable: [], disable: [], rules: [], ...choice });

describe.each(choices)("%s", (_, choice) => {
  it("are the rules that take part, here and in a thread that gets their list", async () => {
    const rules = await chosen(choice);
    const here = await compileChosen(rules);
    const there = await compileChosen(rulesListed(structuredClone(listOf(rules))));
    const ids = here.rules.map(({ id }) => id);
    expect(there.rules.map(({ id }) => id)).toEqual(ids);
    expect(there.hash).toBe(here.hash);
    const own = "rules" in choice ? ["own.token"] : [];
    const left = all.rules.all().flatMap(({ id }) => (ids.includes(id) ? [] : [id]));
    expect(ids.filter((id) => id.startsWith("own."))).toEqual(own);
    expect(new Set(ids).size).toBe(ids.length);
    expect(left.length + ids.length - own.length).toBe(all.rules.count);
    expect(here.growth === undefined).toBe(2 * left.length > all.rules.count);
    if (here.growth) expect([...here.growth.without].sort()).toEqual(left.sort());
  });
});

it("the build knows the digest of each built-in rule, and a sweep takes those of the rules that take part", async () => {
  const rulepack = await compileChosen(await chosen({ disable: ["github.pat-classic"], rules: [ruleFile()] }));
  const { engine, ...digests } = rulesIdentity(rulepack, { version: "1", plan: defaults }).digests;
  expect(engine).toMatch(/^1 /);
  expect(digests).toEqual(Object.fromEntries(rulepack.rules.map((rule) => [rule.id, ruleDigest(rule)])));
});

it("each choice has a hash of its own, and the same one every time", async () => {
  const hashes = await Promise.all(choices.map(async ([, choice]) => (await compileChosen(await chosen(choice))).hash));
  expect(hashes[0]).toBe(all.hash);
  expect(new Set(hashes).size).toBe(choices.length);
  const again = await compileChosen(await chosen({ enable: ["*"] }));
  expect(again.hash).toBe(all.hash);
  const other = await compileChosen(await chosen({ rules: [ruleFile("own.other")] }));
  expect(hashes).not.toContain(other.hash);
});
