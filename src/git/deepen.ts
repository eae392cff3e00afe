/**
 * Getting what a checkout left out, because the user asked for it. The repository's own remote is asked, with the
 * credentials that its config holds. No program that the config names is started, and what comes is written to the
 * refs that were asked for and nowhere else.
 */
import { LeaksweepError } from "../errors.ts";
import type { CloneOptions } from "./clone.ts";
import type { Settings } from "./environment.ts";
import { openGit } from "./git.ts";
import type { Repository } from "./repository.ts";

export interface DeepenOptions extends Pick<CloneOptions, "signal" | "sshAgent" | "proxy" | "caFile"> {
  /** Object ids, or refspecs as `+refs/heads/x:refs/remotes/origin/x`; none: what the remote's own rules say. */
  readonly wants: readonly string[];
}

/**
 * Fetches from the remote called `origin`, or else the first one, with all of the history that a shallow repository
 * lacks. Throws "git.failed" where there is no remote, or none that may be asked, and where it does not give what is
 * wanted.
 */
export async function deepen(repository: Repository, { wants, signal, ...network }: DeepenOptions): Promise<void> {
  const remotes = repository.remotes();
  const remote = remotes.find(({ name }) => name === "origin") ?? remotes[0];
  const transport = transportOf(remote?.urls[0] ?? "");
  if (remote === undefined || transport === undefined) {
    const why =
      remote === undefined ? "this repository has no remote" : "the address of its remote is none to fetch from";
    throw new LeaksweepError("git.failed", `Cannot fetch what is missing: ${why}`, {
      hint: "Fetch it before, with git itself.",
    });
  }
  const { sshAgent } = network;
  const reach = { transports: [transport], settings: settingsOf(network), ...(sshAgent !== undefined && { sshAgent }) };
  const git = openGit(repository.git.place, { signal, reach });
  const how = [
    "--quiet",
    "--no-tags",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--upload-pack=git-upload-pack",
  ];
  const isShallow = (await git.run(["rev-parse", "--is-shallow-repository"])).trim() === "true";
  const depth = isShallow ? ["--unshallow"] : [];
  await git.run(["fetch", ...how, ...depth, "--end-of-options", remote.name, ...wants]);
}

/** As git would choose it; `undefined` for helpers and transports that no checkout of a CI system uses. */
function transportOf(url: string): string | undefined {
  const [, scheme] = /^(https?|ssh|file):\/\//i.exec(url) ?? [];
  if (scheme !== undefined) return scheme.toLowerCase();
  if (/^(?:\.{0,2}\/|[a-z]:[\\/])/i.test(url)) return "file";
  return /^(?:[\w.-]+@)?[\w][\w.-]*:(?!:)/.test(url) ? "ssh" : undefined;
}

const settingsOf = ({ proxy, caFile }: Pick<CloneOptions, "proxy" | "caFile">): Settings => [
  // A connection that stalls is given up by git itself.
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "30"],
  ...(proxy === undefined ? [] : [["http.proxy", proxy] as const]),
  ...(caFile === undefined ? [] : [["http.sslCAInfo", caFile] as const]),
];
