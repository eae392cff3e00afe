import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/bytes/secret.ts";
import { columns } from "../../src/report/columns.ts";
import { printable } from "../../src/report/escape.ts";
import {
  type FormatName,
  formats,
  loadReporter,
  type RenderOptions,
  type Reporter,
} from "../../src/report/reporter.ts";
import type { Result, Where } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, anOccurrence, cleanResult, fullResult, nastyPaths, options } from "./sample-result.ts";

const plain: RenderOptions = { ...options, remedy };

const reporters = new Map<FormatName, Reporter>();
for (const name of formats) reporters.set(name, await loadReporter(name));

function render(name: FormatName, result: Result, others: Partial<RenderOptions> = {}): string {
  const reporter = reporters.get(name);
  if (reporter === undefined) throw new Error(`no reporter ${name}`);
  return [...reporter.render(result, { ...plain, ...others })].join("");
}

/** Compares with a golden file; UPDATE_GOLDEN=1 writes it anew, to be read before it is committed. */
function expectGolden(file: string, text: string): void {
  const path = `fixtures/reports/${file}`;
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync("fixtures/reports", { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Workflow commands are what the github format is made of: one at the start of each line, and no other. */
const withoutCommands = (name: FormatName, text: string): string =>
  name === "github" ? text.replace(/^::(?:error|warning|notice) (?=[a-z]+=)/gm, "") : text;

/** The page without its style and script, which the browser's tests look at, and with its data in lines. */
const bare = (page: string): string =>
  page
    .replace(/(<(style|script)>).*?(<\/\2>)/gs, "$1…$3")
    .replace(/sha256-[\w+/=]+/g, "sha256-…")
    .replace(/(?<=id="result">).*?(?=<\/script>)/s, (data) => JSON.stringify(JSON.parse(data), undefined, 1));

const golden = (name: FormatName, result: Result): string =>
  name === "html" ? bare(render(name, result)) : render(name, result);

describe("golden report", () => {
  it.each(formats)("in %s of everything there is", (name) => {
    expectGolden(`full.${reporters.get(name)?.extension}`, golden(name, fullResult));
  });

  it.each(["quiet", "verbose"] as const)("in %s text", (detail) => {
    expectGolden(`full.${detail}.txt`, render("text", fullResult, { detail }));
  });

  it.each(formats)("in %s of a clean repository", (name) => {
    expectGolden(`clean.${reporters.get(name)?.extension}`, golden(name, cleanResult));
  });
});

describe.each(formats)("the %s reporter", (name) => {
  it("prints no control character but the newline, and nothing that a CI log obeys", () => {
    for (const redact of [true, false]) {
      const text = withoutCommands(name, render(name, fullResult, { redact, detail: "verbose" }));
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(/^\s*::|##(vso)?\[/m);
      expect(text.endsWith("\n")).toBe(true);
    }
  });

  it("gives the same bytes each time", () => {
    expect(render(name, fullResult)).toBe(render(name, fullResult));
  });

  it("shows whole secrets only when asked to", () => {
    expect(render(name, fullResult, { redact: false })).toContain("correct horse battery staple");
    expect(render(name, fullResult)).not.toContain("correct horse battery staple");
  });

  it("never prints a secret that is redacted, wherever it stands", () => {
    const letters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'\"\\$/+=");
    const secretText = fc.string({ unit: letters, minLength: 16, maxLength: 60 });
    const where = fc.constantFrom<Where>("content", "message", "tag", "note", "path", "ref", "author", "config");
    const detail = fc.constantFrom<RenderOptions["detail"]>("quiet", "normal", "verbose");
    fc.assert(
      fc.property(secretText, where, detail, (text, place, detail) => {
        const finding = aFinding({
          secret: new Secret(Buffer.from(text)),
          facts: { host: `x${text}y` },
          refs: [`refs/heads/${text}`],
          introduced: { commit: "1", date: "2021-01-01T00:00:00Z", author: { name: text, email: text } },
          occurrences: [anOccurrence({ where: place, path: `a${text}b`, member: text, endLine: 99 })],
        });
        const skips = [{ by: "fault", path: `c/${text}`, reason: `is ${text}` }] as const;
        const out = render(name, { ...fullResult, skips, findings: [finding] }, { detail });
        for (const form of [text, JSON.stringify(text).slice(1, -1)]) expect(out).not.toContain(form);
      }),
    );
  });
});

describe("the text reporter", () => {
  const unbroken = [...nastyPaths.map(printable), "git filter-repo", "git reflog", "https://"];

  it.each(["quiet", "normal", "verbose"] as const)(
    "stays within 80 columns (%s), unless one word does not fit",
    (detail) => {
      for (const line of render("text", fullResult, { detail }).split("\n")) {
        if (columns(line) > 80)
          expect(
            unbroken.filter((word) => line.includes(word)),
            line,
          ).not.toEqual([]);
      }
    },
  );

  it("is the same in colour, less the colours", () => {
    const coloured = render("text", fullResult, { colour: true });
    expect(coloured).toContain("\u001b[");
    // Sequences of nasty names were escaped before, so all that is left to strip is ours.
    expect(stripVTControlCharacters(coloured)).toBe(render("text", fullResult));
  });

  it("reads well on narrow and on wide terminals", () => {
    for (const line of render("text", { ...fullResult, findings: [aFinding()] }, { width: 50 }).split("\n")) {
      if (!/git filter-repo/.test(line)) expect(columns(line)).toBeLessThanOrEqual(50);
    }
    const wide = render("text", { ...fullResult, findings: [aFinding()] }, { width: 500 }).split("\n");
    expect(Math.max(...wide.map(columns))).toBeLessThanOrEqual(100);
  });
});

describe("the answer at the end", () => {
  const { secret: _, ...door } = aFinding({ rule: { ...aFinding().rule, kind: "exposure", severity: "low" } });
  const fault = { by: "fault", reason: "is missing", blob: "1" } as const;
  const nothing = { commits: 0, blobs: 0, bytes: 0, texts: 0, files: 0, skipped: 0, seconds: 0 };

  it.each<[string, Partial<Result>]>([
    ["1 new finding (1 critical).", { findings: [aFinding()] }],
    ["2 new findings (2 critical) and 1 exposure.", { findings: [aFinding(), aFinding(), door] }],
    [
      "1 new finding (1 critical). INCOMPLETE: 1 object could not be read, so there may be more.",
      { findings: [aFinding()], complete: false, skips: [fault] },
    ],
    [
      "INCOMPLETE: 2 objects could not be read. No new finding in the rest.",
      { complete: false, skips: [fault, fault] },
    ],
    [
      "INCOMPLETE: 1 file could not be read. No new finding in the rest.",
      { complete: false, skips: [{ by: "fault", reason: "is missing", path: "a" }] },
    ],
    [
      "INCOMPLETE: 2 things could not be read. No new finding, but 1 exposure in the rest.",
      { findings: [door], complete: false, skips: [fault, { by: "fault", reason: "git died" }] },
    ],
    ["INCOMPLETE: not all could be read. No new finding in the rest.", { complete: false, skips: [] }],
    ["No new finding, but 1 exposure. All that was meant to be read was read.", { findings: [door] }],
    ["Clean: all that was meant to be read was read, and there is no new finding.", {}],
    [
      "Clean: all that was meant to be read was read, and there is no new finding.",
      { findings: [aFinding({ verdict: "known" })], skips: [{ by: "policy", reason: "is excluded", path: "a" }] },
    ],
    ["Nothing to scan: there was nothing there to read.", { tally: nothing }],
  ])("is: %s", (expected, parts) => {
    const text = render("text", { ...cleanResult, ...parts }, { detail: "quiet" });
    const [last = ""] = text.trimEnd().split("\n\n").slice(-1);
    expect(last.replaceAll("\n", " ")).toBe(expected);
  });
});

describe("the JSON reporters", () => {
  const schema = JSON.parse(readFileSync("fixtures/reports/result.schema.json", "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(schema, "result");
  addFormats.default(ajv);
  const check = (ref: string, value: unknown): void => {
    const valid = ajv.validate(ref, value);
    expect(valid ? [] : ajv.errors).toEqual([]);
  };

  it.each([
    ["everything", fullResult],
    ["a clean repository", cleanResult],
  ])("keep to the schema for %s", (_, result) => {
    check("result", JSON.parse(render("json", result)));
    const lines = render("jsonl", result).trimEnd().split("\n");
    const summary = lines.pop() ?? "";
    expect(lines).toHaveLength(result.findings.length);
    for (const line of lines) check("result#/$defs/finding", JSON.parse(line));
    check("result#/$defs/summary", JSON.parse(summary));
  });

  it("say the same, but for the form", () => {
    const whole = JSON.parse(render("json", fullResult));
    const lines = render("jsonl", fullResult).trimEnd().split("\n");
    const [last, ...findings] = lines.map((line) => JSON.parse(line)).reverse();
    expect({ ...last.summary, findings: findings.reverse() }).toEqual(whole);
  });

  it("keep the order of fields that the format promises", () => {
    const whole = JSON.parse(render("json", fullResult));
    expect(Object.keys(whole)).toEqual(schema.required);
    expect(Object.keys(whole.findings[0])).toEqual(schema.$defs.finding.required);
    expect(Object.keys(whole.findings[0].occurrences[0])).toEqual(schema.$defs.occurrence.required);
  });

  it("keep a nasty path as it is", () => {
    const paths = JSON.parse(render("json", fullResult)).findings.flatMap(
      (finding: { occurrences: { path: string }[] }) => finding.occurrences.map(({ path }) => path),
    );
    expect(paths).toEqual(expect.arrayContaining([...nastyPaths]));
  });
});
