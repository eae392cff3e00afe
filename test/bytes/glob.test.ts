import { expect, it } from "vitest";
import { matchesGlob, pathMatcher } from "../../src/bytes/glob.ts";

it.each([
  ["**/.pgpass", ".pgpass", true],
  ["**/.pgpass", "home/ann/.pgpass", true],
  ["**/.pgpass", "home/x.pgpass", false],
  [".pgpass", "home/ann/.pgpass", true],
  ["config/*.yml", "config/a.yml", true],
  ["config/*.yml", "config/b/a.yml", false],
  ["docs/**", "docs/.hidden/a", true],
  ["*.{pem,key}", "a/b.key", true],
  ["*.{pem,key}", "a/b.keys", false],
])("%s fits %s: %s", (glob, path, fits) => {
  expect(pathMatcher([glob])(path)).toBe(fits);
  expect(matchesGlob(path, ["nothing/at/all", glob])).toBe(fits);
});

it("takes no time over braces made to explode", () => {
  const start = performance.now();
  try {
    pathMatcher(["{a,b}".repeat(20)])("a");
  } catch {
    // refusing is an answer too
  }
  expect(performance.now() - start).toBeLessThan(2000);
});

it.each([
  ["node_modules", "node_modules", true],
  ["node_modules", "app/node_modules/left/index.js", true],
  ["node_modules/", "app/node_modules/left/index.js", true],
  ["node_modules", "app/node_modules.js", false],
  ["a/b", "a/b/c/d", true],
  ["a/b", "x/a/b/c", false],
  ["a/*", "../a/b", false],
])("%s excludes %s: %s", (glob, path, excluded) => {
  expect(pathMatcher([glob])(path)).toBe(excluded);
});
