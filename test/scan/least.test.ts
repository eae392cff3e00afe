/** Findings that nobody will see are not named, unless a baseline must know of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaksweep, story } from "../kit.ts";

const doubtful = () => story(`git init -q -b main\nprintf 'pass¦word = "changeme_42"\\n' > a.env\ncommit one`);

const findings = async (dir: string, ...flags: string[]): Promise<{ confidence: string; fingerprint: string }[]> =>
  JSON.parse((await leaksweep(["git", dir, "-f", "json", ...flags])).stdout).findings;

it("what is doubtful is there for who asks for it", async () => {
  const dir = doubtful();
  expect(await findings(dir)).toEqual([]);
  expect(await findings(dir, "--min-confidence", "low")).toMatchObject([{ confidence: "low" }]);
  expect((await leaksweep(["git", dir, "--fail-on", "low"])).code).toBe(1);
});

it("what is doubtful and accepted is met: its line in the baseline is not stale", async () => {
  const dir = doubtful();
  const [found] = await findings(dir, "--min-confidence", "low");
  writeFileSync(join(dir, ".leaksweep-baseline"), `${found?.fingerprint} generic.password allowed # made up\n`);
  const { stdout } = await leaksweep(["git", ".", "-f", "json"], { cwd: dir });
  expect(JSON.parse(stdout).baseline).toEqual({ entries: 1, stale: [], expired: [] });
});
