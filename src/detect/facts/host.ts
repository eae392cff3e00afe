/** Loopback: RFC 1122, RFC 4291, RFC 6761. */
const local = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1?\]?|host\.docker\.internal)$/i;

/** Addresses that nobody routes (RFC 1918, 3927, 4193, 6598) and names that no public server answers for. */
const inside =
  /^(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d{1,3}){2}|\[?f[cd][0-9a-f:]+\]?|\[?fe80[0-9a-f:]+\]?|[^.:]+|.+\.(?:local|internal|intranet|lan|corp|home|private|svc|localdomain|home\.arpa))$/i;

/** A host without what SQL Server writes around it (`tcp:host\\instance,port`), and without a port. */
export const bareHost = (host: string): string =>
  host
    .replace(/^(?:tcp|np|lpc|admin):/i, "")
    .replace(/\\.*$|,\d{1,5}$/, "")
    .replace(/^([^:]+|\[[^\]]*\]):\d{1,5}$/, "$1");

/**
 * From where a host can be reached, by its name or address alone: from its own machine, from its network, or from
 * anywhere. It says how much a login at the host is worth to a stranger.
 */
export function hostScope(host: string): "local" | "private" | "public" {
  const bare = bareHost(host);
  if (local.test(bare)) return "local";
  return inside.test(bare) ? "private" : "public";
}
