/** Rules that are ready to run, whoever read their patterns, and rulepacks of them. */
import { sha256 } from "../bytes/crypto.ts";
import type { Rule, Rulepack } from "../terms.ts";
import type { RuleSource } from "./load.ts";
import { CompiledPattern } from "./pattern/pattern.ts";
import { Series } from "./series.ts";

/** A rule whose pattern says more about itself than an engine needs. */
export class CompiledRule implements Rule {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly kind: Rule["kind"];
  readonly severity: Rule["severity"];
  readonly confidence: Rule["confidence"];
  readonly generic: boolean;
  declare readonly public?: boolean;
  declare readonly context?: boolean;
  readonly keywords: readonly string[];
  readonly pattern: CompiledPattern;
  declare readonly checksum?: string;
  declare readonly entropy?: number;
  declare readonly near?: NonNullable<Rule["near"]>;
  declare readonly paths?: readonly string[];
  readonly component: boolean;
  readonly unscreened: readonly string[];
  readonly #source: RuleSource;

  constructor(source: RuleSource, pattern: CompiledPattern) {
    const { id, context, checksum, entropy, near, paths } = source;
    this.id = id;
    this.name = source.name;
    this.provider = id.slice(0, id.indexOf("."));
    this.kind = source.kind;
    this.severity = source.severity;
    this.confidence = source.confidence;
    this.generic = source.generic;
    if (source.public) this.public = true;
    if (context) this.context = true;
    this.keywords = pattern.keywords;
    this.pattern = pattern;
    if (checksum !== undefined) this.checksum = checksum;
    if (entropy !== undefined) this.entropy = entropy;
    if (near !== undefined) this.near = near;
    if (paths !== undefined) this.paths = paths;
    this.component = source.component;
    this.unscreened = source.unscreened;
    this.#source = source;
  }

  // What only a report needs stays where it is until somebody asks.

  get references(): readonly string[] {
    return this.#source.references;
  }

  get revoke(): Rule["revoke"] {
    const { url, steps } = this.#source.revoke ?? {};
    if (url === undefined && steps === undefined) return undefined;
    return { ...(url !== undefined && { url }), ...(steps !== undefined && { steps }) };
  }
}

/** The rulepack of some packed rules: the build proved their patterns, and V8 runs them. */
export const readyRulepack = (sources: readonly RuleSource[]): Rulepack => packOf(sources.map(readyRule));

/** The built-in rules, of which some take no part. */
export interface ThinnedShelf {
  readonly rules: Series<RuleSource>;
  /** Of the rulepack of all of them. */
  readonly hash: string;
  readonly without: ReadonlySet<string>;
}

/** The rulepack of built-in rules and others beside them. No rule is made before somebody asks for it. */
export function grownRulepack({ rules: shelf, hash, without }: ThinnedShelf, own: readonly Rule[]): Rulepack {
  const builtin = new Series(shelf.count, (place) => readyRule(shelf.at(place) as RuleSource));
  let rules: readonly Rule[] | undefined;
  let digest = without.size + own.length === 0 ? hash : undefined;
  return {
    growth: { from: hash, at: (place) => builtin.at(place), without, own },
    get rules() {
      rules ??= [...builtin.all().filter(({ id }) => !without.has(id)), ...own];
      return rules;
    },
    get hash() {
      digest ??= sha256(JSON.stringify([hash, [...without].sort(), hashOf(own)]));
      return digest;
    },
  };
}

function readyRule(source: RuleSource): Rule {
  if (source.facts === undefined) throw new Error(`Rule "${source.id}" is of no pack`);
  return new CompiledRule(source, new CompiledPattern(source, source.facts));
}

/** One rulepack of several, for rules that are not trusted alike. */
export function joinRulepacks(...packs: readonly Rulepack[]): Rulepack {
  const [first, ...others] = packs.filter(({ rules }) => rules.length > 0);
  if (first !== undefined && others.length === 0) return first;
  return packOf(packs.flatMap((pack) => pack.rules));
}

/** The hash is made when somebody asks: it takes as long as all else. */
export function packOf<R extends Rule>(
  rules: readonly R[],
  known?: string,
): Rulepack & { readonly rules: readonly R[] } {
  let hash = known;
  return {
    rules,
    get hash() {
      hash ??= hashOf(rules);
      return hash;
    },
  };
}

/** SHA-256, in hex, over all that decides what is found; the order of the rules does not. */
function hashOf(rules: readonly Rule[]): string {
  const facts = rules.map((rule) => {
    const { id, pattern, keywords, kind, confidence, generic, context = false, component, unscreened } = rule;
    const { public: isPublic = false, checksum = null, entropy = null, near = null, paths = null } = rule;
    const partner = near === null ? null : [near.rule, near.lines, near.required];
    const flags = [kind, confidence, generic, context, component, isPublic, unscreened];
    return JSON.stringify([id, pattern.source, keywords, ...flags, checksum, entropy, partner, paths]);
  });
  return sha256(facts.sort().join("\n"));
}
