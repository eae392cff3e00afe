import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { story, tempDir } from "../kit.ts";

const binary = resolve("bin/leaksweep.cjs");

/** `leaksweep stdin`, started, with an input that has not ended: it has read its config and waits for more. */
async function waiting(): Promise<ChildProcess> {
  const cwd = tempDir();
  writeFileSync(join(cwd, "leaksweep.yml"), "");
  const child = spawn(process.execPath, [binary, "stdin", "--verbose"], { cwd });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [note] = await once(child.stderr, "data");
  expect(String(note)).toContain("config from leaksweep.yml");
  child.stdin.write("nothing to see\n");
  await new Promise((done) => setTimeout(done, 300));
  return child;
}

it.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends a run with %i and a report that says it is incomplete", async (signal, code) => {
  const child = await waiting();
  let report = "";
  child.stdout?.on("data", (part) => {
    report += String(part);
  });
  child.kill(signal);
  const [exit] = await once(child, "close");
  expect(exit).toBe(code);
  expect(report.replace(/\s+/g, " ")).toMatch(new RegExp(`${signal}.*incomplete`, "i"));
});

/** `leaksweep push` in a repository of one commit, with what `said` writes to its pipe. */
function pushed(said: string): ChildProcess {
  const cwd = story("git init -q -b main; echo 1 > a; git add a; git commit -q -m one");
  const script = `mkfifo ../said; exec 3<>../said; ${said}`;
  const child = spawn("sh", ["-c", `${script}; exec "$0" "$1" push origin ../r < ../said`, process.execPath, binary], {
    cwd,
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

it("a hook that waits for what git says ends at a signal, though nobody closes the pipe", async () => {
  const child = pushed("printf refs >&3");
  await new Promise((done) => setTimeout(done, 1_500));
  child.kill("SIGTERM");
  const [exit] = await once(child, "exit");
  expect(exit).toBe(143);
}, 15_000);

it("what git says is read to its end, though its halves come apart", async () => {
  const child = pushed(
    'tip=$(git rev-parse HEAD); (printf "x" >&3; sleep 1.5; printf " $tip" >&3) 3>../said & exec 3>&-',
  );
  let said = "";
  child.stderr?.on("data", (part) => {
    said += String(part);
  });
  const [exit] = await once(child, "close");
  expect({ exit, said }).toEqual({
    exit: 2,
    said: expect.stringMatching(/Cannot read what git says of the push: "x [0-9a-f]{40}"/),
  });
}, 15_000);

it("a reader that has gone is no reason to complain, but the report was not delivered: 2", async () => {
  const child = spawn(process.execPath, [binary, "stdin"], { cwd: tempDir() });
  let said = "";
  child.stderr.on("data", (part) => {
    said += String(part);
  });
  child.stdout.destroy();
  child.stdin.end("nothing to see\n");
  const [exit] = await once(child, "close");
  expect({ exit, said }).toEqual({ exit: 2, said: "" });
});

it("a full disk behind standard output is said, and exits with 2", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [binary, "stdin"], { cwd: tempDir(), stdio: ["pipe", full, "pipe"] });
  closeSync(full);
  let said = "";
  child.stderr?.on("data", (part) => {
    said += String(part);
  });
  child.stdin?.end("nothing to see\n");
  const [exit] = await once(child, "close");
  expect(exit).toBe(2);
  expect(said).toContain("Cannot write to standard output: no space is left on the disk");
});

it("a second signal ends the run at once, without a report", async () => {
  // A git that hangs: the first signal has to end it, which takes longer than the second signal needs to arrive.
  const folder = tempDir();
  const path = process.env.PATH ?? "";
  const script = `#!/bin/sh\ncase "$*" in *cat-file*) sleep 30;; esac\nPATH='${path}' exec git "$@"\n`;
  writeFileSync(join(folder, "git"), script, { mode: 0o755 });
  const cwd = story("git init -q -b main; echo a > a; commit one");
  const child = spawn(process.execPath, [binary, "git"], { cwd, env: { PATH: `${folder}:${path}` } });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let report = "";
  child.stdout.on("data", (part) => {
    report += String(part);
  });
  await new Promise((done) => setTimeout(done, 1500));
  // Asleep it takes both in one go, in either order, so that nothing can be reported between them.
  child.kill("SIGSTOP");
  await new Promise((done) => setTimeout(done, 100));
  for (const signal of ["SIGINT", "SIGTERM", "SIGCONT"] as const) child.kill(signal);
  const [exit] = await once(child, "exit");
  expect([130, 143]).toContain(exit);
  expect(report).toBe("");
});
