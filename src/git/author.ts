import { homedir } from "node:os";
import { join } from "node:path";
import { openGit } from "./git.ts";
import { exists, utf8 } from "./git-files.ts";
import { openRepository } from "./repository.ts";

/**
 * Address that git would put on a commit made in `folder`: from the environment, the repository's config, or the
 * user's own config files; `undefined` when nobody has said. Includes are not followed.
 */
export async function authorOf(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (env.GIT_AUTHOR_EMAIL) return env.GIT_AUTHOR_EMAIL;
  const repository = await openRepository(folder);
  const home = env.HOME ?? homedir();
  const files = [
    ...(repository ? [join(repository.commonDir, "config")] : []),
    env.GIT_CONFIG_GLOBAL ?? join(home, ".gitconfig"),
    join(env.XDG_CONFIG_HOME ?? join(home, ".config"), "git/config"),
  ];
  for (const file of files) {
    if (!(await exists(file))) continue;
    const asked = ["config", "--file", file, "--no-includes", "--default", "", "--get", "user.email"];
    const address = utf8(await openGit().run(asked)).trim();
    if (address !== "") return address;
  }
  return undefined;
}
