import type { Reason, Rule } from "../../terms.ts";

/** A candidate as screens see it; all text is bytes read as latin1. */
export interface Suspect {
  readonly rule: Rule;
  readonly secret: string;
  /** What stands before the secret on its line, and after it: at most 200 and 100 bytes. */
  readonly before: string;
  readonly after: string;
}

/** Below medium, whatever speaks for it: shown on request only, and nothing is lost should the screen be wrong. */
export const grave = (name: string): Reason => ({ name, weight: -0.85 });

/** One step down: high becomes medium, medium low. */
export const slight = (name: string): Reason => ({ name, weight: -0.3 });

/** A named reason to drop a candidate, or to doubt it. A screen only takes away: it never adds or edits. */
export interface Screen {
  /** As rules name it under `unscreened`. */
  readonly name: string;
  /** Asked only for generic rules, whose patterns say little about a secret's form. */
  readonly generic: boolean;
  /**
   * Why the candidate is no secret, as a sentence without its subject: it is dropped. Or a reason to doubt it, which
   * lowers its score: what somebody made up for an example looks like what somebody made up as a password. Or
   * `undefined` to let it pass.
   */
  objection(suspect: Suspect): string | Reason | undefined;
}

const given = /([\w.$-]{1,80})["'`\]\\]*\s*(?:=>|:=|\?=|===?|!==?|[:=,(>]|\s)\s*[rbfuLN@]?\\?["'`]?$/;

/** Between a name and its value in Go, Swift, Kotlin, TypeScript, Rust: `token string = "`, `token: String = "`. */
const type = /(?:[ \t]+|:[ \t]*&?)(?:[A-Za-z]*[Ss]tr(?:ing)?)\??(?=[ \t]*=)/;

/** In markup the name is that of another attribute: `<add key="ApiKey" value="`. */
const attribute = /\b(?:name|key|id)\s*=\s*["']([\w.$:-]{1,80})["'][^<>]*$/i;

/** The name that a value is given to in `before`: `api_key` in `"api_key": "`. Empty when there is none. */
export function nameIn(before: string): string {
  const untyped = before.replace(type, " ");
  const name = given.exec(untyped)?.[1] ?? "";
  return /^value$/i.test(name) ? (attribute.exec(untyped)?.[1] ?? name) : name;
}
