import { expect, it } from "vitest";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import type { Rule } from "../../src/terms.ts";
import { bytes } from "../kit.ts";
import { patternOf, ruleOf, rulepackOf } from "./rule.ts";

const token = ruleOf({
  id: "acme.token",
  keywords: ["acme_"],
  pattern: patternOf("\\b(?<secret>acme_[a-z0-9]{12})\\b", { before: 0, after: 17 }),
});
const generic = ruleOf({
  id: "generic.value",
  provider: "generic",
  keywords: ["key"],
  generic: true,
  confidence: "medium",
  pattern: patternOf('key[=:] ?"?(?<secret>[A-Za-z0-9_-]{8,200})', { before: 0, after: 210 }),
});

const secret = "acme_k3r9x2v7q1w8";
const encode = (text: string) => Buffer.from(text).toString("base64");

const found = (
  text: string,
  { rules = [token, generic], depth = 3, fresh = [] as { start: number; end: number }[] } = {},
) =>
  plainEngine(rulepackOf(...(rules as Rule[])), { decodeDepth: depth })
    .match({ bytes: bytes(text), offset: 0, line: 1, column: 1, ...(fresh.length > 0 && { fresh }) })
    .map(({ rule, decoded, secret: own, at }) => [
      rule.id,
      decoded.join("+"),
      Buffer.from(own.reveal()).toString(),
      bytes(text).subarray(at.byteOffset).subarray(0, 4).toString(),
      `${at.startLine}:${at.startColumn}-${at.endLine}:${at.endColumn}`,
    ]);

it("finds behind an encoding what rules find plainly, and tells where its encoding stands", () => {
  expect(found(`a\nb "${encode(`xy ${secret} z`)}"`)).toEqual([
    ["acme.token", "base64", secret, "YWNt", "2:8-2:31"].with(
      3,
      Buffer.from(encode(`xy ${secret} z`))
        .toString()
        .slice(4, 8),
    ),
  ]);
});

it.each([1, 2, 3])("looks through %i encodings, and no deeper than it may", (times) => {
  let text = secret;
  for (let left = times; left > 0; left--) text = encode(text);
  expect(found(text).map(([, decoded]) => decoded)).toEqual([Array.from({ length: times }, () => "base64").join("+")]);
  expect(found(text, { depth: times - 1 })).toEqual([]);
});

it("does not report again what is found without decoding", () => {
  expect(found(`url: a%20b key=${secret}`).map(([, decoded]) => decoded)).toEqual([""]);
});

it("a provider's token behind base64 goes before a value that looks drawn", () => {
  expect(found(`key: ${encode(secret)}`).map(([id]) => id)).toEqual(["acme.token"]);
});

it("pairs parts that are encoded apart", () => {
  const id = ruleOf({
    id: "acme.id",
    keywords: ["id_"],
    component: true,
    pattern: patternOf("\\b(?<secret>id_[a-z]{12})\\b", { before: 0, after: 16 }),
  });
  const paired = { ...token, near: { rule: "acme.id", lines: 2, required: true } };
  const text = `id: ${encode("id_zkqubwotlexy")}\nkey: ${encode(secret)}`;
  expect(found(text, { rules: [id, paired] }).map(([rule]) => rule)).toEqual(["acme.token"]);
});

it("a run is fresh when one of its bytes is, its name's too", () => {
  const text = `password: ${encode(secret)}\nmore text`;
  expect(found(text, { fresh: [{ start: 1, end: 2 }] })).toHaveLength(1);
  expect(found(text, { fresh: [{ start: 20, end: 21 }] })).toHaveLength(1);
  expect(found(text, { fresh: [{ start: 40, end: 43 }] })).toHaveLength(0);
});

it("reads what PowerShell takes as an encoded command", () => {
  const text = `powershell -enc ${Buffer.from(`$k = "${secret}"`, "utf16le").toString("base64")}`;
  expect(found(text).map(([id, decoded]) => [id, decoded])).toEqual([["acme.token", "base64"]]);
});
