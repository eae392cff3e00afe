import { LeaksweepError } from "../errors.ts";
import { printable } from "../report/escape.ts";
import { bugReport, type Io } from "./io.ts";

/** Says on standard error what went wrong, and returns the exit code for it. */
export function failure(error: unknown, io: Io): number {
  if (error instanceof LeaksweepError) {
    // Who closes the pipe (`| head`) has seen enough and need not be told.
    if (!isBrokenPipe(error.cause)) io.note(`leaksweep: ${printable(error.message)}\n  ${printable(error.hint)}`);
    return error.code === "output.failed" ? 2 : (io.stopped() ?? 2);
  }
  const stopped = io.stopped();
  // Whatever a signal breaks off half-way is no bug.
  io.note(stopped === undefined ? bugReport(error) : "leaksweep: stopped before there was anything to report");
  return stopped ?? 2;
}

const isBrokenPipe = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "EPIPE";
