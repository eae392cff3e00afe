/** Lists of repositories, gists and people, a page at a time, as targets. */
import type { FoundTarget, ListingKind, ListingPage } from "../forge.ts";
import type { Client } from "./client.ts";

/** Fields of a repository, of those that the API gives, on which something depends here. */
interface Repository {
  readonly id: number;
  readonly full_name: string;
  readonly owner: { readonly login: string };
  readonly clone_url: string;
  readonly html_url: string;
  readonly private: boolean;
  readonly fork: boolean;
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly is_template?: boolean;
  readonly has_wiki?: boolean;
  readonly has_discussions?: boolean;
  readonly size?: number;
  readonly pushed_at?: string | null;
}

interface Gist {
  readonly id: string;
  readonly owner?: { readonly login: string } | null;
  readonly git_pull_url: string;
  readonly html_url: string;
  readonly public: boolean;
}

interface Person {
  readonly login?: string;
  readonly type?: string;
}

type Found = Pick<ListingPage, "targets" | "people" | "nameless" | "mostNamed">;

interface Listing {
  readonly path: (subject: string) => string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly read: (page: unknown, api: string) => Found;
  /** Where the forge says how many there are. */
  readonly counted?: {
    readonly path: (subject: string) => string;
    readonly read: (owner: Counts) => number | undefined;
  };
}

interface Counts {
  readonly public_repos?: number;
  readonly total_private_repos?: number;
  readonly owned_private_repos?: number;
  readonly public_gists?: number;
  readonly private_gists?: number;
}

const repositories = (page: unknown, api: string): Found => ({
  targets: (page as readonly Repository[]).map((repository) => repositoryTarget(repository, api)),
  people: [],
});

const gists = (page: unknown, api: string): Found => ({
  targets: (page as readonly Gist[]).map((gist) => gistTarget(gist, api)),
  people: [],
});

/** Programs that commit have no repositories of their own; an answer for an empty repository has no body. */
const people = (page: unknown): Found => ({
  targets: [],
  people: ((page || []) as readonly Person[]).flatMap(({ login, type }) =>
    login === undefined || type === "Bot" ? [] : [login],
  ),
});

/** Addresses of authors, of one repository, for which GitHub looks for an account. */
const mostNamed = 500;

/** Authors come with their account or as a name alone; the latter on the same pages, so that to count them costs little. */
const authors = (page: unknown): Found => {
  const nameless = ((page || []) as readonly Person[]).filter(({ type }) => type === "Anonymous").length;
  return { ...people(page), nameless, mostNamed };
};

const listings: Readonly<Record<ListingKind, Listing>> = {
  "org-repositories": {
    path: (org) => `/orgs/${org}/repos`,
    params: { type: "all", sort: "full_name", per_page: 100 },
    read: repositories,
    counted: {
      path: (org) => `/orgs/${org}`,
      read: ({ public_repos, total_private_repos = 0 }) =>
        public_repos === undefined ? undefined : public_repos + total_private_repos,
    },
  },
  "org-members": { path: (org) => `/orgs/${org}/members`, params: { per_page: 100 }, read: people },
  "org-collaborators": { path: (org) => `/orgs/${org}/outside_collaborators`, params: { per_page: 100 }, read: people },
  "repository-contributors": {
    path: (name) => `/repos/${name}/contributors`,
    params: { anon: 1, per_page: 100 },
    read: authors,
  },
  "user-repositories": {
    path: (login) => `/users/${login}/repos`,
    params: { type: "owner", sort: "full_name", per_page: 100 },
    read: repositories,
    counted: { path: (login) => `/users/${login}`, read: ({ public_repos }) => public_repos },
  },
  "user-gists": {
    path: (login) => `/users/${login}/gists`,
    params: { per_page: 100 },
    read: gists,
    counted: { path: (login) => `/users/${login}`, read: ({ public_gists }) => public_gists },
  },
};

/**
 * The same for the account that the login is of. Others are shown what is public; what is private and secret is only in
 * lists that name nobody. Of these the forge tells how many there are to some logins and not to others.
 */
const ownListings: Partial<Readonly<Record<ListingKind, Listing>>> = {
  "user-repositories": {
    path: () => "/user/repos",
    params: { affiliation: "owner", sort: "full_name", per_page: 100 },
    read: repositories,
    counted: { path: () => "/user", read: (own) => sum(own.public_repos, own.owned_private_repos) },
  },
  "user-gists": {
    path: () => "/gists",
    params: { per_page: 100 },
    read: gists,
    counted: { path: () => "/user", read: (own) => sum(own.public_gists, own.private_gists) },
  },
};

const sum = (known: number | undefined, more = 0): number | undefined =>
  known === undefined ? undefined : known + more;

interface Wanted {
  readonly kind: ListingKind;
  readonly subject: string;
  readonly api: string;
  readonly next?: string;
  /** The login is an App's, installed in the account of the subject. */
  readonly isInstalled: boolean;
  readonly signal: AbortSignal;
}

/** One page: the first, with the forge's own count, or the one at `next`. */
export async function listPage(client: Client, wanted: Wanted): Promise<ListingPage> {
  const { kind, subject, api, next, isInstalled, signal } = wanted;
  if (isInstalled && kind === "user-repositories") return installedPage(client, wanted);
  const own = await ownListing(client, { kind, subject, signal });
  const { path, params, read, counted } = own ?? listings[kind];
  const name = subject.split("/").map(encodeURIComponent).join("/");
  const page = await client.get<unknown>(next ?? path(name), next === undefined ? { params, signal } : { signal });
  const found = read(page.data, api);
  // Counted after the first page was read: what was made in between is then too little in neither.
  const owner = next === undefined && counted ? await client.get<Counts>(counted.path(name), { signal }) : undefined;
  const stated = owner && counted?.read(owner.data);
  return { ...found, ...(page.next !== undefined && { next: page.next }), ...(stated !== undefined && { stated }) };
}

async function ownListing(
  client: Client,
  { kind, subject, signal }: { kind: ListingKind; subject: string; signal: AbortSignal },
): Promise<Listing | undefined> {
  const own = ownListings[kind];
  if (own === undefined) return undefined;
  const login = await client.account(signal);
  return login?.toLowerCase() === subject.toLowerCase() ? own : undefined;
}

interface Installed {
  readonly total_count: number;
  readonly repositories: readonly Repository[];
}

/**
 * A person's repositories as an App sees them that is installed there: those that it was given, private ones among them,
 * and then what everybody is shown, since it need not have been given all. What is in both counts twice, here and there.
 */
async function installedPage(
  client: Client,
  { subject, api, next, signal }: Pick<Wanted, "subject" | "api" | "next" | "signal">,
): Promise<ListingPage> {
  const person = `/users/${encodeURIComponent(subject)}`;
  const first = "/installation/repositories?per_page=100";
  const page = await client.get<Installed | readonly Repository[]>(next ?? first, { signal });
  const more = page.next === undefined ? {} : { next: page.next };
  if (!("repositories" in page.data)) return { ...repositories(page.data, api), ...more };
  const given = {
    ...repositories(page.data.repositories, api),
    next: `${person}/repos?type=owner&per_page=100`,
    ...more,
  };
  if (next !== undefined) return given;
  const { public_repos = 0 } = (await client.get<Counts>(person, { signal })).data;
  return { ...given, stated: page.data.total_count + public_repos };
}

/** Ids outlive names: a repository that is renamed or moved is the same target. */
export const repositoryKey = (api: string, id: number): string => `${api}/repositories/${id}`;

function repositoryTarget(repository: Repository, api: string): FoundTarget {
  const { size, pushed_at } = repository;
  return {
    key: repositoryKey(api, repository.id),
    kind: "repository",
    name: repository.full_name,
    owner: repository.owner.login,
    url: repository.clone_url,
    web: repository.html_url,
    traits: {
      fork: repository.fork,
      private: repository.private,
      archived: repository.archived === true,
      disabled: repository.disabled === true,
      template: repository.is_template === true,
      wiki: repository.has_wiki === true,
      discussions: repository.has_discussions === true,
    },
    ...(size !== undefined && { kilobytes: size }),
    ...(pushed_at && { pushed: pushed_at }),
  };
}

function gistTarget({ id, owner, git_pull_url, html_url, public: isPublic }: Gist, api: string): FoundTarget {
  const login = owner?.login ?? "anonymous";
  return {
    key: `${api}/gists/${id}`,
    kind: "gist",
    name: `${login}/gist:${id}`,
    owner: login,
    url: git_pull_url,
    web: html_url,
    traits: { private: !isPublic },
  };
}
