/** GitHub as a forge, with the organisation's own server or the one everybody knows. */
import type { Login } from "../../git/remote.ts";
import type { Forge, RateLimit } from "../forge.ts";
import { type Client, type Credential, installationsOf, openClient, type Pace } from "./client.ts";
import { listPage, repositoryKey } from "./listings.ts";
import { readLostHeads } from "./lost-heads.ts";
import { standingOf } from "./standing.ts";
import { readTexts } from "./texts.ts";
import { orMissing } from "./unread.ts";

export interface GithubOptions {
  readonly api: string;
  readonly login: GithubLogin;
  /** The pace of a credential. Its id says nothing of the credential itself. */
  readonly paceOf: (credential: Credential) => Pace;
  readonly patience: number;
  readonly version: string;
}

/** What the user has: a token, an App with its key, or nothing. */
export type GithubLogin =
  | Extract<Credential, { kind: "token" | "none" }>
  | { readonly kind: "app"; readonly appId: string; readonly privateKey: string };

/** GitHub's API at `api`. Nothing is sent yet, but for an App, whose installations are looked up. */
export async function openGithub(options: GithubOptions): Promise<Forge> {
  const { api } = options;
  const clients = await clientsFor(options);
  const calls = (): number => clients.all().reduce((sum, client) => sum + client.calls(), 0);
  const origins = gitOrigins(api);
  return {
    calls,
    list: (kind, subject, { next, signal }) =>
      listPage(clients.of(subject), {
        kind,
        subject,
        api,
        signal,
        isInstalled: clients.isInstalled(subject),
        ...(next !== undefined && { next }),
      }),
    texts: ({ kind, url }, cursor, signal) => readTexts(clients.of(url), kind, url)(cursor, signal),
    standing: ({ kind, url }) => standingOf(clients.of(url), kind, url),
    lostHeads: (repository, cursor, signal) => readLostHeads(clients.of(repository), repository, cursor, signal),
    async hasCommit(repository, id, signal) {
      const path = `/repos/${repository}/git/commits/${id}`;
      const asked = await clients.of(repository).get(path, { signal }).catch(orMissing);
      return asked !== undefined;
    },
    async parentOf(repository, signal) {
      const { data } = await clients
        .of(repository)
        .get<{ parent?: { id: number } }>(`/repos/${repository}`, { signal });
      return data.parent && repositoryKey(api, data.parent.id);
    },
    async loginFor(url): Promise<Login | undefined> {
      if (!URL.canParse(url) || !origins.includes(new URL(url).origin)) return undefined;
      const password = await clients.of(new URL(url).pathname.slice(1)).token();
      return password === undefined ? undefined : { user: "x-access-token", password };
    },
    async rateLimit(signal): Promise<RateLimit | undefined> {
      const [client] = clients.all();
      if (!client) return undefined;
      interface Limits {
        rate: { limit: number; remaining: number; reset: number };
      }
      const { rate } = (await client.get<Limits>("/rate_limit", { signal })).data;
      return { limit: rate.limit, remaining: rate.remaining, reset: new Date(rate.reset * 1000) };
    },
  };
}

/** Where git may be given the login: the forge's own addresses, and no others that it may name. */
function gitOrigins(api: string): readonly string[] {
  const { origin, hostname, protocol } = new URL(api);
  if (hostname === "api.github.com") return ["https://github.com", "https://gist.github.com"];
  const tenant = /^api\.(.+\.ghe\.com)$/.exec(hostname)?.[1];
  return tenant === undefined ? [origin] : [`${protocol}//${tenant}`, `${protocol}//gist.${tenant}`];
}

interface Clients {
  /** The client for what an owner has, told by a name that begins with the owner's. */
  of(name: string): Client;
  /** Whether the login is an App's that is installed in that account. */
  isInstalled(account: string): boolean;
  all(): readonly Client[];
}

async function clientsFor({ api, login, paceOf, patience, version }: GithubOptions): Promise<Clients> {
  const open = (credential: Credential): Client =>
    openClient({ api, credential, pace: paceOf(credential), patience, version });
  if (login.kind !== "app") {
    const client = open(login);
    return { of: () => client, isInstalled: () => false, all: () => [client] };
  }
  const installations = await installationsOf({ api, version }, login);
  const clients = new Map([...installations].map(([owner, installation]) => [owner, open({ ...login, installation })]));
  // What lies outside all installations, such as members' own repositories, is public: any of them may read it.
  const [any = open({ kind: "none" })] = clients.values();
  return {
    of: (name) => clients.get(name.split("/")[0]?.toLowerCase() ?? "") ?? any,
    isInstalled: (account) => clients.has(account.toLowerCase()),
    all: () => [...clients.values()],
  };
}
