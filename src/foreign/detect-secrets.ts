/** Reads `.secrets.baseline` of detect-secrets, 0.12 to 1.5: https://github.com/Yelp/detect-secrets. */
import { createHash } from "node:crypto";
import type { Permit } from "../terms.ts";
import { type ForeignFile, refusal } from "./file.ts";
import { isTable, readJson, stringAt } from "./json.ts";

/** A secret that a baseline knows: by its file and its hash. */
export interface KnownHash {
  readonly path: string;
  /** SHA-1 over the secret's UTF-8, hex. */
  readonly hash: string;
  /** What detect-secrets takes it for: "AWS Access Key". */
  readonly type: string;
  /** What somebody said of it in an audit. */
  readonly audited?: "secret" | "no secret";
}

/** The secrets of a baseline. Throws `config.invalid` for a file that is none. */
function readKnownHashes(file: ForeignFile): readonly KnownHash[] {
  const root = readJson(file);
  const results = isTable(root) ? root.results : undefined;
  if (!isTable(results)) {
    throw refusal(file.name, "it is no baseline of detect-secrets", "Name the file that `detect-secrets scan` wrote.");
  }
  return Object.entries(results).flatMap(([path, secrets]) =>
    (Array.isArray(secrets) ? secrets : []).filter(isTable).map((secret): KnownHash => {
      const { is_secret: audited } = secret;
      return {
        path: path.replaceAll("\\", "/"),
        hash: stringAt(secret, "hashed_secret").toLowerCase(),
        type: stringAt(secret, "type"),
        ...(typeof audited === "boolean" && { audited: audited ? "secret" : "no secret" }),
      };
    }),
  );
}

/** What a baseline permits: its secrets, each in its own file, whatever the line. */
export function readDetectSecrets(file: ForeignFile): Permit {
  const known = new Map<string, KnownHash>();
  for (const one of readKnownHashes(file)) known.set(`${one.path}\0${one.hash}`, one);
  const paths = new Set([...known.values()].map(({ path }) => path));
  return ({ match, path }) => {
    if (!paths.has(path)) return undefined;
    const hash = createHash("sha1").update(match.secret.reveal()).digest("hex");
    const found = known.get(`${path}\0${hash}`);
    if (found === undefined) return undefined;
    const audited = found.audited === undefined ? "" : `, audited: ${found.audited}`;
    return { reason: `in the baseline ${file.name} (${found.type}${audited})` };
  };
}
