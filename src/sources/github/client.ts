/**
 * Requests to GitHub's API: the one file that knows Octokit. Paging, limits, retries and logins are its plugins' work;
 * what is ours is the order in which they stand. The guard comes first, nearest to the network: a JSON body that was
 * cut off arrives as a string, would count as an empty page, and must be an error before `retry` looks at it. Then
 * comes the pace, so that every attempt, first or repeated, waits its turn.
 */
import { createAppAuth } from "@octokit/auth-app";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { RequestError } from "@octokit/request-error";
import { Octokit } from "@octokit/rest";
import { LeaksweepError } from "../../errors.ts";
import { Absent, Later, Unreadable } from "../forge.ts";

/** What an answer said of the rate limit; headers by lower-case name. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

/** Whoever decides when the next request with a credential may be sent, on all machines that use it. */
export interface Pace {
  /**
   * Waits until a request may be sent, sends it, and takes note of what `headers` say, of an answer or of a refusal.
   * Throws `Later` rather than wait long.
   */
  turn<T extends { readonly headers: Headers }>(send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Until when nothing may be sent, if so. */
  pausedUntil(): Promise<Date | undefined>;
}

/** How to log in: with a token, or as an installation of an App. */
export type Credential =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "app"; readonly appId: string; readonly privateKey: string; readonly installation: number }
  | { readonly kind: "none" };

export interface ClientOptions {
  /** Address of the API: `https://api.github.com`, `https://HOST/api/v3`. */
  readonly api: string;
  readonly credential: Credential;
  readonly pace: Pace;
  /** Milliseconds that a plugin may wait for a limit to pass; longer waits are for whoever asked. */
  readonly patience: number;
  readonly version: string;
}

export interface Answer<T> {
  readonly data: T;
  /** For a conditional request next time. */
  readonly etag?: string;
  /** Address of the next page. */
  readonly next?: string;
}

export interface Client {
  /**
   * Sends a GET for a path of the API, or for the address of a next page. `undefined`: nothing changed since `etag`.
   * Throws `Unreadable`, `Absent` for what is switched off, `Later`, and "forge.denied" for a login that is no good.
   */
  get<T>(path: string, options: GetOptions & { readonly etag: string }): Promise<Answer<T> | undefined>;
  get<T>(path: string, options: GetOptions): Promise<Answer<T>>;
  /** Sends a GraphQL query. Errors beside data are errors. */
  query<T>(text: string, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T>;
  /** The token that git logs in with; `undefined` without a login. */
  token(): Promise<string | undefined>;
  /**
   * Name of the account that the login is of, asked for once; `undefined` where it is nobody's own: without a login, for
   * an App, for the token of a workflow.
   */
  account(signal: AbortSignal): Promise<string | undefined>;
  readonly calls: () => number;
}

export interface GetOptions {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly signal: AbortSignal;
  /** Of the answer to the same request before. */
  readonly etag?: string;
  /** False: where the answer lies elsewhere, that there is one is enough. */
  readonly follow?: boolean;
}

/** A client for one credential. Nothing is sent yet. */
export function openClient(options: ClientOptions): Client {
  const counted = { calls: 0 };
  const octokit = octokitFor(options, counted);
  const origin = new URL(options.api).origin;
  const asking = <T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> => translated(send, options.pace, signal);
  const get = async <T>(path: string, { params = {}, etag, follow = true, signal }: GetOptions): Promise<never> => {
    if (/^https?:/.test(path) && new URL(path).origin !== origin) throw new Unreadable("a page leads to another host");
    const headers = etag === undefined ? {} : { "if-none-match": etag };
    const request = { signal, ...(!follow && { redirect: "manual" as const }) };
    const answer = await asking(
      () => octokit.request({ method: "GET", url: path, ...params, headers, request }),
      signal,
    );
    if (answer === unchanged) return undefined as never;
    const { data, headers: said } = answer;
    const next = /<([^<>]+)>;\s*rel="next"/.exec(said.link ?? "")?.[1];
    return { data: data as T, ...(said.etag && { etag: said.etag }), ...(next !== undefined && { next }) } as never;
  };
  const known: { login?: string | undefined } = {};
  return {
    get,
    query: <T>(text: string, variables: Readonly<Record<string, unknown>>, signal: AbortSignal) =>
      asking(() => octokit.graphql<T>(text, { ...variables, request: { signal } }), signal),
    token: async () => {
      if (options.credential.kind === "none") return undefined;
      const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
      return token;
    },
    async account(signal) {
      if (options.credential.kind !== "token" || "login" in known) return known.login;
      known.login = await accountAt(get, signal);
      return known.login;
    },
    calls: () => counted.calls,
  };
}

async function accountAt(get: Client["get"], signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await get<{ readonly login?: string }>("/user", { signal })).data.login;
  } catch (error) {
    if (error instanceof Unreadable) return undefined; // the token is no person's
    throw error;
  }
}

/** Stands for "304 Not Modified", which Octokit throws. */
const unchanged = Symbol("not modified") as never;

function octokitFor({ api, credential, pace, patience, version }: ClientOptions, counted: { calls: number }): Octokit {
  // Plugins are made of the core alone, whatever comes after them.
  type Core = Pick<Octokit, "hook">;
  const guard = (kit: Core): void => {
    kit.hook.after("request", (response, request) => {
      const { status, headers, data } = response as { status: number; headers: Headers; data: unknown };
      if (status === 200 && /json/.test(String(headers["content-type"] ?? "")) && typeof data === "string") {
        throw new RequestError("GitHub's answer was cut off", 500, { request: request as never, response });
      }
    });
  };
  const polite = (kit: Core): void => {
    kit.hook.wrap("request", (request, options) => {
      const send = async () => {
        counted.calls++;
        return request(options);
      };
      // An App asks for its token while a request has the turn: to wait for the turn would be to wait for itself.
      if (tokenRequest.test(options.url)) return send();
      return pace.turn(send, (options.request as { signal?: AbortSignal } | undefined)?.signal);
    });
  };
  const wait = (seconds: number, _options: object, _kit: unknown, retries: number): boolean =>
    seconds * 1000 <= patience && retries < 5;
  const Kit = Octokit.plugin(guard, polite, throttling, retry);
  return new Kit({
    baseUrl: api,
    userAgent: `leaksweep/${version}`,
    log: silence,
    throttle: { onRateLimit: wait, onSecondaryRateLimit: wait },
    retry: { doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
    ...login(credential),
  });
}

const tokenRequest = /\/app\/installations\/[^/]+\/access_tokens$/;

const quiet = (): void => {};
const silence = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function login(credential: Credential): object {
  if (credential.kind === "none") return {};
  if (credential.kind === "token") return { auth: credential.token };
  const { appId, privateKey, installation } = credential;
  return { authStrategy: createAppAuth, auth: { appId, privateKey, installationId: installation } };
}

/** Says in our words what a request came to. */
async function translated<T>(send: () => Promise<T>, pace: Pace, signal: AbortSignal): Promise<T> {
  try {
    return await send();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw (await queryFault(error, pace)) ?? error;
    const { status, response } = error;
    if (status === 304) return unchanged;
    if (isLimited(error)) throw await limited(pace);
    if (status === 401) throw denied();
    if (status === 403 && response?.headers["x-github-sso"]) {
      throw new Unreadable("is denied: this login is not authorised for the organisation's single sign-on");
    }
    if (status === 410) throw new Absent("is switched off");
    const meaning = meanings[status];
    if (meaning !== undefined) throw new Unreadable(meaning);
    // Its own message can quote what was asked and answered; ours says what a reader needs.
    throw new Error(
      status >= 500
        ? `the API failed (${status}): ${brief(error.message)}`
        : `the API refused (${status}): ${brief(error.message)}`,
    );
  }
}

const meanings: Readonly<Record<number, string>> = {
  403: "is denied to this login (403)",
  404: "is gone, or hidden from this login (404)",
  451: "is withheld for legal reasons (451)",
};

const brief = (text: string): string => text.split("\n")[0]?.slice(0, 200) ?? "";

/** Milliseconds to wait at a limit whose end nobody tells, or that is over by our clock: what GitHub asks for. */
const unknownPause = 60_000;

const limited = async (pace: Pace): Promise<Later> =>
  new Later((await pace.pausedUntil()) ?? new Date(Date.now() + unknownPause), "the API's rate limit is used up");

/** What a query came to that was answered with errors, where these say it by a type. */
async function queryFault(error: unknown, pace: Pace): Promise<Error | undefined> {
  interface Refused {
    readonly errors?: readonly { readonly type?: string }[];
    readonly response?: { readonly data?: Refused };
  }
  // As the GraphQL client throws them, or, for a limit, the plugin that keeps it.
  const { errors, response } = error as Refused;
  const types = (errors ?? response?.data?.errors ?? []).map(({ type }) => type);
  if (types.includes("RATE_LIMITED")) return limited(pace);
  const meaning = types.map((type) => meanings[queryStatus[type ?? ""] ?? 0]).find((one) => one !== undefined);
  return meaning === undefined ? undefined : new Unreadable(meaning);
}

/** The status that a request would have been answered with. */
const queryStatus: Readonly<Record<string, number>> = { FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, NOT_FOUND: 404 };

/** Whether a refusal is about how often, not about who. */
function isLimited({ status, message, response }: RequestError): boolean {
  if (status === 429) return true;
  const headers = response?.headers ?? {};
  const spent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  return status === 403 && (spent || /secondary rate limit|abuse/i.test(message));
}

function denied(): LeaksweepError {
  return new LeaksweepError("forge.denied", "Cannot log in to the forge: it does not accept this token (any more)", {
    hint: "Set GITHUB_TOKEN to one that is valid; the same command then goes on where it stopped.",
  });
}

/** The installations of an App by account, lower case. Throws "forge.denied" for a key that is no good. */
export async function installationsOf(
  options: Pick<ClientOptions, "api" | "version">,
  app: { appId: string; privateKey: string },
): Promise<ReadonlyMap<string, number>> {
  const kit = new Octokit({
    baseUrl: options.api,
    authStrategy: createAppAuth,
    auth: app,
    userAgent: `leaksweep/${options.version}`,
    log: silence,
  });
  const asked = kit.paginate(kit.rest.apps.listInstallations, { per_page: 100 });
  const all = await asked.catch((cause: unknown) => {
    throw appDenied(app.appId, cause);
  });
  return new Map(
    all.flatMap(({ id, account }) => {
      const name = account && ("login" in account ? account.login : (account as { slug?: string }).slug);
      return !name ? [] : [[name.toLowerCase(), id] as const];
    }),
  );
}

/** Why an App is not let in. What the library says of a key can quote it. */
function appDenied(appId: string, cause: unknown): LeaksweepError {
  const why = !(cause instanceof RequestError)
    ? "its private key is none that can be read"
    : cause.status === 401 || cause.status === 404
      ? "the forge knows no such App with this key"
      : `the API failed (${cause.status}): ${brief(cause.message)}`;
  return new LeaksweepError("forge.denied", `Cannot log in as App "${appId}": ${why}`, {
    hint: "Take the App's id and a private key of it, in PEM, from the settings of the App.",
  });
}
