/**
 * Context rules: one row each for a provider whose keys have no form of their own, so that only the name beside a value
 * gives it away (`adafruit_key = "…"`). A row becomes an ordinary rule when the shelf is read. All of them share one
 * pattern but for the name and the value's shape: the name; a word like "key" or "token" near it, in one name, in the
 * next level of a nested file or in the query of a URL; an assignment in whatever language; the value. The name is the
 * keyword, so that a row costs nothing where its provider is not spoken of.
 */

import { z } from "zod";
import { severities } from "../../levels.ts";
import type { RuleEntry } from "../schema.ts";
import { alphabetNames, readShape, type Shape } from "./shape.ts";

const shape = z
  .string()
  .refine(
    (text) => readShape(text) !== undefined,
    `must read like \`32 hex\`, \`20-40 alnum\` or \`uuid\`; alphabets are ${alphabetNames.join(", ")}`,
  );

/** One row of a file in `rules/context/`. Every key is explained in docs/rules.md. */
const rowSchema = z.strictObject({
  provider: z.string().regex(/^[a-z0-9-]+$/, "must be in lower-case letters, digits and hyphens"),
  /** How people call the provider. */
  title: z.string().min(1).optional(),
  /** Lower-case names of which one stands beside the value; a hyphen stands for any or no separator. */
  names: z
    .array(z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be in lower-case letters, digits and hyphens"))
    .min(1)
    .optional(),
  shape: z.union([shape, z.array(shape).min(1)]),
  /** The name is an everyday word too: "key", "token" or their like must follow it at once. */
  joined: z.boolean().default(false),
  severity: z.enum(severities).default("high"),
  revoke: z
    .strictObject({ url: z.url().optional(), steps: z.string().min(1).optional() })
    .refine(({ url, steps }) => url !== undefined || steps !== undefined, "needs `url`, `steps` or both")
    .optional(),
  references: z.array(z.url()).default([]),
});

/** A file of rows. */
export const rowsSchema = z.array(rowSchema);

/** A row as read from its file, absent keys at their default. */
export type ContextRow = z.output<typeof rowSchema>;

/** Keys of a row, for "did you mean". */
export const rowKeys: readonly string[] = Object.keys(rowSchema.shape);

/** Words that make a name that of a credential. What may follow them is a letter or two: plurals, numbers. */
const words = "key|token|secret|pass|pwd|auth|cred|pat|sid|api|access|client|bearer|license|account|user|id";

/** What must follow a name that is an everyday word: `linear_api_key`, `box.developerToken`. */
const joint =
  "[ _.-]{0,2}(?:(?:api|app|access|auth|client|private|secret|rest|admin|personal|developer|bot)[ _.-]?)?" +
  "(?:key|token|secret|pat|pass|auth|cred|apikey)[\\w-]{0,12}";

/** The next level of JSON, YAML or XML, and a name in it. */
const nested =
  "[\"']?\\s{0,3}[:=>]\\s{0,24}(?:[{<]\\s{0,24})?[\"']?[\\w-]{0,12}(?:key|token|secret|pass|auth|pat)[\\w-]{0,6}";

/** Whatever gives a value to a name, in any language, up to the value. */
const assignment =
  "\\\\{0,2}[\"'\\]]{0,2}[ \\t]{0,8}(?:(?:[:?+|.]{0,3}=[=>]{0,2}|:(?:[ \\t]{0,2}str(?:ing)?[ \\t]{0,4}=|-)?|>)\\s{0,12}" +
  "(?:[bu@]?(?:\\\\{0,2}[\"'`]){1,2})?|[,(][ \\t]{0,12}\\\\{0,2}[\"'`])(?:(?:bearer|token|basic)[ \\t]{1,2})?";

/** The query of a URL on the provider's host, up to the value. Behind an everyday word its domain must go on. */
const query = "[^\\s\"'`<>?]{0,60}\\?(?:[^\\s\"'`<>&]{1,60}&){0,2}[\\w-]{0,12}(?:key|token|secret|auth|id)=";

/** What people say: `the hunter api key is …`, `our hunter token …`. */
const spoken =
  "[ \\t](?:(?:api|access|secret|auth)[ \\t]?)?(?:key|token|secret|password|pat)(?:[ \\t](?:is|was))?[ \\t]?:?[ \\t]{1,2}[\"'`*]{0,3}";

/** What a client of the provider's is made by; an everyday word alone may be called with anything. */
const makers = "[_.]?(?:api|client|apiclient|sdk|service|init|initialize|configure|setup|connect|authenticate|login)";

/** The first or second thing that a client is made with: `new Hunter("…")`, `hunter.Client("…")`. */
const called = "\\([ \\t]{0,4}(?:[\"'][\\w.@-]{1,40}[\"'],[ \\t]{0,4})?[\"'`]";

/** The value is not the head of a longer one. */
const end = "(?:[^\\w+/=-]|$)";

/** The rule that a row stands for. */
export function ruleOf(row: ContextRow): RuleEntry {
  const { provider, severity, references } = row;
  const title = row.title ?? provider.charAt(0).toUpperCase() + provider.slice(1);
  const names = row.names ?? [provider];
  const shapes = [row.shape].flat().flatMap((text) => readShape(text) ?? []);
  const steps = `Find the ${title} account that this key belongs to, make a new key there, move its users to it, then delete this one.`;
  return {
    id: `${provider}.context-key`,
    name: `${title} key, known by the name beside it`,
    severity,
    confidence: "medium",
    kind: "secret",
    pattern: patternOf(names, shapes, row.joined),
    entropy: Math.min(...shapes.map(({ entropy }) => entropy)),
    generic: true,
    context: true,
    component: false,
    // The provider's own name is no word to judge by: a dynalistKey is not the key of a list.
    unscreened: ["name"],
    revoke: row.revoke ?? { steps },
    references,
    samples: samplesOf(names[0] ?? provider),
  };
}

function patternOf(names: readonly string[], shapes: readonly Shape[], joined: boolean): string {
  const spelled = names.map((name) => name.replaceAll("-", "[ _.-]?"));
  const name = spelled.length === 1 ? spelled.join() : `(?:${spelled.join("|")})`;
  const own = joined ? joint : `[\\w .-]{0,12}(?:${words})[\\w-]{0,10}(?:[ \\t]string)?`;
  // Straight after the bare name only what does not look like a hash.
  const bare = joined || shapes.some(({ plain }) => plain) ? "" : "|";
  const head = joined ? "(?:[^a-z]|^)" : "";
  // The longest first, for a shorter one may be its head.
  const value = [...shapes]
    .sort((a, b) => b.most - a.most)
    .map(({ pattern }) => pattern)
    .join("|");
  return `(?i)${head}${name}(?:(?:${own}|${nested}${bare})${assignment}|${spoken}|(?:${makers})${joined ? "" : "?"}${called}|${joined ? "\\." : ""}${query})(?P<secret>(?-i:${value}))${end}`;
}

/** Where such keys stand. `{secret}` is filled with a value drawn from the pattern. */
function samplesOf(name: string): RuleEntry["samples"] {
  const lower = name.replaceAll("-", "_");
  const upper = lower.toUpperCase();
  const camel = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    leak: [
      `${upper}_API_KEY={secret}\n`,
      `{ "${camel}": { "apiKey": "{secret}" }, "retries": 3 }`,
      `const ${camel}ApiKey = '{secret}';`,
      `services:\n  ${lower}:\n    api_key: {secret}\n`,
      `The ${name.replaceAll("-", " ")} token is {secret} now`,
      `const client = new ${camel}Client("{secret}");`,
      `curl -H "X-${lower.replaceAll("_", "-")}-Api-Key: {secret}" https://gateway.acme-tools.io/v1/jobs`,
    ],
    clean: [`${upper}_API_KEY=your-${name}-api-key`, `${upper}_API_KEY={masked}`, `${lower} says {secret}`],
  };
}
