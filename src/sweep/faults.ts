/** Telling faults apart: which are worth another try, and what to say of those that are not. */
import { LeaksweepError } from "../errors.ts";
import { Unreadable } from "../sources/forge.ts";

/** What git says when it is of no use to ask again, and what that means. */
const final: readonly (readonly [said: RegExp, meaning: string])[] = [
  [/not found|error: 404|does not appear to be a git repository|does not exist/i, "is gone, or hidden from this login"],
  [
    /Authentication failed|could not read (?:Username|Password)|error: 40[13]|Permission denied|Access denied/i,
    "is denied to this login",
  ],
  [/error: 451/i, "is withheld for legal reasons (451)"],
  [
    /unable to update url base from redirection|redirect|error: 30[1278]/i,
    "has moved elsewhere, where a login must not follow: its new address can be read",
  ],
];

const stalled = /Operation too slow|Operation timed out|timed out/i;

/** Why a target was not read, when trying again won't help; `undefined` when it may. */
export function finalReason(error: unknown): string | undefined {
  if (error instanceof Unreadable) return error.message;
  if (!(error instanceof LeaksweepError)) return undefined;
  // A wrong address or a rule that is wrong stays so.
  if (error.code !== "git.failed") return error.message;
  const words = wordsOf(error);
  return final.find(([said]) => said.test(words))?.[1];
}

/** What git says, without the names and addresses that it quotes: a repository can be called "redirect" or "missing". */
export const wordsOf = ({ message }: Error): string =>
  message.replace(/"[^"]*"|'[^']*'/g, "it").replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "it");

/** What to say of a target that was tried as often as it makes sense. */
export function lastReason(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (stalled.test(said)) return `stalled: ${said}`;
  return said.slice(0, 500);
}

/** Whether the trouble is with whoever asks and not with what is asked for: no other target would fare better. */
export const isFatal = (error: unknown): boolean => error instanceof LeaksweepError && error.code === "forge.denied";
