/** What `gitleaks git` reads: what commits add; and beside it what no such log shows. */
import { relative, resolve, sep } from "node:path";
import { LeaksweepError } from "../errors.ts";
import { hookEnvironment } from "../git/environment.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import type { Opened, Part } from "../sources/open.ts";
import { type PatchesOptions, type PatchHome, patchesSource } from "../sources/patches.ts";

export interface GitTarget {
  /** Folder of the repository, as typed. */
  readonly source: string;
  readonly of: PatchesOptions["of"];
  /** Options for `git log`, split at spaces. */
  readonly logOptions: readonly string[];
  readonly allowShallow: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onHunk: (home: PatchHome) => void;
}

/** Options of `git log` that would write files or run programs which a repository names. */
const refused = /^--(?:output|ext-diff|textconv)\b/;

/** What the parts are marked with, in their order: see `RowOptions`. */
export const extras: readonly (string | undefined)[] = [undefined, "extra:merge", "extra:reflog"];

/** What a log leaves out, by default: what only merges hold, and commits that are only in reflogs. */
const beyond: readonly (readonly string[])[] = [
  ["--merges", "--cc", "--full-history", "--all", "--reflog"],
  ["--full-history", "--reflog", "--not", "--all"],
];

/** The repository of a target. Throws "target.not-a-repository" and "usage.invalid". */
export async function openGitTarget(target: GitTarget): Promise<{ opened: Opened; repository: Repository }> {
  const { source, of, logOptions, allowShallow, cwd, env, onHunk } = target;
  const option = logOptions.find((word) => refused.test(word));
  if (option !== undefined) {
    throw new LeaksweepError("usage.invalid", `Cannot use log option "${option}": it writes files or runs programs`, {
      hint: "Leave it out of --log-opts.",
    });
  }
  const path = resolve(cwd, source);
  const told = of === "log" ? {} : { env: hookEnvironment({ ...env }, cwd) };
  const repository = await openRepository(path, told);
  if (repository === undefined) {
    throw new LeaksweepError("target.not-a-repository", `Cannot read history of "${source}": it is no git repository`, {
      hint: `Scan it as plain files: leaksweep gitleaks dir ${source}`,
    });
  }
  const { git, workTree, shallow } = repository;
  const folder = workTree === undefined ? "" : relative(workTree, path).split(sep).join("/");
  const all = of === "log" && logOptions.length === 0;
  const options = { of, folder, shallow: all && shallow && !allowShallow, logOptions, onHunk };
  const more = all ? beyond : [];
  const parts: Part[] = [
    { source: patchesSource(git, options), prefix: "" },
    ...more.map((words) => ({
      source: patchesSource(git, { of, folder, shallow: false, logOptions: words }),
      prefix: "",
    })),
  ];
  const kind = of === "index" ? "staged" : "git";
  return {
    repository,
    opened: { target: { kind, path, url: null, range: null }, parts, trusted: true, close: async () => {} },
  };
}
