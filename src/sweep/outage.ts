/**
 * Patience with a store that does not answer: its server may be started anew, or a network may be down for a minute.
 * It is tried again, less and less often, and given up after five minutes.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { LeaksweepError } from "../errors.ts";

const mostPatience = 300_000;
const firstPause = 500;
const mostPause = 15_000;

/** What Node and PostgreSQL call a connection that there is not, or not any more, and a server that starts or stops. */
const codes =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|57P0[123]|08\d\d\d)$/;
const words = /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/;

/** One outage after another, of the store that the lanes of a worker share. */
export class Outage {
  #since: number | undefined;
  readonly #now: () => number;
  readonly #onBegin: (reason: string) => void;

  constructor({ now, onBegin }: { readonly now: () => number; readonly onBegin: (reason: string) => void }) {
    this.#now = now;
    this.#onBegin = onBegin;
  }

  /** The store answered. */
  over(): void {
    this.#since = undefined;
  }

  /** Waits until the next try makes sense. Throws `error` when it tells of no outage, "store.unavailable" after too long. */
  async wait(error: unknown, signal: AbortSignal): Promise<void> {
    const reason = lossIn(error);
    if (reason === undefined) throw error;
    if (this.#since === undefined) this.#onBegin(reason);
    this.#since ??= this.#now();
    const lasted = this.#now() - this.#since;
    if (lasted >= mostPatience) throw gone(reason, error);
    const pause = Math.min(mostPause, Math.max(firstPause, lasted / 4));
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

/** How an error tells that the connection to the store is lost; it may be the cause of a cause. */
function lossIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "" } = error as NodeJS.ErrnoException;
  if (codes.test(code) || words.test(error.message)) return error.message || code;
  return lossIn(error.cause);
}

const gone = (reason: string, cause: unknown): LeaksweepError =>
  new LeaksweepError("store.unavailable", `Cannot go on: the store has not answered for five minutes (${reason})`, {
    hint: "When its server runs again, the same command goes on from where it was.",
    cause,
  });
