import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { type FlagName, flags, settingsFrom, type Typed, withFlags } from "../../src/cli/flags.ts";
import type { Settings } from "../../src/config/plan.ts";

const names = Object.keys(flags) as FlagName[];

function type(args: readonly string[]): Typed {
  const command = withFlags(new Command(), names)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: "user" }).opts<Typed>();
}

describe("flags", () => {
  it("mean nothing for the plan when none is typed", () => {
    expect(settingsFrom(type([]))).toEqual({});
  });

  it.each<[typed: string, settings: Settings]>([
    ["--ignored", { ignored: true }],
    ["--range a..b", { range: "a..b" }],
    ["--since 2024-01-01", { since: "2024-01-01" }],
    ["--branch main", { branch: "main" }],
    ["--reachable", { reachable: true }],
    ["--max-file-size 10MB", { maxFileSize: 10_000_000 }],
    ["--max-decode-depth 0", { maxDecodeDepth: 0 }],
    ["--timeout 1h30m", { timeoutMs: 5_400_000 }],
    ["--allow-shallow --allow-partial", { allowShallow: true, allowPartial: true }],
    ["--rules /a.yml --rules /b", { rules: ["/a.yml", "/b"] }],
    ["--enable aws.* --enable npm.*", { enable: ["aws.*", "npm.*"] }],
    ["--disable aws.*", { disable: ["aws.*"] }],
    ["--trust-target", { trustTarget: true }],
    ["--min-confidence low --fail-on high", { minConfidence: "low", failOn: "high" }],
    ["--fail-exposure", { failExposure: true }],
    ["--exit-code 0", { exitCode: 0 }],
    ["--exit-code 125", { exitCode: 125 }],
    ["-f json -o out --no-redact --no-color --no-progress -q -v --config c --path p", {}],
  ])("%s means %j", (typed, settings) => {
    expect(settingsFrom(type(typed.split(" ")))).toEqual(settings);
  });

  it("take relative rule paths from the folder in which the user stands", () => {
    expect(settingsFrom(type(["--rules", "own"]))).toEqual({ rules: [`${process.cwd()}/own`] });
  });

  it.each([
    "--exit-code 2",
    "--exit-code 3",
    "--exit-code 126",
    "--exit-code -1",
    "--exit-code 1.5",
    "--exit-code one",
    "--timeout 30",
    "--max-file-size 0",
    "--max-decode-depth 12",
    "--fail-on critical",
    "--format xml",
    "--jobs 0",
    "--jobs 65",
    "--jobs two",
  ])("refuse %s", (typed) => {
    expect(() => type(typed.split(" "))).toThrow(CommanderError);
  });
});
