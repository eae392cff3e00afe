import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoders } from "../../../src/detect/decode/shelf.ts";
import { whole } from "../../kit.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");

/** All that decoders of this name make of a text. */
function views(name: string, text: string): string[] {
  const bytes = Buffer.from(whole(text), "utf8");
  return decoders
    .filter((decoder) => decoder.name === name)
    .flatMap((decoder) => decoder.runs(bytes, { start: 0, end: bytes.length }).map((run) => ({ decoder, run })))
    .flatMap(({ decoder, run }) => decoder.decode(bytes.subarray(run.start, run.end)) ?? [])
    .map(({ text: decoded }) => Buffer.from(decoded).toString("utf8"));
}

const lines = base64("user: ann\npassword: tRq81-Salmon\n# and so on, for more than a line\n").match(/.{1,48}/g) ?? [];

it.each([
  ["base64", `x ${base64("password=tRq81")} y`, "password=tRq81"],
  ["base64", `auth: "${base64("ann:tRq81-Salmon")}"`, 'auth: "ann:tRq81-Salmon"'],
  ["base64", `Authorization: Basic ${base64("ann:tRq81-Salmon")}`, "Basic ann:tRq81-Salmon"],
  ["base64", Buffer.from("key=µ?>~tRq81-Salmon>>>???").toString("base64url"), "key=µ?>~tRq81-Salmon>>>???"],
  ["base64", lines.join("\n"), "user: ann\npassword: tRq81-Salmon\n# and so on, for more than a line\n"],
  ["base64", `  ${lines.join("\r\n  ")}`, "user: ann\npassword: tRq81-Salmon\n# and so on, for more than a line\n"],
  ["hex", `key = ${hex("password=tRq81-Salmon")}`, "key = password=tRq81-Salmon"],
  ["percent", "a?password%3DtRq81%2bSalmon b", "a?password=tRq81+Salmon b"],
  ["escape", String.raw`"pass\u0077ord\x3d\"tRq81\u{2d}Sal\155on\""`, '"password="tRq81-Salmon""'],
  ["html", "<a b='&quot;password&#61;&#x74;Rq81&amp;'>", `<a b='"password=tRq81&'>`],
  ["quoted-printable", "password=3DtRq81=\r\n-Salmon=20", "password=tRq81-Salmon "],
  ["concatenation", `k = "tRq81" +\n  "-Salmon";`, 'k = "tRq81-Salmon";'],
  ["concatenation", "$k = 'tRq81' . '-Sal' . 'mon';", "$k = 'tRq81-Salmon';"],
  ["concatenation", 'k := ("tRq81"\n     "-Salmon")', 'k := ("tRq81-Salmon")'],
  ["concatenation", "curl -u ann:tRq81\\\n-Salmon", "curl -u ann:tRq81-Salmon"],
  ["yaml-block", "a: 1\npassword: >-\n  tRq81\n  Salmon\nb: 2", "password: tRq81 Salmon"],
  ["yaml-block", "password: |\n    tRq81-Salmon\n", "password: tRq81-Salmon"],
])("%s: %s", (name, text, expected) => {
  expect(views(name, text)).toContain(expected);
});

it.each([
  ["base64", "getAuthenticationTokenFromRequest"],
  ["base64", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"],
  ["base64", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"],
  ["hex", "951bc382db9abad29c68634761dd6e19951bc382db9abad29c68634761dd6e19"],
  ["percent", "width: 50%; printf('%d items')"],
  ["html", "a && b & c"],
  ["concatenation", 'f("a", "b"); ["a", "b"]'],
  ["yaml-block", "a: b | c\n  d"],
])("%s leaves %s alone", (name, text) => {
  expect(views(name, text)).toEqual([]);
});

/** Bits of text that decoders love, so that random contents are full of runs that touch. */
const crumbs = [
  ...[
    "\n",
    "\r\n",
    " ",
    "  ",
    "k: ",
    "password: >\n  ",
    '" +\n "',
    "' . '",
    "\\\n",
    "\\",
    "\\\\",
    "\\u0041",
    "\\x41",
    "%41",
    "%",
    "&#65;",
    "&",
  ],
  ...[
    "=3D",
    "=\n",
    base64("some text here"),
    base64("some text that is longer than a line of it"),
    hex("some text in hexadecimal"),
    '"',
  ],
  ...["word", "AAAA", "é", "x".repeat(300)],
];
const messy = fc
  .array(fc.constantFrom(...crumbs), { maxLength: 40 })
  .map((parts): Uint8Array => Buffer.from(parts.join(""), "utf8"));

describe.each(decoders.map((decoder, index) => ({ name: `${decoder.name} ${index}`, decoder })))(
  "$name",
  ({ decoder }) => {
    const key = ({ start, end }: { start: number; end: number }) => `${start}-${end}`;

    it("tells the same runs whatever span is asked for", () => {
      fc.assert(
        fc.property(messy, fc.nat(), fc.integer({ min: 1, max: 40 }), (bytes, at, length) => {
          const start = bytes.length === 0 ? 0 : at % bytes.length;
          const span = { start, end: Math.min(bytes.length, start + length) };
          const all = decoder.runs(bytes, { start: 0, end: bytes.length });
          const touching = all.filter((run) => run.start < span.end && run.end > span.start);
          expect(decoder.runs(bytes, span).map(key)).toEqual(touching.map(key));
        }),
        { numRuns: 300 },
      );
    });

    it("has a run only where its trace is", () => {
      fc.assert(
        fc.property(messy, (bytes) => {
          for (const { start, end } of decoder.runs(bytes, { start: 0, end: bytes.length })) {
            const run = Buffer.from(bytes.subarray(start, end));
            const { trace } = decoder;
            if ("texts" in trace) expect(trace.texts.some((text) => run.includes(text, 0, "latin1"))).toBe(true);
            else {
              let longest = 0;
              let own = 0;
              for (const byte of run) {
                own = trace.set[byte] === 1 ? own + 1 : 0;
                longest = Math.max(longest, own);
              }
              expect(longest).toBeGreaterThanOrEqual(trace.least);
            }
          }
        }),
      );
    });

    it("leads every byte of a view back into its run, in order", () => {
      fc.assert(
        fc.property(messy, (bytes) => {
          for (const run of decoder.runs(bytes, { start: 0, end: bytes.length })) {
            const decoded = decoder.decode(bytes.subarray(run.start, run.end));
            if (decoded === undefined) continue;
            let last = 0;
            for (let at = 0; at < decoded.text.length; at++) {
              expect(decoded.start(at)).toBeGreaterThanOrEqual(last);
              expect(decoded.end(at + 1)).toBeGreaterThanOrEqual(decoded.start(at));
              expect(decoded.end(at + 1)).toBeLessThanOrEqual(run.end - run.start);
              last = decoded.start(at);
            }
          }
        }),
      );
    });
  },
);
