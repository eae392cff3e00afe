import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { partToRead, refsDigest } from "../../src/sweep/memory.ts";
import { sh, story } from "../kit.ts";

const { signal } = new AbortController();
const begun = "git init -q -b main .; echo key > app.env; echo x > x; commit One";
const tips = (dir: string): string[] => sh(dir, "git for-each-ref --format='%(objectname)'").split("\n");
const place = (dir: string, further = 0) => ({
  fingerprint: "ls1:a",
  further,
  occurrences: [{ path: "app.env", blob: sh(dir, "git rev-parse HEAD:app.env") } as never],
});

/** What of a repository is to be read after `change`, when all of it was read before. */
async function partAfter(
  change: string,
  { isKnown, further }: { isKnown: boolean; further?: number },
): Promise<string> {
  const dir = story(begun);
  const before = tips(dir);
  const known = isKnown ? [place(dir, further)] : [];
  sh(dir, change);
  const part = await partToRead({ dir: join(dir, ".git"), now: tips(dir), before, known, signal });
  if (part.kind !== "new") return part.kind;
  return sh(dir, `git log --format=%s ${part.range}`);
}

describe("of a repository that was read before", () => {
  it.each([
    ["nothing is read when nothing came", "true", "nothing"],
    ["only new commits are read", "echo y > y; commit Two", "Two"],
    ["nothing is read when a branch went", "git checkout -q -b b; git branch -q -D main", "nothing"],
  ])("%s", async (_, change, part) => {
    expect(await partAfter(change, { isKnown: false })).toBe(part);
  });

  it.each([
    ["only new commits, when they are elsewhere", "echo y > y; commit Two", "Two"],
    ["all, when a commit changes the file", "echo no > app.env; commit Two", "all"],
    ["all, when a commit moves the content", "git mv app.env b.env; commit Two", "all"],
    ["all, when history with it was pushed away", "git commit -q --amend -m Other", "all"],
  ])("with a finding in it is read %s", async (_, change, part) => {
    expect(await partAfter(change, { isKnown: true })).toBe(part);
  });

  it.each([
    ["all, when anything came", "echo y > y; commit Two", "all"],
    ["nothing, when nothing came", "true", "nothing"],
  ])("with a finding whose places are not all remembered is read %s", async (_, change, part) => {
    expect(await partAfter(change, { isKnown: true, further: 1 })).toBe(part);
  });

  it("nothing is known without tips that are still there", async () => {
    const dir = story(begun);
    const part = await partToRead({ dir: join(dir, ".git"), now: tips(dir), before: [], known: [], signal });
    expect(part.kind).toBe("all");
  });
});

it("refs have one digest, in whatever order they are told", () => {
  const one = new Map([
    ["refs/heads/a", "1"],
    ["refs/heads/b", "2"],
  ]);
  const other = new Map([...one].reverse());
  expect(refsDigest(one)).toBe(refsDigest(other));
  expect(
    refsDigest(
      new Map([
        ["refs/heads/a", "2"],
        ["refs/heads/b", "1"],
      ]),
    ),
  ).not.toBe(refsDigest(one));
});
