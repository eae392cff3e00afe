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

/** Links to the forge that `origin` (or the only remote) is on. */
export function linksOf(repository: Repository): Links {
  const remotes = repository.remotes();
  const remote = remotes.find(({ name }) => name === "origin") ?? (remotes.length === 1 ? remotes[0] : undefined);
  const web = webAddress(remote?.urls[0]);
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
    /^(?:https?:\/\/|ssh:\/\/)?(?:[^/@]*@)?([\w.-]+)(?::\d+)?[:/]([^\s?#]+?)(?:\.git)?\/?$/.exec(url ?? "") ?? [];
  return host === undefined || path === undefined ? undefined : { base: `https://${host}/${path}`, host };
}
