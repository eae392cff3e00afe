import { LeaksweepError } from "../../errors.ts";

/** Where in the text of a pattern the reader is. Moved by the functions that take it. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** Names of the groups that were opened so far. */
  readonly names: Set<string>;
}

/** An error `rule.invalid` at the cursor, or at offset `at`. */
export function fault(cursor: Cursor, problem: string, hint: string, at = cursor.at): LeaksweepError {
  return new LeaksweepError("rule.invalid", `Cannot read pattern: ${problem} (offset ${at})`, { hint });
}

/** Steps over `text` when it stands at the cursor. */
export function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}

/** Steps over what the sticky `shape` matches at the cursor. */
export function takeMatch(cursor: Cursor, shape: RegExp): RegExpExecArray | undefined {
  const match = matchAt(cursor, shape);
  if (match !== undefined) cursor.at += match[0].length;
  return match;
}

/** What the sticky `shape` matches at the cursor, which stays. */
export function matchAt(cursor: Cursor, shape: RegExp): RegExpExecArray | undefined {
  shape.lastIndex = cursor.at;
  return shape.exec(cursor.text) ?? undefined;
}
