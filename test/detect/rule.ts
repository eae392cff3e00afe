import type { Pattern, Rule, Rulepack } from "../../src/terms.ts";

/** A pattern over V8's own engine, `before` and `after` its reach; the source must keep to what they say. */
export function patternOf(source: string, reach: Pattern["reach"], gate?: Pattern["gate"]): Pattern {
  const expression = new RegExp(source, "dg");
  return {
    source,
    reach,
    ...(gate === undefined ? {} : { gate }),
    exec(text, from) {
      expression.lastIndex = from;
      const found = expression.exec(text);
      if (found?.indices === undefined) return undefined;
      const [whole = [0, 0]] = found.indices;
      const groups = Object.entries(found.indices.groups ?? {}).filter(([, at]) => at !== undefined);
      return {
        start: whole[0],
        end: whole[1],
        groups: Object.fromEntries(groups.map(([name, [start, end]]) => [name, { start, end }])),
      };
    },
  };
}

/** A rule with the given parts, the rest as plain as can be. */
export const ruleOf = (parts: Partial<Rule> & Pick<Rule, "id" | "keywords" | "pattern">): Rule => ({
  name: parts.id,
  provider: parts.id.split(".")[0] ?? "",
  kind: "secret",
  severity: "high",
  confidence: "high",
  generic: false,
  component: false,
  unscreened: [],
  references: [],
  ...parts,
});

export const rulepackOf = (...rules: readonly Rule[]): Rulepack => ({ rules, hash: "test" });
