import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/sweep/store/store.ts";
import { sh, story, tempDir } from "../kit.ts";

/** A copy of the build, which a test may spoil. */
let program: string;
const cache = (): string => join(program, "dist/code-cache");
const kept = (): string[] =>
  readdirSync(cache(), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith("cjs"));

beforeEach(() => {
  program = tempDir();
  for (const part of ["bin", "dist", "package.json"]) cpSync(part, join(program, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(program, "node_modules"));
  rmSync(cache(), { recursive: true, force: true });
});

const version = (): string => said("--version");

function said(...args: string[]): string {
  const run = spawnSync(process.execPath, [join(program, "bin/leaksweep.cjs"), ...args], { encoding: "utf8" });
  expect(run).toMatchObject({ status: 0, stderr: "" });
  return run.stdout;
}

describe("the code that V8 made of the program", () => {
  it("is kept beside it after the first run, and what runs from it answers the same", () => {
    const first = version();
    expect(kept()).toContainEqual(expect.stringMatching(/main\.cjs$/));
    const before = kept().map((file) => readFileSync(join(cache(), file)));
    expect(version()).toBe(first);
    expect(kept().map((file) => readFileSync(join(cache(), file)))).toEqual(before); // accepted, so not made anew
  });

  it("finds what it loads from other packages while it runs, as the first run did", async () => {
    const path = join(program, "store");
    await openStore({ kind: "folder", path }).then((store) => store.close());
    const status = (): string => said("sweep", "status", "--store", path);
    expect(status()).toBe("no sweep yet\n");
    expect(status()).toBe("no sweep yet\n");
  }, 120_000);

  it("is not used for a program that changed, though its length did not", () => {
    expect(version()).not.toContain("9.9.9");
    const own = JSON.parse(readFileSync("package.json", "utf8")).version;
    for (const name of readdirSync(join(program, "dist")).filter((file) => file.endsWith(".cjs"))) {
      const file = join(program, "dist", name);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(`"${own}"`, '"9.9.9"'));
    }
    expect(version()).toContain("9.9.9");
  });

  it("is made anew where it was cut short", () => {
    const first = version();
    for (const file of kept()) truncateSync(join(cache(), file), 100);
    expect(version()).toBe(first);
    expect(kept().map((file) => readFileSync(join(cache(), file)).length)).not.toContain(100);
  });

  it("is done without where its folder cannot be made", () => {
    mkdirSync(join(program, "dist"), { recursive: true });
    writeFileSync(cache(), "a file, no folder");
    expect(version()).toMatch(/^\d/);
    expect(readFileSync(cache(), "utf8")).toBe("a file, no folder");
  });
});

it("a clean push loads nothing that reads whole histories", () => {
  const dir = story("git init -q --bare ../r; git init -q -b main; git remote add origin ../r; echo 1 > a; commit one");
  const log = join(program, "loaded");
  const watch = join(program, "watch.cjs");
  writeFileSync(
    watch,
    `const fs = require("node:fs");
     const read = fs.readFileSync;
     fs.readFileSync = (file, ...how) => {
       if (/dist\\/(?!code-cache).*\\.cjs$/.test(file)) fs.appendFileSync(${JSON.stringify(log)}, file + "\\n");
       return read(file, ...how);
     };`,
  );
  const input = `refs/heads/main ${sh(dir, "git rev-parse HEAD")} refs/heads/main ${"0".repeat(40)}\n`;
  const args = ["--require", watch, join(program, "bin/leaksweep.cjs"), "push", "origin", "../r"];
  expect(spawnSync(process.execPath, args, { cwd: dir, input, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
  const files = readFileSync(log, "utf8").trim().split("\n");
  const modules = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^\/\/#region (src\/\S+)/gm)].map(([, name = ""]) => name),
  );
  expect(modules).toContain("src/sources/added.ts");
  const whole =
    /sources\/(?:read-all|history|families|pack-lots|contents|named)\.ts|git\/history\/pack-walk|git\/pack\/(?:families|load-group)/;
  expect(modules.filter((name) => whole.test(name))).toEqual([]);
});
