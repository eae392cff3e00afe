/** One host, asked no faster than it likes: one request after another, and pauses kept that it asks for. */
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { Reply, Silence } from "./http.ts";
import type { Inquiry } from "./inquiry.ts";

/** How fast and how long. All in milliseconds. */
export interface Pace {
  /** Between the starts of two requests. */
  readonly gap: number;
  /** First pause where the host asks for one and does not say how long, or fails; it doubles. */
  readonly pause: number;
  /** All pauses of one host together. */
  readonly patience: number;
}

/** Kind to a provider, and quick enough for a person who waits. */
export const calmPace: Pace = { gap: 250, pause: 2_000, patience: 60_000 };

/** Times that one question is put. */
const tries = 3;

/** Questions without a reply, one after another, after which a host is left alone. */
const hopeless = 3;

export interface LaneOptions {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly send: (inquiry: Inquiry) => Promise<Reply | Silence>;
}

/** The way to one host. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #limit = pLimit(1);
  #paused = 0;
  #silent = 0;
  #lastStart = 0;
  #closed: string | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** The host's reply. Where it gives none, or not one that is to be believed, a `Silence` with the reason. */
  ask(make: () => Inquiry): Promise<Reply | Silence> {
    return this.#limit(() => this.#ask(make));
  }

  async #ask(make: () => Inquiry): Promise<Reply | Silence> {
    for (let tried = 1; this.#closed === undefined; tried++) {
      const reply = await this.#once(make);
      const wish = pauseIn(reply);
      if ("status" in reply && wish === undefined) {
        this.#silent = 0;
        return reply;
      }
      const silence: Silence = "status" in reply ? { silence: `it answered ${reply.status}`, passing: true } : reply;
      if (!silence.passing || tried === tries) return this.#giveUp(silence);
      const problem = await this.#pause(wish, tried);
      if (problem !== undefined) return { silence: problem, passing: false };
    }
    return { silence: this.#closed, passing: false };
  }

  #giveUp(silence: Silence): Silence {
    this.#silent += 1;
    if (this.#silent >= hopeless) this.#closed = `not asked, since it did not answer ${hopeless} times in a row`;
    return silence;
  }

  async #once(make: () => Inquiry): Promise<Reply | Silence> {
    const { pace, send, signal } = this.#options;
    const problem = await rest(Math.max(0, this.#lastStart + pace.gap - Date.now()), signal);
    if (problem !== undefined) return { silence: problem, passing: false };
    this.#lastStart = Date.now();
    return send(make());
  }

  /** Waits as long as the host wishes. Says why not, and lets nobody else ask, where that is too long. */
  async #pause(wish: number | undefined, tried: number): Promise<string | undefined> {
    const { pace, signal } = this.#options;
    const wait = Number.isFinite(wish) ? Number(wish) : pace.pause * 2 ** (tried - 1);
    if (this.#paused + wait > pace.patience) {
      this.#closed = `it asks for a pause of ${Math.ceil(wait / 1000)} s, which is too long`;
      return this.#closed;
    }
    this.#paused += wait;
    return rest(wait, signal);
  }
}

/** Waits; says so when the run was stopped meanwhile. */
const rest = (milliseconds: number, signal: AbortSignal): Promise<string | undefined> =>
  sleep(milliseconds, undefined, { signal }).catch(() => stopped);

const stopped = "the run was stopped";

/** Milliseconds for which a reply asks us to wait; NaN where it does not say how long, undefined where it does not ask. */
function pauseIn(reply: Reply | Silence): number | undefined {
  if (!("status" in reply)) return reply.passing ? Number.NaN : undefined;
  const { status, headers } = reply;
  const after = headers["retry-after"];
  const isSpent = status === 403 && headers["x-ratelimit-remaining"] === "0";
  if (status !== 429 && status < 500 && !isSpent && !(status === 403 && after !== undefined)) return undefined;
  if (after !== undefined) {
    const until = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
    return Number.isNaN(until) ? until : Math.max(0, until);
  }
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return isSpent && Number.isFinite(reset) ? Math.max(0, reset * 1000 - Date.now()) : Number.NaN;
}
