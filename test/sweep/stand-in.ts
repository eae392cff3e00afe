/**
 * A GitHub on this machine: the parts of its API that a sweep asks for, with paging by Link, ETags, logins and limits,
 * and its repositories through git's own server side. Answers have the types of the real API's schema where that helps
 * to keep honest. Trouble is ordered by the test, for requests that match a pattern.
 */
import { createHash, type KeyObject, verify } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Hub, startHub } from "./hub.ts";

export interface Repo {
  readonly id: number;
  readonly name: string;
  readonly private?: boolean;
  readonly fork?: boolean;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly wiki?: boolean;
  readonly discussions?: boolean;
  /** Of the repository it was forked from. */
  readonly parent?: number;
  /** With what status git's requests are refused; a text is where they are sent. */
  readonly refuses?: number | string;
  /** How many of git's requests for objects or refs are answered with a beginning and then with nothing more. */
  readonly stalls?: number;
}

/** An App that is installed in some accounts, by login; its tokens are the stand-in's. */
export interface App {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly installations: Readonly<Record<string, number>>;
  /** Names of the repositories that it may read, where these are not all. */
  readonly given?: readonly string[];
}

export interface Owner {
  readonly kind: "org" | "user";
  readonly members?: readonly string[];
  readonly collaborators?: readonly string[];
  /** What the API says there is; else as many as are listed. */
  readonly stated?: number;
}

/** What goes wrong with the next `times` requests whose path matches, with its parameters or without. */
export interface Trouble {
  readonly path: RegExp;
  times: number;
  readonly kind:
    | "502"
    | "cut"
    | "reset"
    | "primary"
    | "secondary"
    | "429"
    | "sso"
    | "404"
    | "403"
    | "422"
    | "410"
    | "451"
    | "401";
  /** Seconds that a limit lasts. */
  readonly seconds?: number;
}

export interface Asked {
  readonly path: string;
  readonly at: number;
  readonly status: number;
  readonly authorization: string | undefined;
}

export interface StandIn {
  readonly api: string;
  readonly hub: Hub;
  readonly asked: Asked[];
  readonly owners: Map<string, Owner>;
  readonly repos: Map<string, Repo>;
  /** Lists by path below `/api/v3`: issues, comments, releases, gists, activity… */
  readonly lists: Map<string, readonly object[]>;
  readonly texts: Map<string, string>;
  /** Answers that are one object, by path. */
  readonly objects: Map<string, object>;
  /** Where a path sends to, on whatever host. */
  readonly redirects: Map<string, string>;
  readonly trouble: Trouble[];
  app: App | undefined;
  /** Whose token it is, where it is a person's. */
  account: string | undefined;
  /** Answers GraphQL. */
  graphql: ((query: string, variables: Record<string, unknown>) => object) | undefined;
  /** Makes a repository in the API and on the git side. */
  create(name: string, script: string, traits?: Partial<Repo>): void;
  /** Until when requests are refused. */
  limitedUntil(): number;
  /** Requests that came although they were to wait. */
  readonly early: string[];
}

/** Starts it; `token` is the one that opens what is private, and that all requests must have. */
export async function startStandIn(
  root: string,
  { token, pageSize = 2 }: { token?: string; pageSize?: number } = {},
): Promise<StandIn> {
  mkdirSync(root, { recursive: true });
  const hub = await startHub(root);
  const state = { limited: 0, nextId: 1 };
  const standIn: StandIn = {
    api: `${hub.origin}/api/v3`,
    hub,
    asked: [],
    owners: new Map(),
    repos: new Map(),
    lists: new Map(),
    texts: new Map(),
    objects: new Map(),
    redirects: new Map(),
    trouble: [],
    app: undefined,
    account: undefined,
    graphql: undefined,
    early: [],
    limitedUntil: () => state.limited,
    create(name, script, traits = {}) {
      standIn.repos.set(name, { id: state.nextId++, name, ...traits });
      hub.create(name, script);
    },
  };
  const stalledBefore = new Map<string, number>();
  hub.intercept = (request, response) => {
    const path = request.url ?? "";
    const { authorization } = request.headers;
    if (path.startsWith("/api/")) {
      void api(request, response, { standIn, state, token, pageSize });
      return true;
    }
    const [, name = ""] = /^\/([^/]+\/[^/]+?)(?:\.wiki)?\.git\//.exec(path) ?? [];
    const { refuses, stalls = 0, private: isPrivate = false } = standIn.repos.get(name) ?? {};
    if (refuses !== undefined && !path.includes(".wiki.git")) {
      const [status, headers] = typeof refuses === "string" ? [301, { location: refuses }] : [refuses, {}];
      response.writeHead(status, headers).end();
      return true;
    }
    const stalled = stalledBefore.get(name) ?? 0;
    if (stalled < stalls && request.method === "POST") {
      stalledBefore.set(name, stalled + 1);
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" }).write("00");
      return true;
    }
    const basic = token && `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    if (!isPrivate || authorization === basic) return false;
    response.writeHead(authorization ? 403 : 401, { "www-authenticate": "Basic" }).end();
    return true;
  };
  return standIn;
}

interface Served {
  readonly standIn: StandIn;
  readonly state: { limited: number };
  readonly token: string | undefined;
  readonly pageSize: number;
}

async function api(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { standIn, state, token, pageSize } = served;
  const url = new URL(request.url ?? "", standIn.hub.origin);
  const path = url.pathname.replace("/api/v3", "");
  const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    standIn.asked.push({
      path: path + url.search,
      at: Date.now(),
      status,
      authorization: request.headers.authorization,
    });
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, {
      "content-type": typeof body === "string" ? "text/plain" : "application/json; charset=utf-8",
      ...headers,
    });
    response.end(status === 304 ? undefined : text);
  };
  if (state.limited > Date.now()) {
    standIn.early.push(path);
    return send(403, { message: "API rate limit exceeded" }, limitHeaders(0, state.limited));
  }
  const trouble = standIn.trouble.find(
    (one) => one.times > 0 && (one.path.test(path) || one.path.test(path + url.search)),
  );
  if (trouble && makeTrouble(trouble, { send, response, state, standIn, path })) return;
  if (standIn.app && path.startsWith("/app/")) {
    return send(...appAnswer(path, { app: standIn.app, token, authorization: request.headers.authorization }));
  }
  if (
    token &&
    request.headers.authorization !== `token ${token}` &&
    request.headers.authorization !== `bearer ${token}`
  ) {
    return send(401, { message: "Bad credentials" });
  }
  if (path.endsWith("/graphql")) return graphql(request, standIn, send);
  const text = standIn.texts.get(path);
  if (text !== undefined) return send(200, text);
  const elsewhere = standIn.redirects.get(path);
  if (elsewhere !== undefined) return send(302, "", { location: elsewhere });
  const listed = oneOfList(path, standIn);
  if (listed) {
    const etag = `"${createHash("sha1").update(JSON.stringify(listed)).digest("hex")}"`;
    return request.headers["if-none-match"] === etag ? send(304, "", { etag }) : send(200, listed, { etag });
  }
  const single = one(path, standIn);
  if (single)
    return single.moved
      ? send(301, { message: "Moved Permanently" }, { location: single.moved })
      : send(200, single.body, limitHeaders(4000, Date.now() + 3_600_000));
  const all = list(path, standIn);
  if (!all) return send(404, { message: "Not Found" });
  const since = url.searchParams.get("since");
  const isWanted = (each: { updated_at?: string; type?: string }): boolean =>
    (since === null || (each.updated_at ?? "") >= since) &&
    (each.type !== "Anonymous" || url.searchParams.get("anon") === "1");
  const wanted = all.filter(isWanted);
  const page = Number(url.searchParams.get("page") ?? 1);
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), pageSize);
  const body = wanted.slice((page - 1) * size, page * size);
  const etag = `"${createHash("sha1").update(JSON.stringify(body)).digest("hex")}"`;
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  const headers = {
    ...limitHeaders(4000, Date.now() + 3_600_000),
    etag,
    ...(page * size < wanted.length && { link: `<${next.href}>; rel="next"` }),
  };
  if (request.headers["if-none-match"] === etag) return send(304, "", headers);
  const wrapped = path === "/installation/repositories" ? { total_count: wanted.length, repositories: body } : body;
  send(200, wrapped, headers);
}

/** What the API says to an App that proves who it is: a token signed with its key, good for ten minutes at most. */
function appAnswer(
  path: string,
  { app, token, authorization = "" }: { app: App; token: string | undefined; authorization: string | undefined },
): readonly [status: number, body: object] {
  const [head = "", body = "", signature = ""] = authorization.replace(/^bearer /i, "").split(".");
  const signed = verify("sha256", Buffer.from(`${head}.${body}`), app.publicKey, Buffer.from(signature, "base64url"));
  const claims = signed ? JSON.parse(Buffer.from(body, "base64url").toString()) : {};
  if (String(claims.iss) !== app.id || claims.exp - claims.iat > 660) return [401, { message: "Bad credentials" }];
  const installed = Object.entries(app.installations);
  if (path === "/app/installations") return [200, installed.map(([login, id]) => ({ id, account: { login } }))];
  const [, asked] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path) ?? [];
  if (!installed.some(([, id]) => id === Number(asked))) return [404, { message: "Not Found" }];
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return [201, { token, expires_at: expires, permissions: { contents: "read" }, repository_selection: "all" }];
}

const limitHeaders = (remaining: number, reset: number): Record<string, string> => ({
  "x-ratelimit-limit": "5000",
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": String(Math.floor(reset / 1000)),
});

interface Troubled {
  readonly send: (status: number, body: unknown, headers?: Record<string, string>) => void;
  readonly response: ServerResponse;
  readonly state: { limited: number };
  readonly standIn: StandIn;
  readonly path: string;
}

function makeTrouble(trouble: Trouble, { send, response, state, standIn, path }: Troubled): boolean {
  trouble.times--;
  const { kind, seconds = 1 } = trouble;
  if (kind === "reset") return void response.socket?.destroy() === undefined;
  if (kind === "cut") {
    standIn.asked.push({ path, at: Date.now(), status: 200, authorization: undefined });
    response.writeHead(200, { "content-type": "application/json" });
    response.end('[{"id": 1, "full_name": "acme/o');
    return true;
  }
  if (kind === "sso")
    send(
      403,
      { message: "Resource protected by organization SAML enforcement" },
      { "x-github-sso": "required; url=https://x" },
    );
  else if (kind === "primary") {
    // The header counts whole seconds.
    state.limited = Math.ceil(Date.now() / 1000 + seconds) * 1000;
    send(403, { message: "API rate limit exceeded" }, limitHeaders(0, state.limited));
  } else if (kind === "secondary" || kind === "429") {
    state.limited = Date.now() + seconds * 1000;
    send(
      kind === "429" ? 429 : 403,
      { message: "You have exceeded a secondary rate limit" },
      { "retry-after": String(seconds) },
    );
  } else send(Number(kind), { message: `trouble ${kind}` });
  return true;
}

/** An answer that is no list. */
function one(
  path: string,
  { owners, repos, objects, hub, account }: StandIn,
): { body?: object; moved?: string } | undefined {
  if (path === "/rate_limit")
    return { body: { rate: { limit: 5000, remaining: 4000, reset: Math.floor(Date.now() / 1000) + 3600 } } };
  const object = objects.get(path);
  if (object !== undefined) return { body: object };
  const [, named] = /^\/(?:orgs|users)\/([^/]+)$/.exec(path) ?? [];
  const login = path === "/user" ? account : named;
  if (login !== undefined) {
    const all = reposOf(login, repos);
    const stated = owners.get(login)?.stated ?? all.length;
    const hidden = all.filter((repo) => repo.private).length;
    return { body: { login, public_repos: stated - hidden, total_private_repos: hidden, owned_private_repos: hidden } };
  }
  const [, name] = /^\/repos\/([^/]+\/[^/]+)$/.exec(path) ?? [];
  const repo = name === undefined ? undefined : repos.get(name);
  if (!repo) return undefined;
  const parent = [...repos.values()].find(({ id }) => id === repo.parent);
  return { body: { ...repoBody(repo, hub.origin), ...(parent && { parent: repoBody(parent, hub.origin) }) } };
}

/** What stands in a list, asked for by its number or id. */
function oneOfList(path: string, { lists }: StandIn): object | undefined {
  const [, parent = "", id] = /^(.+)\/(\d+)$/.exec(path) ?? [];
  return lists.get(parent)?.find((each) => {
    const { number, id: own } = each as { number?: number; id?: number };
    return id === String(number ?? own);
  });
}

const reposOf = (owner: string, repos: StandIn["repos"]): Repo[] =>
  [...repos.values()].filter(({ name }) => name.startsWith(`${owner}/`)).sort((a, b) => (a.name < b.name ? -1 : 1));

function list(path: string, standIn: StandIn): readonly object[] | undefined {
  const { owners, repos, lists, hub, account, app } = standIn;
  const known = lists.get(path);
  if (known) return known;
  const [, login = "", what = ""] = /^\/(?:orgs|users)\/([^/]+)\/([a-z_]+)$/.exec(path) ?? [];
  const owner = owners.get(login);
  if (path === "/user/repos" && account) return reposOf(account, repos).map((repo) => repoBody(repo, hub.origin));
  if (path === "/installation/repositories" && app)
    return Object.keys(app.installations)
      .flatMap((login) => reposOf(login.toLowerCase(), repos))
      .filter((repo) => app.given?.includes(repo.name) ?? true)
      .map((repo) => repoBody(repo, hub.origin));
  // Of a person everybody is shown what is public.
  const shown = (repo: Repo): boolean => owner?.kind === "org" || !repo.private;
  if (what === "repos" && owner)
    return reposOf(login, repos)
      .filter(shown)
      .map((repo) => repoBody(repo, hub.origin));
  if (what === "members" && owner) return (owner.members ?? []).map((login) => ({ login, type: "User" }));
  if (what === "outside_collaborators" && owner)
    return (owner.collaborators ?? []).map((login) => ({ login, type: "User" }));
  if (what === "gists" && owner) return [];
  const [, name = ""] = /^\/repos\/([^/]+\/[^/]+)\/[a-z_/]+$/.exec(path) ?? [];
  return repos.has(name) ? [] : undefined;
}

function repoBody(repo: Repo, origin: string): object {
  const {
    id,
    name,
    private: isPrivate = false,
    fork = false,
    archived = false,
    disabled = false,
    wiki = false,
    discussions = false,
  } = repo;
  return {
    id,
    full_name: name,
    owner: { login: name.split("/")[0] },
    clone_url: `${origin}/${name}.git`,
    html_url: `${origin}/${name}`,
    private: isPrivate,
    fork,
    archived,
    disabled,
    has_wiki: wiki,
    has_discussions: discussions,
    size: 10,
    pushed_at: "2024-01-01T00:00:00Z",
  };
}

async function graphql(request: IncomingMessage, standIn: StandIn, send: Troubled["send"]): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { query, variables } = JSON.parse(String(Buffer.concat(parts))) as {
    query: string;
    variables: Record<string, unknown>;
  };
  send(200, standIn.graphql?.(query, variables) ?? { data: {} });
}
