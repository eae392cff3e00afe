/** Reports against the schemas that those who read them have published; `fixtures/schemas` says where they come from. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import Ajv4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { type FormatName, loadReporter, type RenderOptions } from "../../src/report/reporter.ts";
import type { Result } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { cleanResult, fullResult, options } from "./sample-result.ts";

const schemaOf = (name: string): object => JSON.parse(readFileSync(`fixtures/schemas/${name}.schema.json`, "utf8"));

async function render(name: FormatName, result: Result, others: Partial<RenderOptions> = {}): Promise<string> {
  const reporter = await loadReporter(name);
  return [...reporter.render(result, { ...options, remedy, ...others })].join("");
}

const results: readonly (readonly [string, Result])[] = [
  ["everything there is", fullResult],
  ["a clean repository", cleanResult],
  ["nothing but a fault", { ...cleanResult, complete: false, skips: [{ by: "fault", reason: "git died" }] }],
  ["a repository with a forge", { ...cleanResult, target: { ...cleanResult.target, url: "git@github.com:a/b.git" } }],
];

describe.each(results)("a report of %s", (_, result) => {
  it("keeps to the official schema of SARIF 2.1.0", async () => {
    const ajv = new Ajv4.default({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const valid = ajv.validate(schemaOf("sarif-2.1.0"), JSON.parse(await render("sarif", result)));
    expect(valid ? [] : ajv.errors).toEqual([]);
  });

  it("keeps to GitLab's schema of secret detection reports", async () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    const valid = ajv.validate(schemaOf("gitlab-secret-detection-15.2.1"), JSON.parse(await render("gitlab", result)));
    expect(valid ? [] : ajv.errors).toEqual([]);
  });

  it("keeps to GitLab's schema of code quality reports, with a fingerprint for each entry", async () => {
    const entries = JSON.parse(await render("codequality", result));
    const ajv = new Ajv({ strict: false, allErrors: true });
    const valid = ajv.validate({ type: "array", items: schemaOf("gitlab-codequality") }, entries);
    expect(valid ? [] : ajv.errors).toEqual([]);
    const fingerprints = entries.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });

  it("is well-formed JUnit, whose counts are those of its tests", async () => {
    const text = await render("junit", result);
    expect(XMLValidator.validate(text)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testcase" });
    const { testsuites } = parser.parse(text);
    const cases: Record<string, unknown>[] = testsuites.testsuite.testcase;
    const having = (element: string): number => cases.filter((test) => test[element] !== undefined).length;
    expect(Number(testsuites["@_tests"])).toBe(cases.length);
    expect(Number(testsuites["@_failures"])).toBe(having("failure"));
    expect(Number(testsuites["@_errors"])).toBe(having("error"));
    expect(Number(testsuites["@_skipped"])).toBe(having("skipped"));
    expect(having("failure")).toBe(result.findings.filter(({ verdict }) => verdict === "new").length);
    expect(having("error") === 0).toBe(result.complete);
  });
});
