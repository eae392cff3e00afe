/** The way past a server's gate: a push option, where the server allows it, and a line in a log for each use. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { LeaksweepError } from "../errors.ts";
import type { PushedRef } from "./pushed.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the option is called: `git push -o leaksweep.bypass=WHY`. */
export const bypassOption = "leaksweep.bypass";

/** The reason that whoever pushes gives for going past the gate; empty without a reason, `undefined` when nobody asks. */
export function bypassReason(env: Environment): string | undefined {
  const count = Math.min(Number(env.GIT_PUSH_OPTION_COUNT ?? 0) || 0, 1000);
  for (let at = 0; at < count; at++) {
    const option = env[`GIT_PUSH_OPTION_${at}`] ?? "";
    if (option === bypassOption) return "";
    if (option.startsWith(`${bypassOption}=`)) return option.slice(bypassOption.length + 1).trim();
  }
  return undefined;
}

/** Names of variables in which servers say who pushes, the surest first. */
const pushers = [
  "GL_USERNAME",
  "GITEA_PUSHER_NAME",
  "GITHUB_USER_LOGIN",
  "BB_USER_NAME",
  "GL_USER",
  "REMOTE_USER",
  "LOGNAME",
  "USER",
] as const;

export interface Bypass {
  readonly why: string;
  readonly refs: readonly PushedRef[];
  readonly env: Environment;
  readonly now: Date;
}

/**
 * Writes a use of the way past the gate into `leaksweep-bypass.log` of the git folder, as one line of JSON: time, who,
 * why and the refs. Throws "output.failed" where that cannot be written: nobody goes past unseen.
 */
export async function logBypass(gitDir: string, { why, refs, env, now }: Bypass): Promise<void> {
  const who = pushers.map((name) => env[name]).find((name) => name !== undefined && name !== "") ?? null;
  const changes = refs.map(({ name, before = null, oid = null }) => ({ ref: name, before, after: oid }));
  const file = join(gitDir, "leaksweep-bypass.log");
  try {
    await appendFile(file, `${JSON.stringify({ time: now.toISOString(), who, why, refs: changes })}\n`, {
      mode: 0o600,
    });
  } catch (cause) {
    throw new LeaksweepError("output.failed", `Cannot write to "${file}": nobody goes past the gate unseen`, {
      hint: "Ask whoever runs this server.",
      cause,
    });
  }
}
