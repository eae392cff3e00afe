import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openRepository } from "../../src/git/repository.ts";
import { gitStoreOf, HistorySource, storeOf } from "../../src/sources/history.ts";
import { sh, story } from "../kit.ts";
import { traceToy } from "./toy-engine.ts";

/** A commit of a made-up history: earlier commits as parents, and what each path holds (a secret's letter or none). */
interface Made {
  readonly parents: readonly number[];
  readonly files: Readonly<Record<string, string>>;
}

const paths = ["a", "d/b", "d/e/c"];

const history = fc
  .array(
    fc.record({
      picks: fc.uniqueArray(fc.nat(7), { minLength: 0, maxLength: 3 }),
      orphan: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      edits: fc.dictionary(fc.constantFrom(...paths), fc.constantFrom("", "x", "y", "xy", "x1", "clean"), {
        maxKeys: 3,
      }),
      keep: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((steps) => {
    const made: Made[] = [];
    for (const [at, { picks, orphan, edits, keep }] of steps.entries()) {
      const parents = orphan ? [] : [...new Set([...picks.filter((pick) => pick < at), at - 1])].filter((n) => n >= 0);
      const base = keep ? (made[parents[0] ?? -1]?.files ?? {}) : (made[parents.at(-1) ?? -1]?.files ?? {});
      const files = Object.fromEntries(Object.entries({ ...base, ...edits }).filter(([, text]) => text !== ""));
      made.push({ parents, files });
    }
    return made;
  });

const bytesOf = (text: string): string =>
  `${[...text].map((letter) => (letter === "x" || letter === "y" ? `secret-${letter}` : letter)).join(" ")}\n`;

/** Writes the history with `git fast-import`, dates rising; branches on the last two commits. Returns their ids. */
function write(made: readonly Made[]): { dir: string; ids: string[] } {
  const dir = story("git init -q -b main");
  const stream = made.map(({ parents, files }, at) => {
    const [first, ...rest] = parents;
    const head = `commit refs/import/${at}\nmark :${at + 1}\ncommitter Ann <ann@example.org> ${1_700_000_000 + at * 60} +0000\ndata 1\n${at % 10}\n`;
    const from = first === undefined ? "" : `from :${first + 1}\n${rest.map((n) => `merge :${n + 1}\n`).join("")}`;
    const body = Object.entries(files).map(
      ([path, text]) => `M 100644 inline ${path}\ndata ${bytesOf(text).length}\n${bytesOf(text)}`,
    );
    return `${head}${from}deleteall\n${body.join("")}\n`;
  });
  execFileSync("git", ["--git-dir", `${dir}/.git`, "fast-import", "--quiet"], {
    input: stream.join(""),
  });
  const names = made.map((_, at) => `refs/import/${at}`);
  // Only the last commit is a branch and only the one before it another ref: the rest may be unreachable.
  const [last = "", before = last] = names.toReversed();
  const ids = sh(
    dir,
    `git rev-parse ${names.join(" ")}
     git update-ref refs/heads/main ${last}; git update-ref refs/other/one ${before}
     git update-ref --stdin <<END\n${names.map((name) => `delete ${name}`).join("\n")}\nEND`,
  ).split("\n");
  return { dir, ids };
}

/** What the definitions of the interface say, by brute force over the model. */
function expected(made: readonly Made[], secret: string): unknown {
  const holdsAt = (commit: number, path: string): boolean => made[commit]?.files[path]?.includes(secret) ?? false;
  const holds = (commit: number): boolean => paths.some((path) => holdsAt(commit, path));
  const ancestors = (commit: number): Set<number> =>
    new Set([commit, ...(made[commit]?.parents ?? []).flatMap((parent) => [...ancestors(parent)])]);
  const reached = new Set([...ancestors(made.length - 1), ...ancestors(Math.max(0, made.length - 2))]);
  const all = made.map((_, at) => at).filter((at) => paths.some((path) => made[at]?.files[path]?.includes(secret)));
  if (all.length === 0) return undefined;
  const first = (some: number[]): number | undefined => some.find((at) => reached.has(at)) ?? some[0];
  const introduced = first(made.map((_, at) => at).filter((at) => holds(at) && !made[at]?.parents.some(holds)));
  const removers = made
    .map((_, at) => at)
    .filter((at) => {
      const parents = made[at]?.parents ?? [];
      if (holds(at) || !parents.some(holds)) return false;
      return parents.every((parent) => holds(parent) || ![...ancestors(parent)].some(holds));
    });
  const removed = first(removers.reverse());
  const present = holds(made.length - 1);
  const status = present ? "present" : all.some((at) => reached.has(at)) ? "removed" : "unreachable";
  const runs = paths.flatMap((path) => components(made, (at) => holdsAt(at, path)).map((run) => describe(path, run)));
  return { introduced, removed: present ? undefined : removed, status, runs: runs.sort() };

  function describe(path: string, run: readonly number[]): string {
    // Where a ref shows some of a run, what none shows is not told.
    const shown = run.filter((at) => reached.has(at));
    const told = shown.length > 0 ? shown : run;
    const versions = new Set(told.map((at) => made[at]?.files[path]));
    return `${path} from ${Math.min(...told)} x${versions.size}`;
  }
}

/** Connected parts of the commits that hold, joined over parents. */
function components(made: readonly Made[], holds: (commit: number) => boolean): number[][] {
  const part = made.map((_, at) => at);
  for (let round = 0; round < made.length; round++) {
    for (const [at, { parents }] of made.entries()) {
      for (const parent of parents) {
        if (!holds(at) || !holds(parent)) continue;
        const least = Math.min(part[at] ?? 0, part[parent] ?? 0);
        part[at] = part[parent] = least;
      }
    }
  }
  const groups = new Map<number, number[]>();
  for (const at of part.keys()) if (holds(at)) groups.set(part[at] ?? 0, [...(groups.get(part[at] ?? 0) ?? []), at]);
  return [...groups.values()];
}

/** How objects lie when they are read: as git wrote them, or in a pack full of deltas; and who reads them. */
const lying = [
  { how: "objects that git reads", packed: false, storeOf: gitStoreOf },
  { how: "loose objects", packed: false, storeOf },
  { how: "a pack", packed: true, storeOf },
];

it.each(lying)(
  "traces any history as the definitions say, from $how",
  { timeout: 120_000 },
  async ({ packed, storeOf }) => {
    await fc.assert(
      fc.asyncProperty(history, async (made) => {
        const { dir, ids } = write(made);
        if (packed) sh(dir, "git repack -adfq --depth=50 --window=50 --keep-unreachable");
        const repository = await openRepository(dir);
        if (!repository) throw new Error("no repository");
        const options = { selection: { kind: "all" }, allowShallow: false, allowPartial: false } as const;
        const source = new HistorySource(repository, storeOf(repository), options);
        const { traced, name, skips } = await traceToy(source);
        expect(skips).toEqual([]);
        const at = (id: string | undefined): number | undefined => (id === undefined ? undefined : ids.indexOf(id));
        for (const secret of ["x", "y"]) {
          const trace = [...traced.marks].find(([mark]) => name(mark) === secret)?.[1];
          const got = trace && {
            introduced: at(trace.introduced?.commit),
            removed: at(trace.removed?.commit),
            status: trace.status,
            runs: trace.runs.map((run) => `${run.path} from ${at(run.first.commit)} x${run.versions}`).sort(),
          };
          expect(got, JSON.stringify(made)).toEqual(expected(made, secret));
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 20) },
    );
  },
);
