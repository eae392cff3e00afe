import { expect, it } from "vitest";
import { pathReasons, type Spot } from "../../src/detect/paths.ts";

const spot: Spot = { weak: true, kind: "secret", column: 12 };
const names = (path: string, more: Partial<Spot> = {}) =>
  pathReasons(path, { ...spot, ...more }).map(({ name }) => name);

it.each([
  ["t/t5563-simple-http-auth.sh", ["test"]],
  ["t/unit-tests/u-urlmatch.c", ["test"]],
  ["integration-tests/app.ts", ["test"]],
  [".yarn/releases/yarn-4.12.0.cjs", ["vendored"]],
  [".yarnrc.yml", []],
  ["latest/app.ts", []],
  ["src/t.ts", []],
])("the path %j speaks as %j", (path, reasons) => {
  expect(names(path)).toEqual(reasons);
});

it("a column that no hand reaches makes a script a built one, and no other file", () => {
  expect(names("assets/app.js", { column: 20_000 })).toEqual(["minified or built"]);
  expect(names("assets/app.js")).toEqual([]);
  expect(names("src/app.sh", { column: 20_000 })).toEqual([]);
});

it("doors may stand open where software is built, secrets may not", () => {
  for (const path of [".github/workflows/ci.yml", ".circleci/config.yml", ".travis.yml", ".gitlab-ci.yml"]) {
    expect(names(path, { kind: "exposure" })).toContain("continuous integration");
    expect(names(path)).not.toContain("continuous integration");
  }
});

it("what says little by itself loses twice as much", () => {
  expect(pathReasons("test/a.ts", spot)).toEqual([{ name: "test", weight: -0.3 }]);
  expect(pathReasons("test/a.ts", { ...spot, weak: false })).toEqual([{ name: "test", weight: -0.15 }]);
});
