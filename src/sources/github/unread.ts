/** What one thing among many came to that could not be read: the rest is read all the same. */
import { Unreadable } from "../forge.ts";

/** Why it could not be read. Throws what is no matter of this one thing: a limit, a failing server, a wrong login. */
export function unread(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  throw error;
}

/** Whether the forge said that there is no such thing, or none that this login may know of. */
export const isMissing = (error: unknown): boolean => error instanceof Unreadable && /\(404\)/.test(error.message);

/** `undefined` for a thing that is not there. Throws everything else. */
export function orMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}
