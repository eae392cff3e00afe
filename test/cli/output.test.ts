import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectWritable, writeWhole } from "../../src/cli/output.ts";
import { tempDir } from "../kit.ts";

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

it("writes a new file that only its owner can read, and leaves nothing else", async () => {
  const dir = tempDir();
  await writeWhole(join(dir, "out.json"), ["{", "}\n"]);
  expect(readFileSync(join(dir, "out.json"), "utf8")).toBe("{}\n");
  expect(mode(join(dir, "out.json"))).toBe("600");
  expect(readdirSync(dir)).toEqual(["out.json"]);
});

it("replaces a file that others could read by one that they cannot", async () => {
  const file = join(tempDir(), "out.json");
  writeFileSync(file, "old", { mode: 0o644 });
  await writeWhole(file, ["new"]);
  expect([readFileSync(file, "utf8"), mode(file)]).toEqual(["new", "600"]);
});

it("writes through a link instead of replacing it", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "real"), "old");
  symlinkSync("real", join(dir, "link"));
  await writeWhole(join(dir, "link"), ["new"]);
  expect(readFileSync(join(dir, "real"), "utf8")).toBe("new");
});

it("writes into a device or a pipe instead of replacing it by a file", async () => {
  const pipe = join(tempDir(), "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = new Promise((read) => {
    execFile("cat", [pipe], (_error, text) => read(text));
  });
  await writeWhole(pipe, ["through"]);
  expect(await reader).toBe("through");
  expect(statSync(pipe).isFIFO()).toBe(true);
});

it.each([
  ["gone/out.json", "there is no such folder"],
  ["folder", "it is a folder"],
  ["file/out.json", "part of its path is not a folder"],
])("refuses %s before anything is scanned: %s", async (path, state) => {
  const dir = tempDir();
  mkdirSync(join(dir, "folder"));
  writeFileSync(join(dir, "file"), "");
  await expect(expectWritable(join(dir, path))).rejects.toMatchObject({
    code: "output.failed",
    message: `Cannot write to "${join(dir, path)}": ${state}`,
  });
});
