/** What went wrong, for programs. The part before the dot names the room that noticed. */
export type ErrorCode =
  | "usage.invalid"
  | "config.invalid"
  | "config.unreadable"
  | "rule.invalid"
  | "baseline.invalid"
  | "target.missing"
  | "target.not-a-repository"
  | "hook.refused"
  | "git.missing"
  | "git.too-old"
  | "git.failed"
  | "ci.no-range"
  | "output.failed"
  | "store.unavailable"
  | "store.busy"
  | "forge.denied";

/**
 * A failure the user can act on: the CLI prints message and hint and exits 2. Anything else that is thrown is our
 * bug and keeps its stack. Messages read `Cannot <verb> <thing> "<name>": <state>` and never hold a secret.
 */
export class LeaksweepError extends Error {
  override readonly name = "LeaksweepError";
  readonly code: ErrorCode;
  /** The next step, as a sentence. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
