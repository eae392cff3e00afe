/**
 * What a rule file may say. The types of rules as they are written come from here, so that a key cannot be documented,
 * checked and used in three different ways.
 */

import { z } from "zod";
import { confidences, severities } from "../levels.ts";
import { placeholders, templatesOf, verifyKeys, verifySchema } from "./verify-schema.ts";

const glob = z.string().min(1);

const near = z.strictObject({
  /** Id of the rule that finds the other part. */
  rule: z.string(),
  /** Most lines between the two. */
  lines: z.int().min(0).max(200),
  /** Without the other part the match is dropped. Otherwise it only scores lower. */
  required: z.boolean().default(false),
});

const sample = z.union(
  [
    z.string().min(1),
    z.strictObject({
      text: z.string().min(1),
      /** What the rule must cut out, when it is not obvious. */
      secret: z.string().min(1).optional(),
      /** Where the text is judged to lie. */
      path: z.string().min(1).optional(),
      /** The least that the finding must have. */
      confidence: z.enum(confidences).optional(),
    }),
    /** Bytes that are no text. */
    z.strictObject({ base64: z.base64(), path: z.string().min(1).optional() }),
  ],
  "must be a text, { text, secret?, path?, confidence? } or { base64, path? }",
);

/** Written samples must be enough by themselves where none are made. */
const samples = z
  .strictObject({
    /** Name of a variable in capitals, under which samples are made from the pattern. */
    generate: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "must be the name of an environment variable")
      .optional(),
    /** It came from elsewhere, without samples: texts that its whole pattern matches are made. */
    imported: z.literal(true).optional(),
    leak: z.array(sample).default([]),
    clean: z.array(sample).default([]),
  })
  .check(({ value: { generate, imported, leak, clean }, issues }) => {
    if (generate !== undefined || imported) return;
    const missing = (path: string, message: string): void =>
      void issues.push({ code: "custom", path: [path], message, input: path });
    if (leak.length < 2) missing("leak", "must hold at least two, in different surroundings");
    if (clean.length < 1) missing("clean", "must hold at least one");
  });

/** One entry of a rule file. Every key is explained in docs/rules.md. */
const ruleShape = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "must read provider.kind, in lower-case letters, digits and hyphens"),
  name: z.string().min(1),
  severity: z.enum(severities),
  confidence: z.enum(confidences).default("medium"),
  kind: z.enum(["secret", "exposure"]).default("secret"),
  pattern: z.string().min(1),
  keywords: z.array(z.string().min(3, "must be at least 3 bytes long")).min(1).optional(),
  checksum: z.string().optional(),
  entropy: z.number().min(0).max(8).optional(),
  near: near.optional(),
  paths: z.array(glob).min(1).optional(),
  generic: z.boolean().default(false),
  component: z.boolean().default(false),
  public: z.literal(true).optional(),
  unscreened: z.array(z.string()).default([]),
  verify: verifySchema.optional(),
  revoke: z
    .strictObject({ url: z.url().optional(), steps: z.string().min(1).optional() })
    .refine(({ url, steps }) => url !== undefined || steps !== undefined, "needs `url`, `steps` or both")
    .optional(),
  references: z.array(z.url()).default([]),
  samples,
});

const ruleSchema = ruleShape.superRefine(({ pattern, near, verify }, context) => {
  if (verify === undefined) return;
  const named = [...pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name = ""]) => name);
  const known = new Set(["secret", ...named, ...(near === undefined ? [] : ["near"])]);
  for (const name of templatesOf(verify).flatMap(placeholders)) {
    if (known.has(name)) continue;
    const message = `{${name}} is neither a group of the pattern nor {near}, the part that \`near\` finds`;
    context.addIssue({ code: "custom", path: ["verify"], message, input: name });
  }
});

/** A rule file. */
export const shelfSchema = z.array(ruleSchema);

/** A rule as read from its file, `¦` removed, absent keys at their default. */
export interface RuleEntry extends z.output<typeof ruleSchema> {
  /** Made from a row of `rules/context/`: it counts as coverage of a provider and not as a rule. */
  readonly context?: true;
}

/** Key of an entry, at any depth, for "did you mean". */
export const knownKeys: readonly string[] = [
  ...Object.keys(ruleShape.shape),
  ...Object.keys(near.shape),
  ...verifyKeys,
  ...["url", "steps", "generate", "imported", "leak", "clean", "text", "secret", "path", "base64"],
];
