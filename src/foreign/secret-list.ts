import { createHash } from "node:crypto";
import type { Permit } from "../terms.ts";
import type { ForeignFile } from "./file.ts";

/**
 * What a `.betterleaksignore` permits: secrets, each named by the SHA-256 of its bytes, in hex and alone on its line,
 * wherever they lie. Its predecessor wrote the lines of a `.gitleaksignore` into that file: `others` are those.
 */
export function readSecretList({ name, text }: ForeignFile): {
  permit: Permit;
  others: ForeignFile;
} {
  const known = new Map<string, string>();
  const others = text.split(/\r?\n/).map((raw, index) => {
    const line = raw.trim();
    if (!/^[0-9a-f]{64}$/i.test(line)) return raw;
    known.set(line.toLowerCase(), `${name}:${index + 1}`);
    return "";
  });
  return {
    others: { name, text: others.join("\n") },
    permit: ({ match }) => {
      if (known.size === 0) return undefined;
      const at = known.get(createHash("sha256").update(match.secret.reveal()).digest("hex"));
      return at === undefined ? undefined : { reason: `ignored by ${at}` };
    },
  };
}
