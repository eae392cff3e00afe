/**
 * The samples of a rule as texts. They are written in its file, whole or with places for tokens that are drawn from its
 * pattern (`{secret}`, `{masked}`, and the id of the rule in `near`), or made altogether, under a name that the rule
 * gives (`generate`), or from all of the pattern of a rule that came without any (`imported`).
 */
import type { RuleSource } from "../load.ts";
import { type Tokens, tokensOf } from "./draw.ts";

export type Sample = RuleSource["samples"]["leak"][number];

export interface Samples {
  readonly leak: readonly Sample[];
  readonly clean: readonly Sample[];
}

/**
 * All samples of `source`, places filled, made ones behind written ones. The same rule has the same samples always.
 *
 * @param ids All rules by id, for tokens of the rule in `near`.
 */
export function samplesOf(source: RuleSource, ids: ReadonlyMap<string, RuleSource>): Samples {
  const { leak, clean, generate, imported } = source.samples;
  if (imported) return { leak: [...leak, ...drawnFor(source, ids)], clean };
  if (generate === undefined && ![...leak, ...clean].some(hasPlace)) return { leak, clean };
  const tokens = tokensOf(source.pattern);
  const partner = source.near && ids.get(source.near.rule);
  const filling = { id: source.id, tokens, partner: partner && { id: partner.id, tokens: tokensOf(partner.pattern) } };
  const made = generate === undefined ? { leak: [], clean: [] } : madeFor(generate, tokens, source.pattern);
  return {
    leak: [...leak, ...made.leak].map((sample, index) => filled(sample, { ...filling, seed: `leak ${index}` })),
    clean: [...clean, ...made.clean].map((sample, index) => filled(sample, { ...filling, seed: `clean ${index}` })),
  };
}

const textIn = (sample: Sample): string => (typeof sample === "string" ? sample : "text" in sample ? sample.text : "");

const hasPlace = (sample: Sample): boolean => /\{(?:secret|masked|[a-z0-9-]+\.[a-z0-9-]+)\}/.test(textIn(sample));

interface Filling {
  readonly id: string;
  readonly tokens: Tokens;
  readonly partner: { readonly id: string; readonly tokens: Tokens } | undefined;
  readonly seed: string;
}

/** The sample with its places filled. A drawn secret must be cut out exactly. */
function filled(sample: Sample, { id, tokens, partner, seed }: Filling): Sample {
  if (!hasPlace(sample)) return sample;
  const secret = tokens.draw(`${id} ${seed}`);
  const other = partner?.tokens.draw(`${id} ${seed} near`);
  const text = textIn(sample).replaceAll(/\{([a-z0-9.-]+)\}/g, (place, name: string) => {
    if (name === "secret") return secret;
    if (name === "masked") return tokens.masked;
    return name === partner?.id && other !== undefined ? other : place;
  });
  const rest = typeof sample === "string" ? {} : sample;
  return textIn(sample).includes("{secret}") ? { secret, ...rest, text } : { ...rest, text };
}

/** Texts that the whole pattern matches, with one of the rule that must stand beside it. */
function drawnFor({ id, pattern, near }: RuleSource, ids: ReadonlyMap<string, RuleSource>): readonly string[] {
  const partner = near && ids.get(near.rule)?.pattern;
  const [own, other] = [tokensOf(pattern), partner === undefined ? undefined : tokensOf(partner)];
  return ["leak 0", "leak 1", "leak 2"].map((seed) => {
    const beside = other === undefined ? "" : `${other.drawMatch(`${id} ${seed} near`)}\n`;
    return `${beside}${own.drawMatch(`${id} ${seed}`)}`;
  });
}

/** Samples under `name`, a variable's name in capitals. A secret that says by itself what it is also stands alone. */
function madeFor(name: string, { cut }: Tokens, pattern: string): Samples {
  const lower = name.toLowerCase();
  const camel = lower.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const alone = /^(?:\\b)?(?:\(\?[a-z]+\))?\(\?P?<secret>/.test(pattern);
  return {
    leak: [
      `${name}={secret}\n`,
      `{ "${camel}": "{secret}", "retries": 3 }`,
      `const ${camel} = '{secret}';`,
      `env:\n  ${lower}: {secret}\n`,
      ...(alone ? ['curl -H "Authorization: Bearer {secret}" https://gateway.acme-tools.io/v1/jobs'] : []),
    ],
    clean: [`${name}={masked}`, ...(cut === undefined ? [] : [`${name}=${cut}`])],
  };
}
