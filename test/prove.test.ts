import { expect, it } from "vitest";
import { prove } from "../src/prove.ts";
import { loadRules } from "../src/rules/load.ts";
import { whole } from "./kit.ts";

interface Entry {
  readonly id?: string;
  readonly pattern?: string;
  readonly leak?: readonly unknown[];
  readonly clean?: readonly unknown[];
  readonly more?: Readonly<Record<string, unknown>>;
}

const good = whole("acme_tok¦en_q7wz2kd9xv");
const other = whole("acme_tok¦en_m3nb8vc5lp");
const pattern = "\\bacme_token_(?<secret>[a-z0-9]{10})\\b";

const rules = (...entries: readonly Entry[]) =>
  loadRules(
    entries.map(
      ({ id = "acme.token", leak = [`a = ${good}`, `'${other}'`], clean = ["acme_token_"], ...entry }, index) => {
        const { more = {} } = entry;
        const rule = { id, name: "A token", severity: "low", pattern: entry.pattern ?? pattern, ...more };
        return { path: `${index}.yml`, text: JSON.stringify([{ ...rule, samples: { leak, clean } }]) };
      },
    ),
    { shelf: false },
  );

const faults = (...entries: readonly Entry[]) =>
  prove(rules(...entries), { trusted: true }).map(({ faults }) => faults);

it("a rule that does what it says is proved, with its steps", () => {
  const [proof] = prove(rules({}), { trusted: true });
  expect(proof).toMatchObject({ rule: "acme.token", at: "0.yml:1:2", faults: [] });
  expect(proof?.steps).toBeGreaterThan(10);
});

it("an unbounded pattern of a user is proved without steps", () => {
  const [proof] = prove(rules({ pattern: "acme_token_(?<secret>[a-z0-9]+)" }), { trusted: false });
  expect(proof).toEqual({ rule: "acme.token", at: "0.yml:1:2", faults: [] });
});

it.each<[string, Entry, string | RegExp]>([
  [
    "a leak sample without a match",
    { leak: [good, "acme_token"] },
    "leak sample 2 is not found: its pattern matches nowhere",
  ],
  ["another secret", { leak: [good, { text: other, secret: "acme" }] }, "leak sample 2 gives another secret: "],
  [
    "a secret that looks dull",
    { more: { entropy: 5 } },
    /leak sample 1 is found with low confidence, not medium .is below entropy 5/,
  ],
  [
    "too little confidence",
    { leak: [good, { text: other, confidence: "high" }] },
    "leak sample 2 is found with medium confidence, not high",
  ],
  ["a path that the rule does not know", { more: { paths: ["*.env"] } }, 'leak sample 1 is dropped at path "": '],
  ["a clean sample with a match", { clean: [`x ${good}`] }, "clean sample 1 is found with medium confidence"],
  ["a pattern that is not linear", { pattern: "acme_token_(?<secret>[a-z0-9]+)" }, "has no upper limit"],
  ["an unknown checksum", { more: { checksum: "crc-64" } }, 'there is no checksum "crc-64"; known are '],
  ["an unknown partner", { more: { near: { rule: "acme.id", lines: 3 } } }, 'near.rule "acme.id" does not exist'],
])("%s is a fault", (_what, entry, fault) => {
  expect(faults(entry)[0]?.[0]).toMatch(fault);
});

it("a rule that loses its sample to another one says to which", () => {
  const rival = { id: "rival.token", more: { confidence: "high" } };
  expect(faults({}, rival)[0]?.[0]).toBe("leak sample 1 is not found: gives way to rival.token (found: rival.token)");
  expect(faults({}, { ...rival, more: { generic: true } })[0]).toEqual([]);
});

it("a component is proved although it is no finding of its own", () => {
  expect(faults({ more: { component: true } })).toEqual([[]]);
});

it("a broken rule leaves the others to be proved", () => {
  expect(faults({ id: "a.broken", pattern: "(?<secret>tok_(?!x))" }, {}).map((list) => list.length)).toEqual([1, 0]);
  expect(faults({}, {}).map((list) => list.length)).toEqual([0, 1]); // the second has the id of the first
});
