/**
 * Cloning, the only thing here that may use the network, and only because the user typed a URL. Credentials in that
 * URL are taken out of it before git sees it, so that they reach neither its arguments nor the clone's config; they
 * travel in the environment, bound to the one origin they were typed for.
 */
import { LeaksweepError } from "../errors.ts";
import { gitEnvironment, type Settings } from "./environment.ts";
import { printable } from "./git.ts";

type Transport = "https" | "http" | "ssh" | "file";

export interface CloneOptions {
  readonly signal?: AbortSignal;
  /** `percent` counts within a stage: "remote" (the server counts), "receiving", "resolving". Some may be missed. */
  readonly onProgress?: (progress: { readonly stage: string; readonly percent: number }) => void;
  /** Lets `http://` leave this machine. */
  readonly insecure?: boolean;
  /** Socket of the user's ssh agent (SSH_AUTH_SOCK). */
  readonly sshAgent?: string;
  /** URL of a proxy, and file with certificates to trust: git's own settings for them are off. */
  readonly proxy?: string;
  readonly caFile?: string;
}

/**
 * Mirrors the repository at `url` into `dir`, a folder that is empty or not there yet: every ref of every namespace
 * comes along. No hook runs and no submodule is fetched. Throws "usage.invalid" for what is no URL or uses a
 * transport that is not allowed, "git.failed" when git cannot clone, and the signal's reason.
 */
export async function clone(url: string, dir: string, options: CloneOptions = {}): Promise<void> {
  const { address, transport, credentials } = readUrl(url, options.insecure ?? false);
  const { GIT_DIR: _nowhere, ...env } = gitEnvironment(undefined, {
    transports: [transport],
    settings: networkSettings(address, credentials, options),
    ...(transport === "ssh" && options.sshAgent && { sshAgent: options.sshAgent }),
  });
  options.signal?.throwIfAborted();
  const { simpleGit } = await import("simple-git");
  const git = simpleGit({
    baseDir: "/",
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")),
    unsafe: overrides,
    ...(options.signal && { abort: options.signal }),
    progress: ({ stage, progress }) => options.onProgress?.({ stage: stage.replace(/:$/, ""), percent: progress }),
  }).env(env);
  try {
    await git.clone(address, dir, ["--mirror"]);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failed(address, error);
  }
}

/** simple-git guards against these keys whatever their value; all of ours switch something off. */
const overrides = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
} as const;

function networkSettings(address: string, credentials: string | undefined, { proxy, caFile }: CloneOptions): Settings {
  return [
    // A connection that stalls is given up by git itself: simple-git's own timeout would leave git's helper behind.
    ["http.lowSpeedLimit", "1000"],
    ["http.lowSpeedTime", "30"],
    ["http.followRedirects", credentials === undefined ? "initial" : "false"],
    ["transfer.unpackLimit", "1"],
    ...(credentials === undefined ? [] : [[`http.${new URL(address).origin}/.extraHeader`, credentials] as const]),
    ...(proxy === undefined ? [] : [["http.proxy", proxy] as const]),
    ...(caFile === undefined ? [] : [["http.sslCAInfo", caFile] as const]),
  ];
}

interface Address {
  /** The URL without password, and without user unless ssh needs one. */
  readonly address: string;
  readonly transport: Transport;
  /** An HTTP header. */
  readonly credentials?: string;
}

/** `user@host:path`, as ssh users write it. */
const scpLike = /^(?:[\w.-]+@)?[\w][\w.-]*:(?![:/]{2}|:)/;

function readUrl(url: string, insecure: boolean): Address {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined && scpLike.test(url)) return { address: url, transport: "ssh" };
  if (scheme === "file") return { address: url, transport: "file" };
  if (scheme !== "https" && scheme !== "http" && scheme !== "ssh")
    throw refused(url, "it is no https, ssh or file URL");
  if (!URL.canParse(url)) throw refused(url, "it is no valid URL");
  const parsed = new URL(url);
  if (scheme === "http" && !insecure && !isLoopback(parsed.hostname)) throw refused(url, "http sends it unencrypted");
  const { username, password } = parsed;
  parsed.password = "";
  if (scheme === "ssh") return { address: parsed.href, transport: scheme };
  parsed.username = "";
  if (username === "" && password === "") return { address: parsed.href, transport: scheme };
  const basic = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return { address: parsed.href, transport: scheme, credentials: `Authorization: Basic ${basic}` };
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);

/** A user part as it was meant; as written where it is not percent-encoded properly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refused(url: string, why: string): LeaksweepError {
  return new LeaksweepError("usage.invalid", `Cannot clone "${printable(url)}": ${why}`, {
    hint: "Give an https://, ssh:// or file:// URL, or clone the repository yourself and scan the folder.",
  });
}

function failed(address: string, cause: unknown): LeaksweepError {
  const lines = (cause instanceof Error ? cause.message : "").split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const said = lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "git failed";
  return new LeaksweepError("git.failed", `Cannot clone "${printable(address)}": ${printable(said)}`, {
    hint: "Check the address and that you may read it; credentials can stand in the URL.",
  });
}
