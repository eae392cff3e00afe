/**
 * Logins for hosts that are no forge of ours: a file in the format of git's own credential store, named by
 * LEAKSWEEP_GIT_CREDENTIALS, one `https://user:password@host` a line. Each is used for its origin and nowhere else.
 */
import { readFile, stat } from "node:fs/promises";
import { LeaksweepError } from "../errors.ts";
import type { Login } from "../git/remote.ts";

/** Logins by origin, such as `https://git.example.org`. Throws "usage.invalid" for a file that others may read. */
export async function readLogins(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, Login>> {
  const file = env.LEAKSWEEP_GIT_CREDENTIALS;
  if (!file) return new Map();
  const state = await stat(file).catch(() => undefined);
  if (!state) throw refused(file, "there is no such file", "Name a file, or unset the variable.");
  if ((state.mode & 0o077) !== 0) throw refused(file, "other users may read it", `Close it to them: chmod 600 ${file}`);
  const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.trim());
  return new Map(lines.flatMap((line) => login(line) ?? []));
}

function login(line: string): [[origin: string, Login]] | undefined {
  if (!URL.canParse(line)) return undefined;
  const { origin, username, password } = new URL(line);
  return [[origin, { user: decodeURIComponent(username), password: decodeURIComponent(password) }]];
}

/** The login for an address, when there is one for its origin. */
export const loginOf = (logins: ReadonlyMap<string, Login>, url: string): Login | undefined =>
  URL.canParse(url) ? logins.get(new URL(url).origin) : undefined;

const refused = (file: string, state: string, hint: string): LeaksweepError =>
  new LeaksweepError("usage.invalid", `Cannot read git credentials "${file}": ${state}`, { hint });
