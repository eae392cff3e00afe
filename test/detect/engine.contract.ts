import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { windows } from "../../src/bytes/windows.ts";
import type { EngineOptions } from "../../src/detect/match.ts";
import type { Engine, Match, Piece, Rule, Rulepack, Span } from "../../src/terms.ts";
import { bytes } from "../kit.ts";
import { patternOf, ruleOf, rulepackOf } from "./rule.ts";

const token = ruleOf({
  id: "acme.token",
  keywords: ["acme_"],
  pattern: patternOf("\\b(?<secret>acme_[a-z0-9]{12})\\b", { before: 0, after: 17 }),
});

/** Ends and begins with a letter, and its keyword stands in the middle. */
const middle = ruleOf({
  id: "acme.middle",
  keywords: ["key"],
  pattern: patternOf("(?<user>[a-z]{1,8})[.]key[:=]{1,2}(?<secret>[0-9]{4,9})", { before: 9, after: 14 }),
});

const first = ruleOf({
  id: "acme.first",
  keywords: ["head"],
  pattern: patternOf("^(?<secret>head[0-9]{4})$", { before: 0, after: 8 }),
});

const block = ruleOf({
  id: "acme.block",
  keywords: ["<begin>"],
  pattern: patternOf("(?<secret><begin>[a-z\\r\\n]{1,2000}<end>)", { before: 0, after: 2012 }),
});

const generic = ruleOf({
  id: "generic.value",
  keywords: ["pass"],
  generic: true,
  confidence: "medium",
  pattern: patternOf("pass=(?<secret>[a-z0-9_]{6,20})", { before: 0, after: 25 }),
});

const id = ruleOf({
  id: "pair.id",
  keywords: ["id:"],
  component: true,
  pattern: patternOf("id:(?<secret>[a-z]{5})\\b", { before: 0, after: 8 }),
});

const secret = ruleOf({
  id: "pair.secret",
  keywords: ["sec:"],
  near: { rule: "pair.id", lines: 2, required: true },
  pattern: patternOf("sec:(?<secret>[a-z]{5})\\b", { before: 0, after: 9 }),
});

const endless = ruleOf({
  id: "user.endless",
  keywords: ["zz"],
  pattern: patternOf("zz(?<secret>[^z]+)zz", { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY }),
});

const all = [token, middle, first, block, generic, id, secret, endless];

const pieceOf = (content: Uint8Array, fresh?: readonly Span[]): Piece => ({
  bytes: content,
  offset: 0,
  line: 1,
  column: 1,
  ...(fresh === undefined ? {} : { fresh }),
});

const seen = ({ rule, at, secret }: Match): string =>
  `${at.byteOffset} ${rule.id} ${Buffer.from(secret.reveal()).toString("latin1")}`;

async function* cut(content: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield content.subarray(at, at + size);
    at += size;
  }
  yield content.subarray(at);
}

/** Bits of text that the rules above love, so that random contents are full of near misses and overlaps. */
const crumbs = [
  ..."acme_k3r9x2v7q1w8|acme_|k3r9x2v7q1w8|ann.key=4917|.key:|key|8305|head4917|<begin>|abc\r\n|<end>|pass=|id:zkqub".split(
    "|",
  ),
  ..."sec:wotle|sec:|\n|\r|\n\n\n| |\0|é|zz|z|x|pass=acme_k3r9x2v7q1w8|=|\u{1f600}".split("|"),
].map((crumb) => Buffer.from(crumb));

const messyContent = fc
  .array(fc.constantFrom(...crumbs), { size: "max", maxLength: 80 })
  .map((parts): Uint8Array => Buffer.concat(parts));

/** What every engine must do, whatever it is made of. */
export function engineContract(
  name: string,
  makeEngine: (rulepack: Rulepack, options?: EngineOptions) => Engine,
): void {
  const matches = (text: string | Uint8Array, rules: readonly Rule[] = all, fresh?: readonly Span[]): string[] =>
    makeEngine(rulepackOf(...rules))
      .match(pieceOf(typeof text === "string" ? bytes(text) : text, fresh))
      .map(seen);

  describe(`${name} engine`, () => {
    it.each([
      ["the whole content", "acme_k3r9x2v7q1w8", ["0 acme.token acme_k3r9x2v7q1w8"]],
      ["any letter case of a keyword's place, by the pattern's rule", "ACME_k3r9x2v7q1w8", []],
      ["between NULs", "\0acme_k3r9x2v7q1w8\0", ["1 acme.token acme_k3r9x2v7q1w8"]],
      [
        "twice on a line",
        "acme_k3r9x2v7q1w8 acme_k3r9x2v7q1w9",
        ["0 acme.token acme_k3r9x2v7q1w8", "18 acme.token acme_k3r9x2v7q1w9"],
      ],
      ["not when a longer word begins before", "xacme_k3r9x2v7q1w8", []],
      ["not when it goes on", "acme_k3r9x2v7q1w87", []],
      ["with its keyword inside", "x.key=4917 y.key==83052", ["6 acme.middle 4917", "18 acme.middle 83052"]],
      ["at the content's start only, where it says so", "head4917", ["0 acme.first head4917"]],
      ["not after the start", " head4917", []],
      ["not before the end", "head4917 ", []],
      ["in no window's edge taken for an end", "head49175", []],
      ["over lines", "<begin>a\r\nb<end>", ["0 acme.block <begin>a\r\nb<end>"]],
      ["without bounds", "zz a zz b zz", ["2 user.endless  a "]],
      ["the specific before the generic", "pass=acme_k3r9x2v7q1w8", ["5 acme.token acme_k3r9x2v7q1w8"]],
      ["the generic alone", "pass=kr9x2v1", ["5 generic.value kr9x2v1"]],
      ["a pair", "id:zkqub\n\nsec:wotle", ["14 pair.secret wotle"]],
      ["no half of a pair", "id:zkqub\n\n\nsec:wotle", []],
    ])("finds %s", (_, text, expected) => {
      expect(matches(text)).toEqual(expected);
    });

    it("is silent on nothing", () => expect(matches("")).toEqual([]));

    it("finds a secret wherever it stands in random bytes", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (before, after) => {
          const planted = Buffer.concat([before, Buffer.from(" acme_k3r9x2v7q1w8 "), after]);
          expect(matches(planted, [token])).toContain(`${before.length + 1} acme.token acme_k3r9x2v7q1w8`);
        }),
      );
    });

    it("reports of fresh spans what a look at the whole reports there", () => {
      fc.assert(
        fc.property(messyContent, fc.array(fc.tuple(fc.nat(400), fc.nat(40)), { maxLength: 4 }), (content, marks) => {
          const fresh = marks.map(([start, length]) => ({ start, end: Math.min(content.length, start + length) }));
          const engine = makeEngine(rulepackOf(...all));
          const found = engine.match(pieceOf(content, fresh)).map(seen);
          const whole = engine.match(pieceOf(content)).map(seen);
          expect(whole).toEqual(expect.arrayContaining(found));
          const touched = engine
            .match(pieceOf(content))
            .filter(({ at: { byteOffset: start }, secret }) =>
              fresh.some((span) => span.start < start + secret.length && start < span.end && span.start < span.end),
            );
          expect(found).toEqual(expect.arrayContaining(touched.map(seen)));
          // Whatever is fresh in turn, together the spans of a split report all there is.
          const split = [0, ...fresh.map(({ start }) => Math.min(start, content.length)), content.length].sort(
            (a, b) => a - b,
          );
          const together = split.flatMap((start, i) =>
            engine.match(pieceOf(content, [{ start, end: split[i + 1] ?? start }])).map(seen),
          );
          expect([...new Set(together)].sort()).toEqual([...new Set(whole)].sort());
        }),
        { numRuns: 300 },
      );
    });

    it("takes no edge of a window of its own for an edge of the content", () => {
      // The reach says less than the pattern takes, so that its window ends inside the secret.
      const longer = patternOf("longer_(?<secret>[a-z0-9]{3,20})", { before: 0, after: 14 });
      expect(matches("longer_k3r9x2v7q1w8", [ruleOf({ id: "a.b", keywords: ["longer_"], pattern: longer })])).toEqual(
        [],
      );
    });

    it("reads a piece from the middle of a content as such", () => {
      const engine = makeEngine(rulepackOf(first, token));
      const piece = { ...pieceOf(bytes("head4917")), offset: 100, line: 7, column: 5 };
      expect(engine.match(piece)).toEqual([]);
      const found = engine.match({ ...piece, bytes: bytes("é\n acme_k3r9x2v7q1w8\n") });
      expect(found.map(({ at }) => at)).toEqual([
        { startLine: 8, startColumn: 2, endLine: 8, endColumn: 19, byteOffset: 104 },
      ]);
    });

    it("asks a gate for what follows the keyword", () => {
      const table = (text: string) =>
        Uint8Array.from({ length: 256 }, (_, byte) => (text.includes(String.fromCharCode(byte)) ? 1 : 0));
      let asked = 0;
      const pattern = patternOf("name[ ]{0,2}=(?<secret>[a-z0-9]{4,9})", { before: 0, after: 16 });
      const gate = { skip: table(" "), need: table("="), max: 2 };
      const exec = (text: string, from: number) => {
        asked++;
        return pattern.exec(text, from);
      };
      const rule = ruleOf({ id: "a.b", keywords: ["name"], pattern: { ...pattern, gate, exec } });
      expect(matches("name name: name   =x name  =k3r9x name=v7q1w name", [rule])).toEqual([
        "28 a.b k3r9x",
        "39 a.b v7q1w",
      ]);
      expect(asked).toBe(2);
    });

    it.each(["utf-16le", "utf-16be"])("reads a whole text in %s, with or without its mark", (encoding) => {
      fc.assert(
        fc.property(messyContent, fc.boolean(), (content, marked) => {
          const text = Buffer.from(content).toString("utf8").replaceAll("\0", "");
          const units = Buffer.from(`${marked ? "\ufeff" : ""}${text} and so on, and so on, in plain words`, "utf16le");
          const wide = encoding === "utf-16le" ? units : units.swap16();
          const engine = makeEngine(rulepackOf(token, middle, block, generic, id, secret));
          const plain = engine.match(pieceOf(Buffer.from(`${text} and so on, and so on, in plain words`)));
          const found = engine.match(pieceOf(wide));
          expect(found.map(({ rule, secret: { length } }) => [rule.id, length])).toEqual(
            plain.map(({ rule, secret: { length } }) => [rule.id, length]),
          );
          expect(found.map(({ at: { byteOffset: _, ...at } }) => at)).toEqual(
            plain.map(({ at: { byteOffset: _, ...at } }) => at),
          );
        }),
      );
    });

    it("reads UTF-16 inside a program, at even and odd offsets, and knows where it stands", () => {
      const wide = Buffer.from("key acme_k3r9x2v7q1w8 ", "utf16le");
      for (const lead of [
        [1, 2, 0, 200],
        [1, 2, 0, 0, 200],
      ]) {
        const program = Buffer.concat([Buffer.from(lead), wide, Buffer.from([0, 0, 255, 10])]);
        expect(matches(program, [token])).toEqual([`${lead.length + 8} acme.token acme_k3r9x2v7q1w8`]);
        expect(matches(program, [token], [{ start: lead.length + 20, end: lead.length + 21 }])).toHaveLength(1);
        expect(matches(program, [token], [{ start: 0, end: 3 }])).toEqual([]);
      }
    });

    it("finds in windows what it finds in the whole", async () => {
      const bounded = rulepackOf(token, middle, first, generic);
      await fc.assert(
        fc.asyncProperty(
          messyContent,
          fc.array(fc.nat(60)),
          fc.integer({ min: 64, max: 90 }),
          async (content, sizes, overlap) => {
            // What is encoded reaches further than windows as small as these.
            const engine = makeEngine(bounded, { decodeDepth: 0 });
            const found = new Map<string, Match>();
            for await (const piece of windows(cut(content, sizes), { size: overlap * 2 + 7, overlap })) {
              for (const match of engine.match(piece)) found.set(seen(match), match);
            }
            const whole = engine.match(pieceOf(content));
            expect([...found.values()].map(({ at }) => at)).toEqual(whole.map(({ at }) => at));
            expect([...found.keys()]).toEqual(whole.map(seen));
          },
        ),
        { numRuns: 300 },
      );
    });
  });
}
