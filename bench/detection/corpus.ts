/**
 * The labelled snippets that the benchmark runs on: gzip of JSON lines, one case a line. The file is not part of this
 * repository; bench/README.md says what its fields mean.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";

/** A snippet and what a scanner should say of it. */
export interface Case {
  readonly id: string;
  /** The scanner whose tests it was taken from, and that scanner's rule. */
  readonly source: string;
  readonly rule: string;
  readonly provider: string;
  readonly label: "positive" | "negative";
  readonly path: string;
  readonly text: string;
  /** Base64 of a binary snippet; then `text` is empty. */
  readonly text_b64?: string;
  /** The exact secret in the text. */
  readonly secret: string | null;
  /** Several secrets. */
  readonly secrets?: readonly string[];
  /** Parts of one credential. */
  readonly parts?: readonly string[];
  /** Set on positives that are no secret proper: identifiers, hashes, one repeated character. */
  readonly tier?: string;
  /** How much of a negative must stay silent: `any` rule, the peer's `rule`, a token with a wrong `checksum`. */
  readonly neg_scope?: Scope;
}

export type Scope = "any" | "rule" | "checksum";

export interface Corpus {
  /** File name without its folder, so that a recorded table is the same on every machine. */
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The cases of a corpus file, in file order. Throws when it cannot be read or is not gzip of JSON lines. */
export function readCorpus(path: string): Corpus {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n");
  const cases = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
  return { name: basename(path), cases };
}

/** The bytes of a case, as a repository would hold them. */
export const bytesOf = ({ text, text_b64 }: Case): Uint8Array =>
  text_b64 === undefined ? Buffer.from(text, "utf8") : Buffer.from(text_b64, "base64");

/** What counts as found: the secret itself, one of several, or one part of a credential. May be empty. */
export const wantedOf = ({ secret, secrets = [], parts = [] }: Case): readonly string[] =>
  secret === null ? [...secrets, ...parts] : [secret, ...secrets, ...parts];
