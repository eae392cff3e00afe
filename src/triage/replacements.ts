/** The file of replacements that `git filter-repo --replace-text` takes. Format: its manual, "expressions". */
import type { Finding } from "../terms.ts";

/** What stands in history afterwards. */
const instead = "***REMOVED***";

/**
 * One line for each secret of `findings` that stands in a file as it is, its parts included, each with its end; sorted.
 * Of one that is encoded there, or in a container, no replacement finds anything: its files have to be purged.
 */
export function replacements(findings: readonly Finding[]): readonly string[] {
  const plain = findings.filter(({ occurrences }) =>
    occurrences.some(({ decoded, member }) => decoded.length === 0 && member === null),
  );
  const secrets = plain.flatMap(({ secret, components }) => [
    ...(secret === undefined ? [] : [secret]),
    ...components.map((part) => part.secret),
  ]);
  const lines = secrets.filter(({ length }) => length > 0).map((secret) => lineOf(Buffer.from(secret.reveal())));
  return [...new Set(lines)].sort();
}

/** Literally where it can stand on a line of its own; as a pattern of its bytes (Python's) where it cannot. */
function lineOf(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  const isPlain = /^[!-~](?:[ -~]*[!-~])?$/.test(text) && !text.includes("==>");
  if (isPlain) return `literal:${text}==>${instead}\n`;
  const pattern = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return `regex:${pattern}==>${instead}\n`;
}
