import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockFolder } from "../../src/sweep/store/folder-lock.ts";
import { tempDir } from "../kit.ts";

const ownerFile = (folder: string): string => join(folder, "owner.json");

/** A folder as a process leaves it that was killed a moment ago. */
async function leftBehind(change: (owner: { place: string; pid: number }) => object): Promise<string> {
  const folder = tempDir();
  const unlock = await lockFolder(folder);
  const owner = JSON.parse(readFileSync(ownerFile(folder), "utf8"));
  await unlock();
  mkdirSync(`${folder}.lock`);
  writeFileSync(ownerFile(folder), JSON.stringify(change(owner)));
  return folder;
}

/** The number of a process that has ended. */
const dead = (): number => spawnSync(process.execPath, ["-e", "0"]).pid;

const soon = (): Promise<string> => new Promise((done) => setTimeout(done, 2_000, "waiting"));

it("a folder whose process was killed is free at once", async () => {
  const folder = await leftBehind((owner) => ({ ...owner, pid: dead() }));
  const unlock = await Promise.race([lockFolder(folder), soon()]);
  if (typeof unlock === "string") throw new Error("It waits for a process that is gone");
  expect(JSON.parse(readFileSync(ownerFile(folder), "utf8"))).toMatchObject({ pid: process.pid });
  await unlock();
  expect([existsSync(ownerFile(folder)), existsSync(`${folder}.lock`)]).toEqual([false, false]);
});

it.each<[whose: string, change: (owner: { place: string; pid: number }) => object]>([
  ["a process that lives", (owner) => owner],
  ["a process of another machine or container", (owner) => ({ place: `${owner.place} elsewhere`, pid: dead() })],
  ["nobody can say whom", () => ({})],
])(
  "a folder of %s is waited for",
  async (_whose, change) => {
    const folder = await leftBehind(change);
    const locking = lockFolder(folder);
    expect(await Promise.race([locking, soon()])).toBe("waiting");
    await rm(`${folder}.lock`, { recursive: true });
    await (await locking)();
  },
  20_000,
);
