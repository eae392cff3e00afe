import type { Draft } from "./rows.ts";

/** A forge, as `--platform` calls it, and the page of the repository on it. */
export interface Forge {
  readonly platform: string;
  /** `https://host/owner/name`. */
  readonly url: string;
}

export const platforms: readonly string[] = ["github", "gitlab", "azuredevops", "gitea", "bitbucket", "none"];

const hosts: readonly (readonly [host: RegExp, platform: string])[] = [
  [/^github\.com$/, "github"],
  [/^gitlab\.com$/, "gitlab"],
  [/^dev\.azure\.com$|\.visualstudio\.com$/, "azuredevops"],
  [/^(?:gitea\.com|code\.forgejo\.org|codeberg\.org)$/, "gitea"],
  [/^bitbucket\.org$/, "bitbucket"],
];

/** The forge of a remote's address; the platform is told by the host unless given. `undefined` for one unknown. */
export function forgeOf(address: string | undefined, platform?: string): Forge | undefined {
  if (address === undefined || platform === "none") return undefined;
  const ssh = /^(?:ssh:\/\/)?(?:[^@/]+@)([^:/]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(address);
  const http = /^https?:\/\/(?:[^@/]+@)?([^/]+)\/(.+?)(?:\.git)?\/?$/.exec(address);
  const [, host = "", path = ""] = http ?? ssh ?? [];
  const known = platform ?? hosts.find(([pattern]) => pattern.test(host))?.[1];
  return host === "" || known === undefined ? undefined : { platform: known, url: `https://${host}/${path}` };
}

/** The page on which a row's lines are seen, as gitleaks writes it. `undefined` for a row without a commit. */
export function linkTo({ platform, url }: Forge, draft: Draft): string | undefined {
  const { Commit, File, StartLine, EndLine } = draft;
  if (Commit === "") return undefined;
  const [file = "", ...inner] = File.split("!");
  const path = file.replaceAll(" ", "%20").replaceAll("%", "%25").replaceAll("%2520", "%20");
  const isArchive = inner.length > 0;
  const lines = (first: string, last: string): string => {
    if (isArchive || StartLine === 0) return "";
    return `${first}${StartLine}${EndLine === StartLine ? "" : `${last}${EndLine}`}`;
  };
  const markup = !isArchive && /\.(?:ipynb|md)$/i.test(path);
  switch (platform) {
    case "github":
      return `${url}/blob/${Commit}/${path}${markup ? "?plain=1" : ""}${lines("#L", "-L")}`;
    case "gitlab":
      return `${url}/blob/${Commit}/${path}${lines("#L", "-")}`;
    case "gitea":
      return `${url}/src/commit/${Commit}/${path}${markup ? "?display=source" : ""}${lines("#L", "-L")}`;
    case "bitbucket":
      return `${url}/src/${Commit}/${path}${lines("#lines-", ":")}`;
    case "azuredevops": {
      const view = "&lineStartColumn=1&lineEndColumn=10000000&type=2&lineStyle=plain&_a=files";
      const range = lines("&line=", "&lineEnd=");
      return `${url}/commit/${Commit}?path=/${path}${isArchive ? "" : `${range}${view}`}`;
    }
    default:
      return undefined;
  }
}
