import type { Plan } from "../config/plan.ts";
import type { Io } from "./io.ts";

/** A signal that the end of the process or a time limit aborts. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Whether the time is over. */
  isOver(): boolean;
  /** Sets or changes the limit: milliseconds from the start. */
  set(milliseconds: number): void;
  lift(): void;
}

/** No limit yet. */
export function openLimit(io: Io): Limit {
  const deadline = new AbortController();
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: AbortSignal.any([io.signal, deadline.signal]),
    isOver: () => deadline.signal.aborted,
    set(milliseconds) {
      clearTimeout(timer);
      const left = Math.max(0, milliseconds - (performance.now() - began));
      timer = setTimeout(() => deadline.abort(new Error("the time limit was reached")), left);
    },
    lift: () => clearTimeout(timer),
  };
}

/** The limit that a plan has, if any. */
export function limited({ timeoutMs }: Plan, io: Io): Limit {
  const limit = openLimit(io);
  if (timeoutMs !== undefined) limit.set(timeoutMs);
  return limit;
}
