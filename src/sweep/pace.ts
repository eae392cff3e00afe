/**
 * How fast a credential may be used. A limit belongs to the credential, not to whoever meets it: so what is known of it
 * stands in the store, requests with one credential go one after another on all machines, and while there is a pause
 * none is sent at all.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { Later } from "../sources/forge.ts";
import type { Credential, Headers, Pace } from "../sources/github/client.ts";
import { credentials } from "./store/schema.ts";
import type { Store } from "./store/store.ts";

/** Milliseconds that a lane waits for a pause to end; after that it does other work. */
export const patience = 60_000;

/** Milliseconds of pause after a secondary limit that says nothing of its length, as GitHub asks for. */
const secondaryPause = 60_000;

/** The pace of one credential of the forge at `api`. */
export function paceOf(store: Store, api: string, credential: Credential): Pace {
  const id = idOf(api, credential);
  const never = new AbortController().signal;
  return {
    turn: (send, signal = never) =>
      store.alone(
        `api ${id}`,
        async () => {
          await pauseOver(store, id, signal);
          try {
            const answer = await send();
            await note(store, id, limitsIn(answer.headers, undefined));
            return answer;
          } catch (error) {
            if (hasHeaders(error)) await note(store, id, limitsIn(error.response.headers, error));
            throw error;
          }
        },
        signal,
      ),
    pausedUntil: () => pausedUntil(store, id),
  };
}

/** A digest, since this stands in the store and in a status: an App by its name, a token by what nobody can turn back. */
function idOf(api: string, credential: Credential): string {
  const { host } = new URL(api);
  if (credential.kind === "none") return `${host} without login`;
  if (credential.kind === "app") return `${host} app ${credential.appId}/${credential.installation}`;
  return `${host} token ${createHash("sha256").update(`leaksweep/1 ${credential.token}`).digest("hex").slice(0, 12)}`;
}

async function pausedUntil({ db }: Store, id: string): Promise<Date | undefined> {
  const [row] = await db.select().from(credentials).where(eq(credentials.id, id));
  const until = row?.pausedUntil ?? undefined;
  return until && until > new Date() ? until : undefined;
}

/** Waits for a pause to end. Throws `Later` when that would take too long. */
async function pauseOver(store: Store, id: string, signal: AbortSignal): Promise<void> {
  for (let until = await pausedUntil(store, id); until; until = await pausedUntil(store, id)) {
    const left = until.getTime() - Date.now();
    if (left > patience) throw new Later(until, "the API's rate limit is used up");
    await sleep(Math.max(left, 1), undefined, { signal });
  }
}

interface Limits {
  readonly limit?: number;
  readonly remaining?: number;
  readonly reset?: Date;
  readonly pausedUntil?: Date;
  readonly reason?: string;
}

/** What an answer says of the limit. `refusal` is the error that it came with. */
function limitsIn(
  headers: Headers,
  refusal: { readonly status: number; readonly message: string } | undefined,
): Limits {
  const number = (name: string): number | undefined => {
    const value = Number(headers[name] ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const [limit, remaining, seconds, after] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "retry-after",
  ].map(number);
  const reset = seconds === undefined ? undefined : new Date(seconds * 1000);
  const isRefused = refusal !== undefined && (refusal.status === 403 || refusal.status === 429);
  const pause = ((): Pick<Limits, "pausedUntil" | "reason"> => {
    if (isRefused && after !== undefined)
      return { pausedUntil: new Date(Date.now() + after * 1000), reason: "asked to wait" };
    // A second on top: clocks differ.
    if (remaining === 0 && reset) return { pausedUntil: new Date(reset.getTime() + 1_000), reason: "used up" };
    if (isRefused && (refusal.status === 429 || /secondary rate limit|abuse/i.test(refusal.message))) {
      return { pausedUntil: new Date(Date.now() + secondaryPause), reason: "too fast" };
    }
    return {};
  })();
  return {
    ...pause,
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(reset && { reset }),
  };
}

async function note({ db }: Store, id: string, limits: Limits): Promise<void> {
  await db
    .insert(credentials)
    .values({ id, ...limits, calls: 1 })
    .onConflictDoUpdate({ target: credentials.id, set: { ...limits, calls: sql`${credentials.calls} + 1` } });
}

function hasHeaders(error: unknown): error is Error & { status: number; response: { headers: Headers } } {
  if (!(error instanceof Error) || !("response" in error) || !("status" in error)) return false;
  const { response } = error;
  return typeof response === "object" && response !== null && "headers" in response;
}
