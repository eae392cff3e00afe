import { describe, expect, it } from "vitest";
import { trackingRefs } from "../../src/gate/tracking.ts";

const remote = (name: string, ...lines: string[]): string =>
  [`[remote "${name}"]`, ...lines.map((line) => `\t${line}`), ""].join("\n");

const origin = remote("origin", "url = https://example.org/a/app.git", "fetch = +refs/heads/*:refs/remotes/origin/*");
const there = { name: "origin", url: "https://example.org/a/app.git" };

describe("what a remote is known to hold", () => {
  it.each<[why: string, config: string, to: { name: string; url: string }, refs: string[]]>([
    ["its tracking refs", origin, there, ["--glob=refs/remotes/origin/*"]],
    ["nothing, for a URL without a remote", origin, { name: there.url, url: there.url }, []],
    ["what its name says, where the config is silent", "", there, ["--glob=refs/remotes/origin/*"]],
    [
      "nothing of a mirror, whose fetches write local branches",
      remote("m", "fetch = +refs/*:refs/*"),
      { name: "m", url: "x" },
      [],
    ],
    [
      "what its fetch rules say",
      remote("o", "fetch = +refs/heads/*:refs/remotes/up/*"),
      { name: "o", url: "x" },
      ["--glob=refs/remotes/up/*"],
    ],
    [
      "not what a rule leaves out",
      remote("o", "fetch = refs/heads/a:refs/remotes/o/a", "fetch = ^refs/heads/b"),
      { name: "o", url: "x" },
      ["--glob=refs/remotes/o/a"],
    ],
    [
      "not what a remote below its name holds",
      origin + remote("origin/x", "url = y"),
      there,
      ["--exclude=refs/remotes/origin/x/*", "--glob=refs/remotes/origin/*"],
    ],
    [
      "not what another remote holds",
      remote("a", "fetch = +refs/heads/*:refs/remotes/b/*") + remote("b"),
      { name: "a", url: "x" },
      [],
    ],
    [
      "nothing, where pushes go elsewhere",
      origin.replace("\tfetch", "\tpushurl = https://example.org/me/app\n\tfetch"),
      { name: "origin", url: "https://example.org/me/app" },
      [],
    ],
    [
      "its tracking refs, where pushes only go another way",
      origin.replace("\tfetch", "\tpushurl = git@example.org:a/app\n\tfetch"),
      { name: "origin", url: "git@example.org:a/app" },
      ["--glob=refs/remotes/origin/*"],
    ],
    [
      "its tracking refs, where another config rewrites its URL",
      origin,
      { name: "origin", url: "/mirror/app" },
      ["--glob=refs/remotes/origin/*"],
    ],
  ])("is %s", (_why, config, to, refs) => {
    expect(trackingRefs(config, to)).toEqual(refs);
  });
});
