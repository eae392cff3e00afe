/** A config of gitleaks or of its successor as plain values: what it looks for and what it leaves alone. */
import type { Confidence, Severity } from "../terms.ts";
import type { Note } from "./file.ts";

/** What a rule needs beside it to be reported. */
export interface RequiredRule {
  readonly id: string;
  /** Most lines, and most columns, between the starts of the two matches; absent: anywhere in the same text. */
  readonly lines?: number;
  readonly columns?: number;
}

/** Where nothing is reported. At least one of its four lists is not empty. */
export interface Allowlist {
  readonly at: string;
  readonly description: string;
  /** All lists that are not empty must agree; otherwise one is enough. */
  readonly all: boolean;
  /** Ids of commits, lower case. */
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  /** What `regexes` look at. */
  readonly target: "secret" | "match" | "line";
  readonly regexes: readonly string[];
  /** Lower case; looked for in the secret. */
  readonly stopwords: readonly string[];
}

export interface ForeignRule {
  readonly id: string;
  /** `file:line`. */
  readonly at: string;
  readonly description: string;
  /** Go's RE2 syntax; at least one of the two. */
  readonly regex: string;
  readonly path: string;
  /** 0: the first group that took part. */
  readonly secretGroup: number;
  /** The secret must have more, in bits per byte; 0: it need not. */
  readonly entropy: number;
  /** Lower case; one of them must stand in the text that is looked at. */
  readonly keywords: readonly string[];
  readonly tags: readonly string[];
  readonly allowlists: readonly Allowlist[];
  readonly required: readonly RequiredRule[];
  /** Only there to be required by others. */
  readonly silent: boolean;
  /** Where the config says it, as betterleaks may. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

export interface ForeignConfig {
  /** How messages call its file. */
  readonly name: string;
  readonly tool: "gitleaks" | "betterleaks";
  readonly rules: readonly ForeignRule[];
  /** For all rules. */
  readonly allowlists: readonly Allowlist[];
  /** For rules that are not in the file: those that come with the tool. */
  readonly others: readonly { readonly rule: string; readonly allowlist: Allowlist }[];
  /** Rules that come with the tool, and what is left of them: a finding must lie at such a path, or be as mixed. */
  readonly narrowed: readonly Pick<ForeignRule, "id" | "at" | "path" | "entropy">[];
  /** The rules that come with the tool are meant as well, but for those in `disabled`. */
  readonly extendsDefault: boolean;
  readonly disabled: readonly string[];
  readonly notes: readonly Note[];
}
