import fc from "fast-check";
import { expect, it } from "vitest";
import { fastEngine, fastFinder } from "../../src/detect/engine/fast.ts";
import { Sieve } from "../../src/detect/engine/sieve.ts";
import { tableOf } from "../../src/detect/engine/table.ts";
import { recognizer } from "../../src/detect/match.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import { builtinShelf } from "../../src/rules/builtin.ts";
import { compileRulepack } from "../../src/rules/rulepack.ts";
import type { Match } from "../../src/terms.ts";
import { familyOf, showFamily } from "../kernel/toy-family.ts";
import { whole } from "../kit.ts";

/** Rules of every kind: alone, in pairs, generic, over many lines, seen through encodings. */
const ids = /^(?:github|gitlab|aws|azure|private-key|generic|database|url|slack|stripe|jwt|npm|mail)\./;
const sources = builtinShelf()
  .rules.all()
  .filter(({ id }) => ids.test(id));
const rulepack = compileRulepack(sources, { trusted: true });
const table = tableOf(rulepack);
const finder = fastFinder(rulepack, { kernel: new Kernel(), table });
const engine = fastEngine(rulepack, { kernel: new Kernel(), table });
const kernel = new Kernel();
const sieve = new Sieve({ kernel, table, recognizer: recognizer(rulepack, finder) });

/** Samples, and their halves: secrets that arise where two copies meet. */
const samples = sources
  .filter((_, index) => index % 3 === 0)
  .flatMap(({ samples: { leak = [] } = {} }) => leak.slice(0, 1).map(String))
  .filter(({ length }) => length < 700);
const halves = samples.flatMap((sample) => [sample.slice(0, sample.length / 2), sample.slice(sample.length / 2)]);
const encoded = samples
  .slice(0, 12)
  .flatMap((sample) => [
    Buffer.from(sample).toString("base64"),
    Buffer.from(`password=${whole("kX9vQ2m¦Lr7Zt")}`).toString("base64"),
    JSON.stringify(sample),
  ]);
const crumbs = [
  ...samples,
  ...halves,
  ...encoded,
  "\n",
  "\n\n\n\n\n\n\n",
  " ",
  "password = ",
  "# leaksweep:allow\n",
  "and some words that nobody looks for, ".repeat(40),
];

const seen = ({ rule, secret, at, decoded, components, facts, reasons, allowance }: Match): unknown => [
  rule.id,
  Buffer.from(secret.reveal()).toString("latin1"),
  at,
  decoded,
  components.map((part) => [part.rule, Buffer.from(part.secret.reveal()).toString("latin1")]),
  facts,
  reasons,
  allowance,
];

it("finds in each object of a family what a look at the whole object finds", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(familyOf(crumbs, "password = x\n"), (members) => {
      const found = new Map<number, unknown[]>();
      showFamily(members, { kernel, table, visit: (visit) => found.set(visit.node, sieve.look(visit).map(seen)) });
      for (const [node, { bytes }] of members.entries()) {
        const expected = engine.match({ bytes, offset: 0, line: 1, column: 1 }).map(seen);
        expect(found.get(node) ?? [], `object ${node}`).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
});
