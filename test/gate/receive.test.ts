/** The gate of a server: real pushes to a bare repository with our hook in it. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { leaksweep, sh, story, whole } from "../kit.ts";

const bin = resolve(import.meta.dirname, "../../bin/leaksweep.cjs");
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const fingerprint = "ls1:blul4ydtnsjslwoh73nlyomk";

/** A work tree whose remote, `../r`, has one clean commit, push options, and a hook that runs `leaksweep receive`. */
function served(flags = "", { hook = "pre-receive", setup = "" } = {}): string {
  const dir = story(`
    git init -q --bare -b main ../r; git -C ../r config receive.advertisePushOptions true
    git init -q -b main; git remote add origin ../r; echo 1 > a
    ${setup}
    commit one; git push -q origin main`);
  const file = join(dir, "../r/hooks", hook);
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${bin}" receive ${flags} "$@"\n`);
  chmodSync(file, 0o755);
  return dir;
}

/** What the remote said to a push, and `let` or `stopped`. */
const push = (dir: string, script: string, args = "origin main"): string =>
  sh(dir, `${script}\n(git push ${args}) 2>&1 && echo let || echo stopped`).replace(/^remote: /gm, "");

const leak = `echo 'key=${token}' > b; commit b`;

describe("a server's gate", () => {
  it("lets a clean push in, and stops a secret before any ref names it", () => {
    const dir = served();
    expect(push(dir, "echo 2 >> a; commit two")).toMatch(/let$/);
    const said = push(dir, leak);
    expect(said).toMatch(/ghp_…\(40\)[\s\S]*b:1:5[\s\S]*git commit --amend[\s\S]*stopped$/);
    expect(said).not.toContain(token);
    expect(said).not.toContain("all the same");
    expect(sh(dir, "git -C ../r log --format=%s main")).toBe("two\none");
  });

  it("stops what any of the refs brings, tags too, and lets in what it has already", () => {
    const dir = served("", { setup: `echo 'key=${token}' > old` });
    expect(push(dir, "echo 2 >> old; commit two")).toMatch(/has already[\s\S]*let$/);
    const other = served();
    expect(push(other, `git branch x; git tag -a v1 -m 'key=${token}'`, "origin x v1")).toMatch(
      /message of tag v1[\s\S]*stopped$/,
    );
  });

  it("goes by its own HEAD, not by what is pushed", () => {
    const line = `${fingerprint} github.pat-classic allowed # made up`;
    const pushed = `echo '${line}' > .leaksweep-baseline; echo 'key=${token} # leaksweep:allow' > b; commit b`;
    expect(push(served(), pushed)).toMatch(/stopped$/);
    expect(push(served("--trust-target"), pushed)).toMatch(/let$/);
    expect(push(served("", { setup: `echo '${line}' > .leaksweep-baseline` }), leak)).toMatch(/let$/);
  });

  it("says of what the pushed files and comments would hide that this does not count", () => {
    const line = `${fingerprint} github.pat-classic allowed # made up`;
    const hidden = (how: string) => push(served(), how).replaceAll(/\n\s+/g, " ");
    expect(hidden(`echo '${line}' > .leaksweep-baseline; ${leak}`)).toMatch(
      /note\s+allowed by this change: made up\. That does not count here\.[\s\S]*stopped$/,
    );
    expect(hidden(`echo 'key=${token} # leaksweep:allow a test' > b; commit b`)).toMatch(
      /note\s+allowed by this change: a test\./,
    );
    expect(hidden(`echo 'rules: { disable: [github.*] }' > leaksweep.yml; ${leak}`)).toMatch(
      /note\s+allowed by this change: its config leaves it out\./,
    );
    expect(hidden(`echo 'disable: {' > leaksweep.yml; ${leak}`)).toMatch(/b:1:5[\s\S]*stopped$/);
    expect(hidden(leak)).not.toMatch(/note/);
  });

  it("is an update hook, too", () => {
    const dir = served("", { hook: "update" });
    expect(push(dir, "echo 2 >> a; commit two")).toMatch(/let$/);
    expect(push(dir, leak)).toMatch(/b:1:5[\s\S]*stopped$/);
  });

  it("refuses with a clear word when its time is over", () => {
    const said = push(served("--timeout 1ms"), leak);
    expect(said).toMatch(/was stopped: (?:not all|the time)[\s\S]*smaller parts[\s\S]*stopped$/);
  });
});

describe("the way past a server's gate", () => {
  const bypass = '-o leaksweep.bypass="it is a test" origin main';

  it("is closed unless the server opens it", () => {
    expect(push(served(), leak, bypass)).toMatch(/bypass is not allowed here[\s\S]*stopped$/);
  });

  it("is a push option with a reason, and leaves a line in the log", () => {
    const dir = served("--allow-bypass");
    expect(push(dir, leak)).toMatch(/To push all the same: git push -o leaksweep\.bypass="why"[\s\S]*stopped$/);
    expect(push(dir, "true", "-o leaksweep.bypass origin main")).toMatch(/wants a reason[\s\S]*stopped$/);
    expect(push(dir, "true", bypass)).toMatch(/let past the gate[\s\S]*let$/);
    const [line = "", ...more] = readFileSync(join(dir, "../r/leaksweep-bypass.log"), "utf8").split("\n");
    expect(more).toEqual([""]);
    expect(JSON.parse(line)).toMatchObject({
      why: "it is a test",
      refs: [{ ref: "refs/heads/main", after: sh(dir, "git rev-parse HEAD") }],
    });
  });

  it("is not told of by an update hook, which git gives no push options", () => {
    const dir = served("--allow-bypass", { hook: "update" });
    const said = push(dir, leak, bypass);
    expect(said).toMatch(/b:1:5[\s\S]*stopped$/);
    expect(said).not.toContain("all the same");
  });

  it("is not opened by what is pushed, however far that is trusted", () => {
    const pushed = `echo 'allow-bypass: true' > leaksweep.yml; ${leak}`;
    expect(push(served("--trust-target"), pushed, bypass)).toMatch(/bypass is not allowed here[\s\S]*stopped$/);
    expect(push(served("--trust-target --allow-bypass"), leak, bypass)).toMatch(/let$/);
  });

  it("is opened by the config in HEAD, too", () => {
    const dir = served("", { setup: "echo 'allow-bypass: true' > leaksweep.yml" });
    expect(push(dir, leak, bypass)).toMatch(/let$/);
  });
});

it("a gate without git's words refuses to guess", async () => {
  const dir = story("git init -q --bare");
  expect(await leaksweep(["receive", "refs/heads/main"], { cwd: dir })).toMatchObject({ code: 2 });
  expect(await leaksweep(["receive"], { cwd: dir, stdin: "what is this\n" })).toMatchObject({ code: 2 });
});
