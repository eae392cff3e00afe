/** How the user logs in to GitHub: an App, a token from the environment, or the one that `gh` has. Never a flag. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { LeaksweepError } from "../errors.ts";
import type { GithubLogin } from "../sources/github/github.ts";

interface Asked {
  readonly appId?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly api: string;
}

/** The login for the API at `api`. Throws "usage.invalid" for an App without a key. */
export async function githubLogin({ appId, env, api }: Asked): Promise<GithubLogin> {
  if (appId !== undefined) return { kind: "app", appId, privateKey: await appKey(appId, env) };
  const token = env.GITHUB_TOKEN || env.GH_TOKEN || (await ghToken(env, new URL(api).hostname));
  return token ? { kind: "token", token } : { kind: "none" };
}

async function appKey(appId: string, env: Asked["env"]): Promise<string> {
  const { GITHUB_APP_PRIVATE_KEY: key, GITHUB_APP_PRIVATE_KEY_FILE: file } = env;
  // One line, as some secret stores insist on.
  if (key) return key.replaceAll("\\n", "\n");
  if (!file) {
    throw new LeaksweepError("usage.invalid", `Cannot log in as App "${appId}": there is no private key`, {
      hint: "Set GITHUB_APP_PRIVATE_KEY_FILE to its file, or GITHUB_APP_PRIVATE_KEY to its text.",
    });
  }
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new LeaksweepError("usage.invalid", `Cannot read App key "${file}": ${cause.code}`, {
      hint: "Name a file that you may read.",
      cause,
    });
  });
}

/** The token of GitHub's own program, where that is installed and logged in; it keeps tokens by host. */
async function ghToken({ PATH, HOME, GH_CONFIG_DIR }: Asked["env"], host: string): Promise<string | undefined> {
  const name = host === "api.github.com" ? "github.com" : host.replace(/^api\./, "");
  const env = Object.fromEntries(Object.entries({ PATH, HOME, GH_CONFIG_DIR }).filter(([, value]) => value));
  const args = ["auth", "token", "--hostname", name];
  const { stdout } = await promisify(execFile)("gh", args, { env, timeout: 10_000 }).catch(() => ({ stdout: "" }));
  return stdout.trim() || undefined;
}
