/**
 * Another repository over the network: its address, and with what git may go there. Credentials are taken out of an
 * address before git sees it, so that they reach neither its arguments nor a clone's config; they travel in the
 * environment, bound to the one origin they were meant for.
 */
import { LeaksweepError } from "../errors.ts";
import type { Reach, Settings } from "./environment.ts";
import { printable, reasonIn } from "./git.ts";

type Transport = "https" | "http" | "ssh" | "file";

/** How to get to another repository. */
export interface RemoteOptions {
  readonly signal?: AbortSignal;
  /** Lets `http://` leave this machine. */
  readonly insecure?: boolean;
  /** Socket of the user's ssh agent (SSH_AUTH_SOCK). */
  readonly sshAgent?: string;
  /** URL of a proxy, and file with certificates to trust: git's own settings for them are off. */
  readonly proxy?: string;
  readonly caFile?: string;
  /** For an http or https address; those in the address go first. */
  readonly login?: Login;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** What git is told of a remote: an address without credentials, and the environment to reach it with. */
export interface Remote {
  readonly address: string;
  readonly reach: Reach;
}

/** Reads what a user or a forge calls an address. Throws "usage.invalid" for what is none or may not be used. */
export function remoteOf(url: string, options: RemoteOptions = {}): Remote {
  const { address, transport, credentials: own } = readUrl(url, options.insecure ?? false);
  const web = transport === "https" || transport === "http";
  const credentials = own ?? (web && options.login ? basic(options.login) : undefined);
  return {
    address,
    reach: {
      transports: [transport],
      settings: networkSettings(address, credentials, options),
      ...(transport === "ssh" && options.sshAgent && { sshAgent: options.sshAgent }),
    },
  };
}

const basic = ({ user, password }: Login): string =>
  `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function networkSettings(address: string, credentials: string | undefined, { proxy, caFile }: RemoteOptions): Settings {
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
  const credentials = basic({ user: decoded(username), password: decoded(password) });
  return { address: parsed.href, transport: scheme, credentials };
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

/** The error for a remote with which git could not do what `verb` says. Holds git's own reason, and no credentials. */
export function unreachable(verb: string, address: string, cause: unknown): LeaksweepError {
  const lines = (cause instanceof Error ? cause.message : "").split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const said = reasonIn(lines) || "git failed";
  return new LeaksweepError("git.failed", `Cannot ${verb} "${printable(address)}": ${printable(said)}`, {
    hint: "Check the address and that you may read it; credentials can stand in the URL.",
  });
}
