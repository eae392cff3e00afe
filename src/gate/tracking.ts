/**
 * What a remote is known to hold: the refs that track it, and no other. The tracking refs of another remote say
 * nothing, and a push to a bare URL has none.
 */
import type { Known } from "../git/added.ts";

export interface RemoteName {
  /** The first argument of a pre-push hook; the URL itself where no remote was named. */
  readonly name: string;
  /** The second one: where the push goes. */
  readonly url: string;
}

/**
 * Arguments of `git rev-list` for the refs that track a remote, from the text of the repository's own config. Fetch
 * rules that write elsewhere than below `refs/remotes/` are no evidence: `+refs/*:refs/*` has local branches among
 * them. Where the push goes to another repository than fetches come from, nothing is known of it.
 */
export function trackingRefs(config: string, { name, url }: RemoteName): Known["refs"] {
  if (name === "" || name === url) return [];
  const remotes = remotesIn(config);
  const own = remotes.get(name);
  if (own && own.pushUrls.length > 0 && !own.urls.some((fetched) => place(fetched) === place(url))) return [];
  const targets = own?.fetches.flatMap(targetOf) ?? [];
  const globs = own && own.fetches.length > 0 ? targets : [`refs/remotes/${name}/*`];
  // A remote called `a/b` keeps its refs below those of a remote called `a`.
  const others = [...remotes.keys()].filter((other) => other !== name).map((other) => `refs/remotes/${other}/`);
  return globs
    .filter((glob) => glob.startsWith("refs/remotes/") && !others.some((other) => glob.startsWith(other)))
    .flatMap((glob) => [
      ...others.filter((other) => other.startsWith(glob.replace(/\*.*/, ""))).map((other) => `--exclude=${other}*`),
      `--glob=${glob}`,
    ]);
}

interface RemoteSection {
  readonly urls: string[];
  readonly pushUrls: string[];
  readonly fetches: string[];
}

/**
 * The `[remote "…"]` sections. This reads only what git itself writes there: a line in another form is passed over,
 * and less is then known of the remote, which costs time and hides nothing.
 */
function remotesIn(config: string): ReadonlyMap<string, RemoteSection> {
  const remotes = new Map<string, RemoteSection>();
  let current: RemoteSection | undefined;
  for (const line of config.split("\n")) {
    const heading = /^\s*\[/.test(line) ? (/^\s*\[remote "((?:[^"\\]|\\.)*)"\]/i.exec(line) ?? []) : undefined;
    if (heading) {
      const name = heading[1]?.replace(/\\(.)/g, "$1");
      current = name === undefined ? undefined : (remotes.get(name) ?? { urls: [], pushUrls: [], fetches: [] });
      if (name !== undefined && current) remotes.set(name, current);
    }
    const [, key = "", value = ""] = /^\s*(url|pushurl|fetch)\s*=\s*"?(.*?)"?\s*$/i.exec(line) ?? [];
    const list = { url: current?.urls, pushurl: current?.pushUrls, fetch: current?.fetches }[key.toLowerCase()];
    list?.push(value);
  }
  return remotes;
}

/** `refs/remotes/origin/*` of `+refs/heads/*:refs/remotes/origin/*`; nothing for what is left out (`^…`) or not kept. */
const targetOf = (fetch: string): string[] => {
  const [, target] = fetch.startsWith("^") ? [] : fetch.split(":");
  return target === undefined || target === "" ? [] : [target];
};

/** Host and path, which are the same for all ways to one repository: `git@host:a/b.git`, `https://host/a/b`. */
const place = (url: string): string =>
  url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/^[^/@]*@/, "")
    .replace(/:(?:\d+\/)?/, "/")
    .replace(/\/+/g, "/")
    .replace(/(?:\.git)?\/?$/, "")
    .toLowerCase();
