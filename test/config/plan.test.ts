import { describe, expect, it } from "vitest";
import { defaults, resolvePlan, type Settings } from "../../src/config/plan.ts";

describe("resolvePlan", () => {
  it.each<[story: string, flags: Settings, file: Settings, plan: Settings]>([
    ["says nothing new when nobody said anything", {}, {}, {}],
    ["takes what the file says", {}, { failOn: "high", exclude: ["a"] }, { failOn: "high", exclude: ["a"] }],
    ["lets a flag override the file", { failOn: "low" }, { failOn: "high" }, { failOn: "low" }],
    ["lets a flag override a number of the file", { maxFileSize: 1 }, { maxFileSize: 2 }, { maxFileSize: 1 }],
    ["adds --rules to the rules of the file", { rules: ["/b"] }, { rules: ["/a"] }, { rules: ["/a", "/b"] }],
    ["adds --disable to what the file disables", { disable: ["b"] }, { disable: ["a"] }, { disable: ["a", "b"] }],
    [
      "keeps what the file enables when --disable is given",
      { disable: ["b"] },
      { enable: ["a"] },
      { enable: ["a"], disable: ["b"] },
    ],
    [
      "puts the file's choice of rules aside when --enable is given",
      { enable: ["npm.*"], disable: ["npm.old"] },
      { enable: ["a"], disable: ["npm.*"] },
      { enable: ["npm.*"], disable: ["npm.old"] },
    ],
  ])("%s", (_story, flags, file, plan) => {
    expect(resolvePlan(flags, file)).toEqual({ ...defaults, ...plan });
  });
});
