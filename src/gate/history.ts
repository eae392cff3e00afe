import { addedCommits } from "../git/added.ts";
import { readSmall } from "../git/git-files.ts";
import { type Push, tipsOf } from "./start.ts";
import type { PushedHistory } from "./steps.ts";

/** What the steps must know of the commits of a push. */
export async function pushedHistory({ git, refs, known, found }: Push): Promise<PushedHistory> {
  const commits = await addedCommits(git, { tips: tipsOf(refs), known });
  const tips: { local: string; commit: string }[] = [];
  for (const { oid, local, name } of refs) {
    if (oid === undefined) continue;
    const commit = commits.has(oid) ? oid : (await git.run(peel(oid), { okCodes: [0, 1, 128] })).trim();
    tips.push({ local: local ?? name, commit });
  }
  const [, head] = /^ref: (\S+)/.exec((await readSmall(`${found.gitDir}/HEAD`)) ?? "") ?? [];
  return { commits, tips, ...(head !== undefined && { head }) };
}

const peel = (oid: string): string[] => ["rev-parse", "--verify", "--quiet", "--end-of-options", `${oid}^{commit}`];
