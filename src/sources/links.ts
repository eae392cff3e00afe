import type { Repository } from "../git/repository.ts";
import type { Occurrence } from "../terms.ts";

/** Makes the address of an occurrence's page on the repository's forge; `null` where there is none. */
export type Links = (occurrence: Occurrence) => string | null;

/** Path of a line on each kind of forge, known by its host name. */
const forges: readonly {
  readonly host: RegExp;
  readonly page: (commit: string, path: string, line: number) => string;
}[] = [
  { host: /^github\./, page: (commit, path, line) => `/blob/${commit}/${path}#L${line}` },
  { host: /(?:^|\.)gitlab\./, page: (commit, path, line) => `/-/blob/${commit}/${path}#L${line}` },
  { host: /^bitbucket\.org$/, page: (commit, path, line) => `/src/${commit}/${path}#lines-${line}` },
  { host: /^codeberg\.org$|^gitea\./, page: (commit, path, line) => `/src/commit/${commit}/${path}#L${line}` },
];

/** Where a repository was cloned from, as far as it says: the address of `origin`, else of its first remote. */
export function addressOf(repository: Repository): string | undefined {
  const remotes = repository.remotes();
  return (remotes.find(({ name }) => name === "origin") ?? remotes[0])?.urls[0];
}

/**
 * A remote's address without what may be a credential in it, with or without a scheme. Passwords hold "/" and "@"
 * that nobody escaped, so all up to the last "@" goes: rather too much than that a part of a password stays. Only
 * where the scheme is followed by a plain host name (or by none, as in `file:`) an "@" is part of a path.
 */
export function withoutUser(url: string): string {
  return url
    .replace(/^((?:[\w+.-]+::)?[\w+.-]+:\/\/)(?!\/|[\w-]+(?:\.[\w-]+)+(?:\/|$)).*@/s, "$1")
    .replace(/^(?!(?:[\w+.-]+::)?[\w+.-]+:\/\/|[^:@]*\/).*@(?=(?:[\w.-]+|\[[^\]]*\]):)/s, "");
}

/** Links to the forge that a repository was cloned from. */
export function linksOf(repository: Repository): Links {
  const web = webAddress(addressOf(repository));
  const forge = forges.find(({ host }) => web !== undefined && host.test(web.host));
  if (!web || !forge) return () => null;
  return ({ where, path, commit, startLine }) => {
    if (commit === null) return null;
    if (where !== "content") return where === "message" ? `${web.base}/commit/${commit}` : null;
    return web.base + forge.page(commit, path.split("/").map(encodeURIComponent).join("/"), startLine);
  };
}

/** `https://host/owner/name` of an https, ssh or scp-like address, without user, password and `.git`. */
function webAddress(url: string | undefined): { base: string; host: string } | undefined {
  const [, host, path] =
    /^(?:https?:\/\/|ssh:\/\/)?([\w.-]+)(?::\d+)?[:/]([^\s?#]+?)(?:\.git)?\/?$/.exec(withoutUser(url ?? "")) ?? [];
  return host === undefined || path === undefined ? undefined : { base: `https://${host}/${path}`, host };
}
