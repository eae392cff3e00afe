import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quote } from "../../src/triage/quote.ts";
import { available } from "../kit.ts";
import { nastyPaths } from "../report/sample-result.ts";

const bash = "/bin/bash";

/** What bash makes of a quoted word. */
const read = (quoted: string): string =>
  execFileSync(bash, ["--norc", "-c", `printf %s ${quoted}`], { encoding: "utf8", env: { LC_ALL: "C.UTF-8" } });

it.each([
  ["a/b-c_1.env", "a/b-c_1.env"],
  ["", "''"],
  ["a b", "'a b'"],
  ["it's", "'it'\\''s'"],
  ["$(touch x)", "'$(touch x)'"],
  ["設定.env", "'設定.env'"],
  ["a\nb\\'", "$'a\\x0ab\\\\\\''"],
])("quotes %j as %s", (word, quoted) => {
  expect(quote(word)).toBe(quoted);
});

const hasBash = available("bash", existsSync(bash));

it.skipIf(!hasBash).each(nastyPaths.filter((path) => !/\p{Cs}/u.test(path)))("a shell reads %j back", (path) => {
  expect(read(quote(path))).toBe(path);
});

it.skipIf(!hasBash)("a shell reads any word back, and no printed character is a control", () => {
  const word = fc.string({ unit: "binary", maxLength: 30 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(word, (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(read(quote(text))).toBe(text);
    }),
    { numRuns: 50 },
  );
});
