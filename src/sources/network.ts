/**
 * What of the user's environment a clone may use. Git itself is started without any of it, so that a repository at
 * rest cannot be made to reach out; for an address that the user typed, the ways out of their network are handed on.
 */
import { resolve } from "node:path";
import type { CloneOptions } from "../git/clone.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The ssh agent (SSH_AUTH_SOCK), the certificates to trust (GIT_SSL_CAINFO, SSL_CERT_FILE) and, for an https address
 * that NO_PROXY does not name, the proxy (HTTPS_PROXY, ALL_PROXY; as in curl, lower case goes first).
 */
export function networkOf(env: Environment, address: string): Pick<CloneOptions, "sshAgent" | "proxy" | "caFile"> {
  const said = (...names: readonly string[]): string | undefined => names.map((name) => env[name]).find(Boolean);
  const sshAgent = said("SSH_AUTH_SOCK");
  const caFile = said("GIT_SSL_CAINFO", "SSL_CERT_FILE");
  const proxy = said("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  return {
    ...(sshAgent !== undefined && { sshAgent }),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
    ...(proxy !== undefined && isProxied(address, said("no_proxy", "NO_PROXY") ?? "") && { proxy }),
  };
}

/** `except` as curl reads it: hosts, each with all below it, or `*`. Plain http never leaves this machine. */
function isProxied(address: string, except: string): boolean {
  if (!/^https:/i.test(address) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  const named = except.split(/[\s,]+/).map((name) => name.toLowerCase().replace(/^\*?\.|:\d+$/g, ""));
  return !named.some((name) => name === "*" || name === hostname || (name !== "" && hostname.endsWith(`.${name}`)));
}
