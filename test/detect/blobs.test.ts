/** Every case of fixtures/blobs: `input` as `expect.json` says it is to be encoded, and the matches it must give. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import { loadRulesFrom } from "../../src/rules/load.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";
import type { Match } from "../../src/terms.ts";
import { whole } from "../kit.ts";

interface Expected {
  readonly encoding?: "utf-8" | "utf-16le" | "utf-16be" | "latin1";
  readonly mark?: boolean;
  readonly newline?: string;
  readonly matches: readonly {
    readonly rule: string;
    readonly secret: string;
    /** Start line and column, end line and column, byte offset. */
    readonly at: readonly number[];
    readonly allowance?: object;
    readonly components?: Readonly<Record<string, string>>;
  }[];
}

const folder = "fixtures/blobs";
const engine = plainEngine(compileRulepack(loadRulesFrom(`${folder}/rules.yml`), { trusted: true }));

function inputOf(name: string, { encoding = "utf-8", mark = false, newline = "\n" }: Expected): Uint8Array {
  const text = whole(readFileSync(`${folder}/${name}/input`, "utf8"))
    .replaceAll("\n", newline)
    .replaceAll("<<nul>>", "\0")
    .replaceAll(/<<pad (\d+)>>/g, (_, length: string) => "0,".repeat(Number(length) / 2));
  const marked = mark ? `\ufeff${text}` : text;
  if (encoding === "utf-16be") return Buffer.from(marked, "utf16le").swap16();
  return Buffer.from(marked, encoding);
}

const seen = ({ rule, secret, at, allowance, components }: Match) => ({
  rule: rule.id,
  secret: Buffer.from(secret.reveal()).toString(),
  at: [at.startLine, at.startColumn, at.endLine, at.endColumn, at.byteOffset],
  ...(allowance === undefined ? {} : { allowance }),
  ...(components.length === 0
    ? {}
    : {
        components: Object.fromEntries(
          components.map((part) => [part.rule, Buffer.from(part.secret.reveal()).toString()]),
        ),
      }),
});

const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(cases.map(({ name }) => name))("%s gives the matches that it should", (name) => {
  const expected: Expected = JSON.parse(readFileSync(`${folder}/${name}/expect.json`, "utf8"));
  const found = engine.match({ bytes: inputOf(name, expected), offset: 0, line: 1, column: 1 });
  expect(found.map(seen)).toEqual(expected.matches.map((match) => ({ ...match, secret: whole(match.secret) })));
});
