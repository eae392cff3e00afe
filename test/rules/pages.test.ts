import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRules, readRuleFiles } from "../../src/rules/load.ts";
import { pagesOf } from "./page.ts";

const folder = "docs/rules";

it("docs/rules says what the shelf says; `npm run docs:rules` writes it anew", () => {
  const pages = pagesOf(loadRules(readRuleFiles("rules"), { shelf: true }));
  if (process.env.LEAKSWEEP_WRITE_DOCS) write(pages);
  const there = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  const stale = [...pages].filter(([name, text]) => there.get(name) !== text).map(([name]) => name);
  const orphaned = [...there.keys()].filter((name) => !pages.has(name));
  expect({ stale, orphaned }).toEqual({ stale: [], orphaned: [] });
});

function write(pages: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
}
