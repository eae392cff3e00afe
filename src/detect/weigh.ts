/**
 * What speaks for and against the value that a generic rule found. A provider's token says what it is by its form; of
 * `token = "…"` only the value's own look and its surroundings can tell. Every reason has a name, so that `explain`
 * can print the sum.
 */
import type { Reason, Rule } from "../terms.ts";
import { isTextLike } from "./decode/text-like.ts";
import { wordiness } from "./randomness.ts";
import { nameIn, type Suspect } from "./screens/screen.ts";

/** From here on a text is taken to be written, below that to be drawn; in bits a pair, measured on names and tokens. */
const WRITTEN = 0.5;
const DRAWN = -0.3;

/** Shortest value whose look says something for it, and shortest that services give out as keys. */
const TELLING = 16;
const KEY = 16;

/** The value stands as code stands: nothing tells it from an expression. `judge` knows files where values do. */
export const bare: Reason = { name: "value without quotes", weight: -0.3 };

const base64 = /^[A-Za-z0-9+/]{16,}={0,2}$/;
const encodes: Reason = { name: "is the base64 of a text", weight: -0.35 };

const password = /pass(?:w(?:or)?d|phrase|wort|code)?$|pwd$|passw|kennwort|senha|contrase/i;

/**
 * Reasons for the value of a generic rule; none for others, whose patterns have said enough. A rule whose passwords
 * stand without quotes by nature, as on a command line, says so by `unscreened: [bare]`.
 */
export function weigh(suspect: Suspect): Reason[] {
  const { rule, secret, before } = suspect;
  if (!rule.generic || rule.provider !== "generic") return [];
  // The view of what it encodes is the better finding, if it is one.
  if (base64.test(secret) && !/basic\s+$/i.test(before) && isTextLike(Buffer.from(secret, "base64"))) return [encodes];
  const look = wordiness(secret);
  const name = nameIn(before);
  const isPassword = password.test(name.slice(name.lastIndexOf(".") + 1)) || rule.unscreened.includes("bare");
  const quoted = /["'`]$/.test(before) || rule.unscreened.includes("bare");
  return isPassword
    ? ofPassword(secret, { look, quoted })
    : ofKey(secret, { look, quoted, confidence: rule.confidence });
}

interface Look {
  readonly look: number;
  readonly quoted: boolean;
}

function ofPassword(secret: string, { look, quoted }: Look): Reason[] {
  const reasons: Reason[] = quoted ? [] : [bare];
  if (look < DRAWN && secret.length >= TELLING) return [...reasons, { name: "looks drawn at random", weight: 0.15 }];
  if (/^[A-Za-z_ .-]+$/.test(secret) && look > DRAWN) reasons.push({ name: "is a word", weight: -0.4 });
  if (/^[A-Za-z]+[^A-Za-z0-9]$/.test(secret) && look > DRAWN)
    reasons.push({ name: "is a word and a sign", weight: -0.25 });
  if (/^\d+$/.test(secret)) reasons.push({ name: "is a number", weight: -0.3 });
  if (/[\w-][/#][\w-]/.test(secret) && look > WRITTEN) reasons.push({ name: "reads like a path", weight: -0.4 });
  return reasons;
}

function ofKey(secret: string, { look, quoted, confidence }: Look & Pick<Rule, "confidence">): Reason[] {
  if (look > WRITTEN) return [{ name: "reads like words", weight: -0.4 }];
  const reasons: Reason[] = secret.length < KEY ? [{ name: "is short for a key", weight: -0.2 }] : [];
  if (look < DRAWN) {
    const signs = confidence === "low" && /[!@#$%^&*()?;,<>{}|~[\]]/.test(secret);
    if (secret.length >= KEY) reasons.push({ name: "looks drawn at random", weight: 0.1 });
    return signs ? [...reasons, { name: "holds signs that names have not", weight: 0.3 }] : reasons;
  }
  return [...reasons, { name: "may be a name", weight: quoted ? -0.1 : -0.25 }];
}
