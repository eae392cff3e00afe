import { expect, it } from "vitest";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import type { Piece, Rule } from "../../src/terms.ts";
import { bytes } from "../kit.ts";
import { patternOf, ruleOf, rulepackOf } from "./rule.ts";

const pieceOf = (text: string): Piece => ({ bytes: bytes(text), offset: 0, line: 1, column: 1 });

const rule = (id: string, source: string, parts: Partial<Rule> = {}): Rule =>
  ruleOf({ id, keywords: ["key"], pattern: patternOf(source, { before: 60, after: 60 }), ...parts });

const found = (text: string, ...rules: readonly Rule[]) => plainEngine(rulepackOf(...rules)).match(pieceOf(text));
const ids = (text: string, ...rules: readonly Rule[]) => found(text, ...rules).map((match) => match.rule.id);

const value = "key=(?<secret>[a-z0-9]{4,20})";
const text = "key=k3r9x2v7q1w8";

it.each([
  ["the specific before the generic", rule("b.b", value), rule("a.a", value, { generic: true }), "b.b"],
  [
    "the specific before a component, which is no finding",
    rule("b.b", value),
    rule("a.a", value, { component: true }),
    "b.b",
  ],
  [
    "a component before the generic",
    rule("b.b", value, { component: true }),
    rule("a.a", value, { generic: true }),
    undefined,
  ],
  ["the higher score", rule("b.b", value), rule("a.a", value, { confidence: "low" }), "b.b"],
  ["the longer secret", rule("b.b", value), rule("a.a", "key=(?<secret>[a-z0-9]{4})"), "b.b"],
  ["the earlier id", rule("b.b", value), rule("a.a", value), "a.a"],
])("of two claims to the same bytes wins %s", (_, one, other, winner) => {
  const expected = winner === undefined ? [] : [winner];
  expect(ids(text, one, other)).toEqual(expected);
  expect(ids(text, other, one)).toEqual(expected);
});

it("rules that need a path silence nobody, and an exposure no secret", () => {
  const bound = rule("a.a", value, { paths: ["**/.pgpass"] });
  const door = rule("c.c", value, { kind: "exposure" });
  expect(ids(text, bound, rule("b.b", value, { generic: true }), door)).toEqual(["a.a", "b.b", "c.c"]);
});

it("claims side by side all stand, in the order of the text", () => {
  const pair = rule("a.a", "key=[a-z0-9]+ (?<secret>[a-z0-9]{4,20})");
  expect(ids("key=k3r9x2v7q1w8 m4t6z5y0", pair, rule("b.b", value))).toEqual(["b.b", "a.a"]);
});

it("named groups become facts, and a checksum one of its own", () => {
  const named = rule("a.a", "(?<user>[a-zé]+):key:(?<host>\\w*)(?<secret>[a-z0-9]{12})", { unscreened: ["dull"] });
  const [match] = found("ann:key:k3r9x2v7q1w8", named);
  expect(match?.facts).toEqual({ user: "ann" });
});

it("a wrong checksum lowers the score, a right one raises it and passes all screens", () => {
  const github = ruleOf({
    id: "a.a",
    keywords: ["_"],
    checksum: "base62-crc32",
    entropy: 7,
    pattern: patternOf("(?<secret>gh[p]_[A-Za-z0-9]{36})", { before: 3, after: 40 }),
  });
  const [right] = found("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCP", github);
  expect(right?.reasons ?? "none").toEqual([{ name: "checksum valid", weight: 1 }]);
  expect(right?.facts).toEqual({ checksum: "valid" });
  const [both] = found("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCa", github);
  expect(both?.reasons.map(({ name }) => name)).toEqual(["checksum wrong", "is below entropy 7"]);
  const [wrong] = found("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf4VzJCa", { ...github, entropy: 3 });
  expect(wrong?.reasons).toEqual([{ name: "checksum wrong", weight: -0.6 }]);
});

it("a partner that need not be there raises or lowers the score", () => {
  const id = ruleOf({
    id: "a.id",
    keywords: ["id:"],
    component: true,
    pattern: patternOf("id:(?<secret>[a-z]{6})", { before: 0, after: 9 }),
  });
  const secret = rule("a.secret", value, { near: { rule: "a.id", lines: 1, required: false } });
  expect(found(`id:zkqubw\n${text}`, id, secret)[0]?.reasons).toEqual([{ name: "paired with a.id", weight: 0.2 }]);
  expect(found(`id:zkqubw\n\n${text}`, id, secret)[0]?.reasons).toEqual([{ name: "no a.id near", weight: -0.2 }]);
});

it("a change beside a match that completes it makes the match fresh", () => {
  const id = ruleOf({
    id: "a.id",
    keywords: ["id:"],
    component: true,
    pattern: patternOf("id:(?<secret>[a-z]{6})", { before: 0, after: 9 }),
  });
  const secret = rule("a.secret", value, { near: { rule: "a.id", lines: 1, required: true } });
  const engine = plainEngine(rulepackOf(id, secret));
  const piece = pieceOf(`id:zkqubw\n${text}\nmore`);
  expect(engine.match({ ...piece, fresh: [{ start: 3, end: 4 }] })).toHaveLength(1);
  expect(engine.match({ ...piece, fresh: [{ start: 28, end: 30 }] })).toHaveLength(0);
});

it("tells why a candidate came to nothing", () => {
  const told: string[] = [];
  const onDrop = (candidate: { rule: Rule }, objection: string) => told.push(`${candidate.rule.id} ${objection}`);
  const engine = plainEngine(rulepackOf(rule("a.a", value), rule("b.b", value, { generic: true })), { onDrop });
  engine.match(pieceOf(`${text} key=changeme`));
  expect(told.sort()).toEqual(["b.b gives way to a.a", "b.b gives way to a.a"]);
});

it("refuses a rule whose checksum nobody knows", () => {
  expect(() => plainEngine(rulepackOf(rule("a.a", value, { checksum: "nope" })))).toThrow(/no checksum named "nope"/);
});
