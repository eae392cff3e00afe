import { Secret } from "../../src/bytes/secret.ts";
import type { Engine, Holds, Mark, Match, Rule, Sighting, Skip, Source, Traced } from "../../src/terms.ts";

const rule: Rule = {
  id: "toy.secret",
  name: "Toy secret",
  provider: "toy",
  kind: "secret",
  severity: "low",
  confidence: "high",
  generic: false,
  keywords: ["secret-"],
  pattern: { source: "secret-[a-z]+", reach: { before: 0, after: 64 }, exec: () => undefined },
  component: false,
  unscreened: [],
  references: [],
};

/** An engine that recognises `secret-<letters>`, so that histories can be tested without any rule. */
const toyEngine: Engine = {
  rulepack: { rules: [rule], hash: "toy" },
  match({ bytes, offset, line }): Match[] {
    const text = Buffer.from(bytes).toString("latin1");
    return [...text.matchAll(/secret-[a-z]+/g)].map((found) => {
      const at = { startLine: line, startColumn: 1, endLine: line, endColumn: 1, byteOffset: offset + found.index };
      const secret = new Secret(Buffer.from(found[0]));
      return { rule, secret, at, decoded: [], components: [], facts: {}, reasons: [] };
    });
  },
};

/** Reads a whole source with the toy engine. Marks are told apart by their text: `secret-a` is `a`. */
export async function traceToy(
  source: Source,
): Promise<{ traced: Traced; name: (mark: Mark) => string; skips: Skip[]; files: number }> {
  const { signal } = new AbortController();
  const names: string[] = [];
  const held = new Map<string, Mark[]>();
  const skips: Skip[] = [];
  let files = 0;
  for await (const batch of source.batches(signal)) {
    for await (const { content, matches } of batch.search(toyEngine) as AsyncIterable<Sighting>) {
      for (const { secret } of matches) {
        const name = Buffer.from(secret.reveal()).toString().replace("secret-", "");
        if (!names.includes(name)) names.push(name);
        held.set(content, [...new Set([...(held.get(content) ?? []), names.indexOf(name)])]);
      }
    }
    skips.push(...batch.skips);
    files += batch.tally.files ?? 0;
  }
  const holds: Holds = (content) => held.get(content) ?? [];
  const traced = await source.trace(holds, signal);
  return { traced, name: (mark) => names[mark] ?? "", skips: [...skips, ...traced.skips], files };
}
