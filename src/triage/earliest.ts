import type { CommitInfo } from "../terms.ts";

/** The earliest commit by date, or with `sign` -1 the latest; ids decide between equals. */
export function earliest(commits: readonly CommitInfo[], sign: 1 | -1 = 1): CommitInfo | undefined {
  const key = ({ date }: CommitInfo): number => sign * Date.parse(date);
  const byId = (a: CommitInfo, b: CommitInfo): number => Number(a.commit > b.commit) - Number(a.commit < b.commit);
  return [...commits].sort((a, b) => key(a) - key(b) || byId(a, b))[0];
}
