import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openRepository } from "../../src/git/repository.ts";
import { addressOf, linksOf, withoutUser } from "../../src/sources/links.ts";
import type { Occurrence } from "../../src/terms.ts";
import { leaksweep, story, whole } from "../kit.ts";

describe("an address without its user", () => {
  it.each([
    ["https://git.example.org/a/b", "https://git.example.org/a/b"],
    ["https:/¦/ann:hunter@git.example.org/a", "https://git.example.org/a"],
    ["https:/¦/ann:pa@ss/wo@rd@git.example.org/a", "https://git.example.org/a"],
    ["https:/¦/ann:12/34@host/a", "https://host/a"],
    ["git+ssh:/¦/ann:hunter@host/x", "git+ssh://host/x"],
    ["ssh:/¦/git@host:22/x", "ssh://host:22/x"],
    ["https:/¦/ann:hunter@[::1]:8080/x", "https://[::1]:8080/x"],
    ["cache::https:/¦/ann:hunter@host/x", "cache::https://host/x"],
    ["ann:hun/ter@host:path", "host:path"],
    ["ann:hun:/¦/ter@host:path", "host:path"],
    ["git@git.example.org:a/b@v2", "git.example.org:a/b@v2"],
    ["ann:hunter@[::1]:path", "[::1]:path"],
    ["https://git.example.org/@scope/b", "https://git.example.org/@scope/b"],
    ["file:///srv/a@b", "file:///srv/a@b"],
    ["/srv/a@b:c", "/srv/a@b:c"],
    ["../a@b:c", "../a@b:c"],
    ["C:\\a@b", "C:\\a@b"],
  ])("%s → %s", (url, shown) => {
    expect(withoutUser(whole(url))).toBe(shown);
  });

  it("holds no password, whatever the scheme and the password are", () => {
    const scheme = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,8}:\/\/$/);
    fc.assert(
      fc.property(fc.oneof(scheme, fc.constant("")), fc.string(), (before, password) => {
        expect(withoutUser(`${before}ann:${password}@host:1/a`)).toBe(`${before}host:1/a`);
      }),
    );
  });
});

describe("the address of a repository", () => {
  const remote = (name: string): string => `git remote add ${name} https:/¦/ann:pa@ss@github.com/${name}/app.git`;

  it.each([
    ["origin, wherever it stands", [remote("fork"), remote("origin")], "https://github.com/origin/app"],
    ["the first one where there is no origin", [remote("fork"), remote("other")], "https://github.com/fork/app"],
  ])("is that of %s, for target and links alike", async (_what, remotes, web) => {
    const dir = story(["git init -q -b main", ...remotes, "echo a > a; commit one"].join("\n"));
    const repository = await openRepository(dir);
    if (!repository) throw new Error("no repository");
    const { stdout } = await leaksweep(["git", dir, "-f", "json"]);
    expect(JSON.parse(stdout).target.url).toBe(`${web}.git`);
    expect(withoutUser(addressOf(repository) ?? "")).toBe(`${web}.git`);
    const at = { where: "content", path: "a b", commit: "c", startLine: 3 } as Occurrence;
    expect(linksOf(repository)(at)).toBe(`${web}/blob/c/a%20b#L3`);
  });
});
