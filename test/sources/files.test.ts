import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { pathMatcher } from "../../src/bytes/glob.ts";
import { filesSource } from "../../src/sources/files.ts";
import type { Engine } from "../../src/terms.ts";
import { tempDir } from "../kit.ts";
import { traceToy } from "./toy-engine.ts";
import { readToy } from "./toy-target.ts";

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const dir = tempDir();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

it.each(["scan", "dir"] as const)("%s follows a link that the user names, and none below it", async (command) => {
  const dir = folder({ "real/a": "secret-a", "other/b": "secret-b" });
  symlinkSync(join(dir, "real"), join(dir, "link"));
  symlinkSync(join(dir, "other"), join(dir, "real/inner"));
  const { found, skips } = await readToy({ command, paths: [join(dir, "link")] });
  expect({ found, skips }).toEqual({ found: ["a a present"], skips: [] });
});

it("a link that is found is read as the text that it holds", async () => {
  const dir = folder({});
  symlinkSync("secret-text", join(dir, "link"));
  expect((await readToy({ command: "dir", paths: [dir] })).found).toEqual(["link text present"]);
});

it("reads each file once, however often it is named", async () => {
  const dir = folder({ "s/a": "secret-a", ".git/hook": "secret-hook", b: "secret-b" });
  const paths = ["s/a", "", "s", "", ".git/hook", "s/a"].map((path) => join(dir, path));
  const { found, files } = await readToy({ command: "dir", paths });
  expect(files).toBe(3);
  const here = relative(process.cwd(), dir);
  expect(found).toEqual([`${here}/.git/hook hook present`, `${here}/b b present`, `${here}/s/a a present`]);
});

it("does not enter a folder that is excluded, and says so once", async () => {
  const dir = folder({ "app/node_modules/x/a": "secret-a", "app/node_modules/b": "secret-b", c: "secret-c" });
  const excluded = pathMatcher(["node_modules"]);
  expect(await readToy({ command: "dir", paths: [dir], excluded })).toMatchObject({
    found: ["c c present"],
    skips: ["policy app/node_modules excluded by the configuration"],
  });
});

// Other systems refuse such a name.
it.runIf(process.platform === "linux")("reads files and folders whose names are not UTF-8", async () => {
  const dir = tempDir();
  const odd = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0x64])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from("/"), Buffer.from([0xe9])]), "secret-odd");
  symlinkSync("secret-link", Buffer.concat([odd, Buffer.from("/l")]));
  expect(await readToy({ command: "dir", paths: [dir] })).toMatchObject({
    found: ["\u{fffd}d/l link present", "\u{fffd}d/\u{fffd} odd present"],
    skips: [],
  });
});

const over = (dir: string, names: readonly string[]) =>
  filesSource(
    async function* () {
      for (const name of names) yield { file: join(dir, name), path: name };
    },
    { label: "files", status: "present", where: "content", excluded: () => false },
  );

it("does not pass a mistake of the engine off as a file that cannot be read", async () => {
  const engine: Engine = {
    rulepack: { rules: [], hash: "" },
    match: () => {
      throw new TypeError("a bug");
    },
  };
  const search = async (): Promise<void> => {
    for await (const batch of over(folder({ a: "a" }), ["a"]).batches(new AbortController().signal)) {
      for await (const _ of batch.search(engine));
    }
  };
  await expect(search()).rejects.toThrow("a bug");
});

it("a file that is gone is a fault", async () => {
  const { skips } = await traceToy(over(tempDir(), ["gone"]));
  expect(skips).toEqual([{ path: "gone", by: "fault", reason: "cannot be read: ENOENT" }]);
});

it("stops between two files when the signal aborts", async () => {
  const controller = new AbortController();
  const shown: string[] = [];
  const engine: Engine = {
    rulepack: { rules: [], hash: "" },
    match({ bytes }) {
      shown.push(Buffer.from(bytes).toString());
      controller.abort(new Error("enough"));
      return [];
    },
  };
  const read = async (): Promise<void> => {
    for await (const batch of over(folder({ a: "a", b: "b" }), ["a", "b"]).batches(controller.signal)) {
      for await (const _ of batch.search(engine));
    }
  };
  await expect(read()).rejects.toThrow("enough");
  expect(shown).toEqual(["a"]);
});
