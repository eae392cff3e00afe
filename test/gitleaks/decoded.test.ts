/** What is encoded is decoded for rules of gitleaks' own kind, which may have no keyword, as it is there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Row } from "../../src/foreign/row.ts";
import { leaksweep, sh, tempDir } from "../kit.ts";

const value = "not-so-secret-value";
const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
const coded = (text: string, at: number): string =>
  `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`;

const rules = `
[[rules]]
id = 'plain'
regex = '''secret=(not-so-secret-value)'''

[[rules]]
id = 'quoted'
regex = '''passphrase\\s*=\\s*"([^"]+so-secret[^"]+)"'''

[[rules]]
id = 'quoted-but'
regex = '''passphrase\\s*=\\s*"([^"]+so-secret[^"]+)"'''
  [[rules.allowlists]]
  regexTarget = 'TARGET'
  regexes = ['so-secret']
`;

/** Rules and secrets of rows that are told of a folder or a repository whose one file has this line. */
async function told(line: string, { command = "dir", target = "secret" } = {}): Promise<readonly string[]> {
  const dir = tempDir();
  writeFileSync(join(dir, ".gitleaks.toml"), rules.replace("TARGET", target));
  writeFileSync(join(dir, "app.log"), `one\n${line}\nthree\n`);
  if (command === "git") sh(dir, "git init -q && git add app.log && git commit -qm one");
  const { stdout } = await leaksweep(["gitleaks", command, ".", "-f", "json", "-r", "-"], { cwd: dir });
  return (JSON.parse(stdout) as Row[]).map(({ RuleID, Secret, Match }) => `${RuleID} ${Secret} in ${Match}`);
}

describe.each(["dir", "git"])("%s finds a secret", (command) => {
  it.each([
    ["behind its only literal", `secret=${base64}`],
    ["one character of which is a percent code", `secret=${coded(value, 5)}`],
    ["the sign before which is one", `secret%3d${value}`],
    ["in base64, one digit of which is one", `secret=${coded(base64, 9)}`],
    ["whose name is in the base64, one digit of which is one", coded(btoa(`secret=${value}!`), 12)],
    ["in hexadecimal behind such a sign", `secret%3D${Buffer.from(value).toString("hex")}`],
  ])("%s", async (_, line) => {
    expect(await told(line, { command })).toEqual([`plain ${value} in secret=${value}`]);
  });
});

it.each(["secret", "match", "line"])(
  "an allowlist sees the %s without the encoding, quotes and all",
  async (target) => {
    const line = `passphrase = "${btoa(value)}"`;
    expect(await told(line, { target })).toEqual([`quoted ${value} in passphrase = "${value}"`]);
  },
);
