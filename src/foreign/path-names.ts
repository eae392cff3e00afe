/**
 * Which names a path can be told by. A pattern for paths looks at whole ones, and a history is read tree by tree, where
 * only names are known; to follow every file of it would cost gigabytes. So the longest part of a pattern that no
 * slash can be in is looked for in single names: whoever matches the pattern has a name that matches this part.
 */
import type { NamedFiles } from "../bytes/named-files.ts";
import { LeaksweepError } from "../errors.ts";
import { parsePattern } from "../rules/pattern/parse.ts";
import { printPattern } from "../rules/pattern/print.ts";
import { type Node, nodesOf, widthOf } from "../rules/pattern/syntax.ts";
import { compileRe2 } from "./re2.ts";

/** What can be told of a path by the names in it. */
export type NameTest = Pick<NamedFiles, "fileMay" | "folderMay">;

const everything: NameTest = { fileMay: () => true, folderMay: () => false };

/** The test of names for a pattern of paths. It says yes too often rather than not often enough. */
export function nameTestOf(pattern: string): NameTest {
  const tree = treeOf(pattern);
  if (tree === undefined) return everything;
  const tests = branchesOf(tree).map((branch) => testOf(partsOf(branch)));
  return {
    fileMay: (name) => tests.some(({ fileMay }) => fileMay(name)),
    folderMay: (name) => tests.some(({ folderMay }) => folderMay(name)),
  };
}

/** The pattern as our own reader has it; `undefined` for what is beyond bytes, such as Unicode classes. */
function treeOf(pattern: string): Node | undefined {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (error instanceof LeaksweepError) return undefined;
    throw error;
  }
}

const branchesOf = (node: Node): readonly Node[] =>
  node.kind === "choice" ? node.branches.flatMap(branchesOf) : [node];

const partsOf = (node: Node): readonly Node[] => (node.kind === "sequence" ? node.parts.flatMap(partsOf) : [node]);

function testOf(parts: readonly Node[]): NameTest {
  const runs = runsOf(parts);
  const last = runs.at(-1);
  // At the end of a path stands the name of the file itself.
  if (last !== undefined && isEnd(parts.at(-1)) && weight(last) > 0)
    return { fileMay: finder(last), folderMay: () => false };
  const longest = runs.reduce<readonly Node[]>((best, run) => (weight(run) > weight(best) ? run : best), []);
  if (weight(longest) === 0) return everything;
  const find = finder(longest);
  return { fileMay: find, folderMay: find };
}

/** The parts of a pattern between those in which a slash or the beginning of the path can be. */
function runsOf(parts: readonly Node[]): readonly (readonly Node[])[] {
  const runs: Node[][] = [[]];
  for (const part of parts) {
    if (mayLeaveName(part)) runs.push([]);
    else runs.at(-1)?.push(part);
  }
  return runs;
}

const slash = 0x2f;

/**
 * Of the assertions only the end of a path means the same in a name, and that only at the end of the pattern. A set
 * that is not ASCII is of characters, each of them several bytes.
 */
const mayLeaveName = (part: Node): boolean =>
  [...nodesOf(part)].some((node) =>
    node.kind === "bytes"
      ? node.set[slash] === 1 || node.set.includes(1, 0x80)
      : node.kind === "assertion" && (node !== part || !isEnd(node)),
  );

const isEnd = (node: Node | undefined): boolean => node?.kind === "assertion" && node.holds === "text-end";

const weight = (run: readonly Node[]): number => run.reduce((sum, part) => sum + widthOf(part).min, 0);

function finder(run: readonly Node[]): (name: string) => boolean {
  const pattern = compileRe2(printPattern({ kind: "sequence", parts: run, at: { start: 0, end: 0 } }, "re2"), "");
  return (name) => pattern.test(Buffer.from(name, "latin1"));
}
