import { join } from "node:path";
import { openGit } from "./git.ts";
import { readSmall, utf8 } from "./git-files.ts";

/** One setting of a config file. */
export interface ConfigEntry {
  /** Section and name in lower case, subsection as written: `remote.Origin.pushurl`. */
  readonly key: string;
  /** Absent for a name that stands alone, which git reads as true. */
  readonly value?: string;
}

export interface Remote {
  readonly name: string;
  readonly urls: readonly string[];
  readonly pushUrls: readonly string[];
}

/**
 * Settings of the config file in a git folder, in its order. Includes are not followed: they could name any file of
 * this machine. Throws "git.failed" for a file that is no config.
 */
export async function readConfig(commonDir: string, signal?: AbortSignal): Promise<readonly ConfigEntry[]> {
  const file = join(commonDir, "config");
  if ((await readSmall(file)) === undefined) return [];
  const list = await openGit(undefined, { signal }).run(["config", "--file", file, "--no-includes", "-z", "--list"]);
  return utf8(list)
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const gap = entry.indexOf("\n");
      return gap < 0 ? { key: entry } : { key: entry.slice(0, gap), value: entry.slice(gap + 1) };
    });
}

/** The last value of a key, which is the one that counts; "true" for a name that stands alone. */
export function setting(config: readonly ConfigEntry[], key: string): string | undefined {
  const entry = config.findLast((other) => other.key === key);
  return entry && (entry.value ?? "true");
}

/** The remotes that have a URL, in the order of the file. */
export function remotesOf(config: readonly ConfigEntry[]): readonly Remote[] {
  const remotes = new Map<string, { name: string; urls: string[]; pushUrls: string[] }>();
  for (const { key, value } of config) {
    const [, name, kind] = /^remote\.(.+)\.(url|pushurl)$/s.exec(key) ?? [];
    if (name === undefined || value === undefined) continue;
    const remote = remotes.get(name) ?? { name, urls: [], pushUrls: [] };
    remotes.set(name, remote);
    (kind === "url" ? remote.urls : remote.pushUrls).push(value);
  }
  return [...remotes.values()];
}

/** Whether a remote has promised to hold objects that are not here. */
export function promises(config: readonly ConfigEntry[]): boolean {
  return config.some(
    ({ key, value }) =>
      key === "extensions.partialclone" ||
      (/^remote\..+\.promisor$/s.test(key) && !/^(false|no|off|0)$/i.test(value ?? "")),
  );
}
