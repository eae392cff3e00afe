import { describe, expect, it } from "vitest";
import { type CiEvent, eventOf } from "../../../src/gate/ci/event.ts";
import { type RangeFlags, rangeOf } from "../../../src/gate/ci/range.ts";
import { openRepository } from "../../../src/git/repository.ts";
import { sh, story } from "../../kit.ts";

/** A checkout as CI makes it: `origin` has main (two commits) and work, which left main at its first one. */
const checkout = (then = "git checkout -q --detach origin/work"): string =>
  story(`
    git init -q -b main ../origin && cd ../origin
    echo 1 > a && commit one && git tag -a v1 -m one
    git checkout -q -b work && echo w > w && commit work
    git checkout -q main && echo 2 > b && commit two
    cd ../repo && git init -q -b main && git remote add origin ../origin
    git fetch -q --tags origin '+refs/heads/*:refs/remotes/origin/*' && git remote set-head origin main
    ${then}`);

const id = (dir: string, name: string): string => sh(dir, `git rev-parse ${name}`);

async function range(dir: string, event: CiEvent, flags: RangeFlags = {}) {
  const repository = await openRepository(dir);
  if (!repository) throw new Error("no repository");
  return rangeOf(repository, event, flags);
}

describe("a pull request", () => {
  it("is judged against its target as it is now, and as it was when the request was made", async () => {
    const dir = checkout();
    const event = eventOf("pull-request", { head: id(dir, "origin/work"), before: [id(dir, "v1^{}")], target: "main" });
    expect(await range(dir, event)).toMatchObject({
      head: id(dir, "origin/work"),
      known: [id(dir, "origin/main"), id(dir, "v1^{}")],
      trusted: id(dir, "origin/main"),
    });
  });

  it("is judged without the merge that the forge made to test it, whose other parent is the target", async () => {
    const dir = checkout(
      "git checkout -q --detach origin/main && git merge -q --no-edit origin/work && git update-ref -d refs/remotes/origin/main",
    );
    const event = eventOf("pull-request", { head: id(dir, "origin/work"), target: "main" });
    const parent = id(dir, "HEAD^1");
    expect(await range(dir, event)).toMatchObject({ head: id(dir, "HEAD^2"), known: [parent], trusted: parent });
  });

  it("is refused when its commit or its target is not here: everything would come out as new", async () => {
    const dir = checkout();
    const head = id(dir, "origin/work");
    await expect(range(dir, eventOf("pull-request", { head: "1".repeat(40), target: "main" }))).rejects.toMatchObject({
      code: "ci.no-range",
      message: expect.stringContaining("its commit 1111"),
    });
    await expect(range(dir, eventOf("pull-request", { head, target: "gone" }))).rejects.toMatchObject({
      code: "ci.no-range",
      message: expect.stringContaining('its target "gone" is not in this checkout'),
    });
  });

  it("of a system that names no target is judged against the main branch", async () => {
    const dir = checkout();
    expect(await range(dir, eventOf("pull-request", { head: id(dir, "origin/work") }))).toMatchObject({
      known: [id(dir, "origin/main")],
    });
  });

  it("never takes a branch of the checkout itself for its target", async () => {
    const dir = checkout("git branch -q main origin/work && git update-ref -d refs/remotes/origin/main");
    await expect(range(dir, eventOf("pull-request", { target: "main" }))).rejects.toThrow(/its target "main"/);
  });
});

describe("a push", () => {
  it("is judged against what its branch and the main one had", async () => {
    const dir = checkout();
    const before = id(dir, "v1^{}");
    const event = eventOf("push", {
      ref: "refs/heads/work",
      head: id(dir, "origin/work"),
      before: [before],
      main: "main",
    });
    expect(await range(dir, event)).toEqual({
      head: id(dir, "origin/work"),
      ref: "refs/heads/work",
      known: [before, id(dir, "origin/main")],
      notes: [],
    });
  });

  it("of a new branch is judged against the main one alone", async () => {
    const dir = checkout();
    const event = eventOf("push", { ref: "refs/heads/new", head: id(dir, "origin/work") });
    expect(await range(dir, event)).toMatchObject({ known: [id(dir, "origin/main")] });
  });

  it("to the main branch is judged against what that had, not against itself", async () => {
    const dir = checkout();
    const before = id(dir, "origin/main^");
    const event = eventOf("push", { ref: "refs/heads/main", head: id(dir, "origin/main"), before: [before] });
    expect(await range(dir, event)).toMatchObject({ known: [before] });
  });

  it("that is the first of the main branch is judged as a whole", async () => {
    const dir = checkout();
    const event = eventOf("push", { ref: "refs/heads/main", head: id(dir, "origin/main") });
    expect(await range(dir, event)).toMatchObject({
      known: [],
      notes: [expect.stringContaining("all of its history")],
    });
  });

  it("that was forced says that what was there before is not here", async () => {
    const dir = checkout();
    const event = eventOf("push", { ref: "refs/heads/work", head: id(dir, "origin/work"), before: ["1".repeat(40)] });
    expect(await range(dir, event)).toMatchObject({
      known: [id(dir, "origin/main")],
      notes: ["What was there before (1111111) is not in this checkout."],
    });
  });

  it("of a tag is judged with the message of the tag", async () => {
    const dir = checkout();
    const event = eventOf("tag", { ref: "refs/tags/v1", head: id(dir, "v1^{}") });
    expect(await range(dir, event)).toMatchObject({ head: id(dir, "v1"), known: [id(dir, "origin/main")] });
  });
});

describe("flags", () => {
  it("outrank what the environment says", async () => {
    const dir = checkout();
    const event = eventOf("push", { ref: "refs/heads/work", before: [id(dir, "v1^{}")] });
    expect(await range(dir, event, { base: "origin/main", head: "origin/work" })).toMatchObject({
      head: id(dir, "origin/work"),
      known: [id(dir, "origin/main")],
      trusted: id(dir, "origin/main"),
    });
  });

  it.each(["nothing", "--all"])("are refused when they name no commit: %s", async (name) => {
    await expect(range(checkout(), eventOf("push", {}), { base: name })).rejects.toMatchObject({
      code: "usage.invalid",
    });
  });
});
