import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { removeLeftovers, temporaryFolder } from "../../src/git/temporary.ts";

it("of temporary folders only those go that are a day old and whose process is gone", async () => {
  const { pid: gone } = spawnSync(process.execPath, ["-e", "0"]);
  const place = (name: string, days: number): string => {
    const folder = join(tmpdir(), name);
    mkdirSync(folder);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const then = new Date(Date.now() - days * 86_400_000);
    utimesSync(folder, then, then);
    return folder;
  };
  const left = place(`leaksweep-${gone}-aB3dE6`, 2);
  const kept = [
    place(`leaksweep-${gone}-young1`, 0.5),
    place(`leaksweep-${process.pid}-inUse1`, 2),
    place(`leaksweep-${gone}-longername`, 2),
    place("leaksweep-mine12", 2),
    await temporaryFolder(),
  ];
  onTestFinished(() => rmSync(kept.at(-1) ?? "", { recursive: true }));
  await removeLeftovers(new Date());
  expect(existsSync(left)).toBe(false);
  expect(kept.filter(existsSync)).toEqual(kept);
});
