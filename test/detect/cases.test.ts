/**
 * A generated set of cases, scored: secrets in the spellings of many languages, behind encodings, and what looks like
 * them and is none. The seed is fixed, so that a figure below the line is a change of ours. Nothing is read from files,
 * and no case is a real-looking constant in this repository.
 */
import { expect, it } from "vitest";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import { judge } from "../../src/detect/judge.ts";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";
import { whole } from "../kit.ts";

const engine = plainEngine(compileRulepack(builtinShelf().rules.all(), { trusted: true }));

/** What a scan shows by default, as text; secrets of generic and specific rules alike. */
function found(text: string, path = ""): string[] {
  return engine
    .match({ bytes: Buffer.from(text, "utf8"), offset: 0, line: 1, column: 1 })
    .filter((match) => {
      const { kept, confidence } = judge(match, { where: "content", path });
      return kept && confidence !== "low";
    })
    .map(({ secret }) => Buffer.from(secret.reveal()).toString("utf8"));
}

/** Numbers below `limit`, the same in every run (Park and Miller). */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}

const roll = dice(7);
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const drawn = (length: number, alphabet = letters) =>
  Array.from({ length }, () => alphabet.charAt(roll(alphabet.length))).join("");
const keys = () => [drawn(20), drawn(32), drawn(40), drawn(32, "0123456789abcdef"), drawn(64, "0123456789abcdef")];
const passwords = () => [`${drawn(3)}-Heron${roll(90) + 10}`, `Tr${roll(90) + 10}!${drawn(6)}`, `${drawn(12)}#`];

/** A name in the case that a language likes, and how it gives a value to it. */
const spellings: readonly (readonly [name: string, spell: (name: string, value: string) => string, path: string])[] = [
  ["environment", (name, value) => `${name.toUpperCase()}=${value}`, ".env"],
  ["shell", (name, value) => `export ${name.toUpperCase()}="${value}"`, "run.sh"],
  ["properties", (name, value) => `acme.${name.replaceAll("_", ".")}=${value}`, "app.properties"],
  ["ini", (name, value) => `[acme]\n${name} = ${value}\n`, "acme.ini"],
  ["yaml", (name, value) => `acme:\n  ${name}: ${value}\n`, "acme.yml"],
  ["yaml in quotes", (name, value) => `${name}: "${value}"`, "acme.yml"],
  ["yaml block", (name, value) => `${name}: >-\n  ${value}\nmore: 1\n`, "acme.yml"],
  ["toml", (name, value) => `${name} = "${value}"`, "acme.toml"],
  ["json", (name, value) => `{"${name}": "${value}", "a": 1}`, "acme.json"],
  ["json in json", (name, value) => JSON.stringify(JSON.stringify({ [name]: value })), "acme.json"],
  ["xml element", (name, value) => `<a><${name}>${value}</${name}></a>`, "acme.xml"],
  ["xml entry", (name, value) => `<add key="${name}" value="${value}" />`, "web.config"],
  ["kubernetes", (name, value) => `- name: ${name.toUpperCase()}\n  value: "${value}"`, "pod.yml"],
  ["hcl", (name, value) => `variable "x" {\n  ${name} = "${value}"\n}`, "main.tf"],
  ["python", (name, value) => `${name} = '${value}'`, "a.py"],
  ["python argument", (name, value) => `connect(host, ${name}='${value}')`, "a.py"],
  ["python dictionary", (name, value) => `{'${name}': '${value}'}`, "a.py"],
  ["javascript", (name, value) => `const ${name} = "${value}";`, "a.js"],
  ["typescript", (name, value) => `const ${name}: string = "${value}";`, "a.ts"],
  ["go", (name, value) => `var ${name} string = "${value}"`, "a.go"],
  ["go short", (name, value) => `${name} := \`${value}\``, "a.go"],
  ["java", (name, value) => `private static final String ${name} = "${value}";`, "A.java"],
  ["c#", (name, value) => `string ${name} = @"${value}";`, "A.cs"],
  ["php", (name, value) => `define('${name.toUpperCase()}', '${value}');`, "a.php"],
  ["php array", (name, value) => `'${name}' => '${value}',`, "a.php"],
  ["ruby", (name, value) => `config[:${name}] = "${value}"`, "a.rb"],
  ["make", (name, value) => `${name.toUpperCase()} ?= "${value}"`, "Makefile"],
  ["concatenation", (name, value) => `${name} = "${value.slice(0, 5)}" +\n  "${value.slice(5)}"`, "a.js"],
];

const score = (cases: readonly (readonly [text: string, path: string, secret: string])[]) => {
  const missed = cases.filter(([text, path, secret]) => !found(text, path).includes(secret));
  return { recall: 1 - missed.length / cases.length, missed: missed.map(([text]) => text) };
};

it.each(["client_secret", "api_key", "access_token", "db_password"])("%s is found in every language", (name) => {
  const values = name.endsWith("password") ? passwords : keys;
  const cases = spellings.flatMap(([, spell, path]) =>
    values().map((value) => [spell(name, value), path, value] as const),
  );
  const { recall, missed } = score(cases);
  expect(recall, missed.join("\n")).toBeGreaterThanOrEqual(0.97);
});

const names = ["client_secret", "api_key", "access_token", "db_password"];
const none: readonly string[] = [
  "changeme",
  "your-secret-here",
  "<password>",
  "xxxxxxxxxxxxxxxxxxxx",
  "********",
  "$SECRET",
  "{{ vault.secret }}",
  "$(cat /run/secrets/key)",
  "%SECRET%",
  "process.env.SECRET",
  "/run/secrets/key",
  "vault:secret/data/app#key",
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app",
  "ENC[AES256_GCM,data:k3Rv,iv:9xQ2,tag:mT7w,type:str]",
  "https://login.acme.io/oauth/token",
  "login.acme.io",
  "secrets/server.pem",
  "AuthenticationTokenProvider",
  "application/x-www-form-urlencoded",
  "1234567890abcdef",
  "aaaaaaaaaaaaaaaaaaaaaaaa",
  "true",
  "null",
];

it("a key whose base64 is padded ends with its line", () => {
  const key = Buffer.from(drawn(64, "0123456789abcdef"), "hex").toString("base64");
  expect(found(`private_key = ${key}\nDNS = 8.8.8.8\n`)).toEqual([key]);
  expect(found(`signing_key = ${key}\r\nregion = eu\r\n`)).toEqual([key]);
});

it("what names a secret or stands in for one stays silent", () => {
  const wrong = spellings
    .filter(([name]) => !/concatenation|yaml block|json in json/.test(name))
    .flatMap(([, spell, path]) => names.flatMap((name) => none.map((value) => [spell(name, value), path] as const)))
    .filter(([text, path]) => found(text, path).length > 0);
  const cases = (spellings.length - 3) * names.length * none.length;
  expect(wrong.length / cases, wrong.map(([text]) => text).join("\n")).toBeLessThanOrEqual(0.02);
});

/** As people write to each other, in tickets, logs and READMEs. */
const sentences: readonly ((key: string) => string)[] = [
  (key) => `The API key is ${key}, do not share it.`,
  (key) => `Use the access token \`${key}\` until Friday.`,
  (key) => `the client secret: ${key}`,
  (key) => `The secret key for staging was ${key}.`,
  (key) => `Your mailtrap token is ${key} now`,
  (key) => `const mail = new MailtrapClient("${key}");`,
];

it("keys are found in what people tell each other, and in what a client is made with", () => {
  const drawnKeys = () => [drawn(32, "0123456789abcdef"), drawn(32, "0123456789abcdef")];
  const cases = sentences.flatMap((say) => drawnKeys().map((key) => [say(key), "notes.txt", key] as const));
  const { recall, missed } = score(cases);
  expect(recall, missed.join("\n")).toBe(1);
});

it.each([
  "The token is the same for every request that the middleware2handles.",
  "Each token is sha256-of-the-previous-block-1 and nothing else.",
  "The API key is read from ACME_API_KEY_VERSION_2 at start.",
  "token 0x4bC1d95e2A7f3306c8d91eF0a47b5c2D91e8F3a6 was listed today",
  "We saw commit 3f2a9c81d7e64b05a1c8e2f9307d4b6a58c1e0f4 break mailtrap.",
])("prose that only speaks of keys stays silent: %s", (text) => expect(found(text, "notes.txt")).toEqual([]));

const encodings: readonly (readonly [name: string, encode: (text: string) => string])[] = [
  ["base64", (text) => Buffer.from(text).toString("base64")],
  ["base64, twice", (text) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64")],
  [
    "base64, wrapped",
    (text) =>
      (
        Buffer.from(`# ${"-".repeat(50)}\n${text}\n`)
          .toString("base64")
          .match(/.{1,64}/g) ?? []
      ).join("\n"),
  ],
  ["hexadecimal", (text) => Buffer.from(text).toString("hex")],
  ["percent", (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")],
  ["escapes", (text) => [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")],
  ["entities", (text) => [...text].map((char) => `&#${char.charCodeAt(0)};`).join("")],
];

it.each(encodings)("tokens with a form of their own are seen behind %s", (_, encode) => {
  const tokens = [`gh${"p_"}R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP`, whole("sk¦_live_4eC39HqLyjWDarjtT1zdp7dc")];
  for (const token of tokens) expect(found(`x = ${encode(`key = "${token}"\n`)}`)).toContain(token);
});
