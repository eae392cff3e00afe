/**
 * What `leaksweep.yml` may say. The zod schema is the only list of its keys: `read.ts` checks a file against it, and
 * the JSON schema that editors use is printed from it. Keys are written as the flags are: `min-confidence`.
 */
import { z } from "zod";
import { confidences } from "../levels.ts";
import type { Settings } from "./plan.ts";
import { durationHint, durationPattern, parseDuration, parseSize, sizeHint, sizePattern } from "./units.ts";

const confidence = z.enum(confidences);
const globs = (meaning: string) => z.array(z.string().min(1, "Write at least one character.")).describe(meaning);

/** Reads text by `parse` and says `hint` where that fails; editors see `pattern`. */
const written = (parse: (text: string) => number | undefined, { pattern, hint }: { pattern: RegExp; hint: string }) =>
  z
    .string()
    .regex(pattern, { error: hint, abort: true })
    .transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({ code: "custom", message: hint });
      return z.NEVER;
    });

const accepted = z.strictObject({
  fingerprint: z
    .string()
    .regex(/^l[sx]1:[a-z2-7]{24}$/, "Copy the fingerprint as reports print it: ls1: or lx1: and 24 characters.")
    .describe("as reports print it"),
  reason: z.string().trim().min(1, "Say why, for whoever reads this next.").describe("why it is accepted"),
  until: z.iso
    .date("Write the date as YYYY-MM-DD.")
    .optional()
    .describe("last day, UTC, on which it is accepted; without it: for good"),
});

/** The keys of `leaksweep.yml`, all optional; unknown ones are refused. */
export const schema = z
  .strictObject({
    rules: z
      .strictObject({
        paths: globs(
          "rule files, or folders of them, relative to this file; they add to the built-in rules",
        ).optional(),
        enable: globs("globs over rule ids; only rules that one of them matches take part").optional(),
        disable: globs("globs over rule ids that take no part").optional(),
      })
      .optional(),
    exclude: globs(
      "what is not read: globs over paths from the root of what is scanned; without a slash: in any folder",
    ).optional(),
    "min-confidence": confidence.describe("findings below this are not shown").optional(),
    "fail-on": confidence.describe("new findings from this confidence on make the exit code 1").optional(),
    "fail-exposure": z.boolean().describe("exposures make the exit code 1, too").optional(),
    "max-file-size": z
      .union([z.int().positive(sizeHint), written(parseSize, { pattern: sizePattern, hint: sizeHint })], {
        error: sizeHint,
      })
      .describe('larger files and blobs are not read: "10MB", "1GiB"')
      .optional(),
    "max-decode-depth": z
      .int()
      .min(0)
      .max(9)
      .describe(
        "how often a text may be encoded (base64, hex, escapes, …) for a secret to be seen in it; 3 unless given",
      )
      .optional(),
    "max-archive-depth": z
      .int()
      .min(0)
      .max(9)
      .describe("how many archives deep files are looked for; 0 opens none; 5 unless given")
      .optional(),
    timeout: written(parseDuration, { pattern: durationPattern, hint: durationHint })
      .describe('a run that takes longer stops and is incomplete: "30s", "5m"')
      .optional(),
    "allow-shallow": z.boolean().describe("a shallow history does not make the run incomplete").optional(),
    "allow-partial": z
      .boolean()
      .describe("absent objects of a partial clone do not make the run incomplete")
      .optional(),
    "allow-bypass": z
      .boolean()
      .describe("on a server: whoever pushes with -o leaksweep.bypass=WHY is let past the gate, and logged")
      .optional(),
    foreign: z
      .boolean()
      .describe("false: files of other scanners (.gitleaks.toml, .secrets.baseline and the like) are not read")
      .optional(),
    allow: z.array(accepted).describe("secrets that are known and accepted").optional(),
  })
  .describe("leaksweep.yml: what leaksweep looks for, where, and what it accepts");

/** The JSON schema (draft 7, which editors' YAML plug-ins read) of `leaksweep.yml`. */
export function jsonSchema(): object {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}

/** What a checked file says, as part of a plan; `placeOf` says where rules of a path lie. */
export function settingsOf(file: z.output<typeof schema>, placeOf: (path: string) => string): Settings {
  const { rules } = file;
  return defined({
    rules: rules?.paths?.map(placeOf),
    enable: rules?.enable,
    disable: rules?.disable,
    exclude: file.exclude,
    minConfidence: file["min-confidence"],
    failOn: file["fail-on"],
    failExposure: file["fail-exposure"],
    maxFileSize: file["max-file-size"],
    maxDecodeDepth: file["max-decode-depth"],
    maxArchiveDepth: file["max-archive-depth"],
    timeoutMs: file.timeout,
    allowShallow: file["allow-shallow"],
    allowPartial: file["allow-partial"],
    allowBypass: file["allow-bypass"],
    foreignFiles: file.foreign,
    allow: file.allow?.map(({ fingerprint, reason, until }) => ({
      fingerprint,
      reason,
      ...(until !== undefined && { until }),
    })),
  });
}

/** Without the keys that hold `undefined`: one laid over a default would hide it. */
function defined(settings: { [Key in keyof Settings]: Settings[Key] | undefined }): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
