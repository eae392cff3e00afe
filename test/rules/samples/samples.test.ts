import { expect, it } from "vitest";
import { loadRules, type RuleSource } from "../../../src/rules/load.ts";
import { tokensOf } from "../../../src/rules/samples/draw.ts";
import { samplesOf } from "../../../src/rules/samples/samples.ts";
import { idsOf } from "../../../src/rules/selection.ts";

function samplesIn(samples: object, more: object = {}) {
  const entry = { name: "n", severity: "low", pattern: "\\b(?<secret>acme_[a-z0-9]{12})\\b", samples };
  const text = JSON.stringify([
    { id: "acme.key", ...entry, ...more },
    { id: "acme.id", ...entry, pattern: "\\b(?<secret>id_[0-9]{6})\\b", samples: { generate: "ACME_ID" } },
  ]);
  const rules = loadRules([{ path: "acme.yml", text }], { shelf: true });
  return samplesOf(rules[0]!, idsOf(rules));
}

type Sample = RuleSource["samples"]["leak"][number];
const textOf = (sample: Sample) => (typeof sample === "string" ? sample : "text" in sample ? sample.text : "");

it("tokens are drawn from the pattern's secret, and a seed gives the same one always", () => {
  const { draw, masked, cut } = tokensOf("key=(?<secret>(?:ab|cd)_[a-f0-9]{6}-[A-Z]{2,4}~)");
  for (const seed of ["1", "2", "3"]) expect(draw(seed)).toMatch(/^(?:ab|cd)_[a-f0-9]{6}-[A-Z]{2,4}~$/);
  expect(draw("1")).toBe(draw("1"));
  expect(draw("1")).not.toBe(draw("2"));
  expect(masked).toBe("ab_000000-XX~");
  expect(cut).toHaveLength(12);
});

it("samples are made under a name, in different surroundings, and one of them alone", () => {
  const { leak, clean } = samplesIn({ generate: "ACME_KEY" });
  expect(leak.map(textOf)[0]).toMatch(/^ACME_KEY=acme_[a-z0-9]{12}\n$/);
  expect(leak.map(textOf).filter((text) => text.includes("acmeKey"))).toHaveLength(2);
  expect(leak.map(textOf).at(-1)).toMatch(/Bearer acme_[a-z0-9]{12}"/);
  expect(
    new Set(leak.map((sample) => (typeof sample === "object" && "secret" in sample ? sample.secret : ""))).size,
  ).toBe(leak.length);
  expect(clean.map(textOf)).toEqual([
    "ACME_KEY=acme_xxxxxxxxxxxx",
    expect.stringMatching(/^ACME_KEY=acme_[a-z0-9]{11}$/),
  ]);
});

it("places in written samples are filled, and what is drawn must be cut out", () => {
  const samples = { leak: ["a {secret} b", { text: "{acme.id} {secret}", path: "x.env" }], clean: ["{masked}"] };
  const { leak, clean } = samplesIn(samples, { near: { rule: "acme.id", lines: 2 } });
  expect(leak).toEqual([
    { text: expect.stringMatching(/^a acme_[a-z0-9]{12} b$/), secret: expect.stringMatching(/^acme_/) },
    { text: expect.stringMatching(/^id_\d{6} acme_[a-z0-9]{12}$/), secret: expect.any(String), path: "x.env" },
  ]);
  expect(clean).toEqual([{ text: "acme_xxxxxxxxxxxx" }]);
});

it("written samples stay as they are", () => {
  const samples = { leak: ["{other} one", "two"], clean: ["{x.y} three"] };
  expect(samplesIn(samples).leak).toEqual(samples.leak);
});

it("samples of an imported rule are what its whole pattern matches, beside a token of its partner", () => {
  const pattern = "(?i)acme[\\t ]?=(?<secret>[0-9a-f]{32})(?:[\\s;]|$)";
  const near = { rule: "acme.id", lines: 5, required: true };
  const { leak, clean } = samplesIn({ imported: true }, { pattern, near });
  expect(leak).toHaveLength(3);
  for (const sample of leak) expect(textOf(sample)).toMatch(/^id_\d{6}\nacme[\t ]?=[0-9a-f]{32}(?:[\s;]|$)/i);
  expect(clean).toEqual([]);
});
