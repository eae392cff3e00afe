/** A `leaksweep:allow` comment speaks for the line it is on and for nothing else. */
import { expect, it } from "vitest";
import { leaksweep, story } from "../kit.ts";

const token = "gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ";
const bare = `one = ${token}`;
const allowed = `two = ${token} # leaksweep:allow only a test`;
const named = `three = ${token} # leaksweep:allow github.pat-classic only a test`;

it.each([
  ["only the first copy", [allowed, bare], "new"],
  ["only the last copy", [bare, allowed], "new"],
  ["two copies of three", [allowed, bare, named], "new"],
  ["every copy", [allowed, named], "allowed"],
  ["every copy, one by a line of its own", [allowed, "# leaksweep:allow-next-line", bare], "allowed"],
])("a secret of a file where comments allow %s", async (_what, lines, verdict) => {
  const text = lines.map((line) => `echo '${line}' >> a`).join("\n");
  const dir = story(`git init -q -b main\n${text}\ncommit one`);
  for (const command of ["git", "dir"]) {
    const { code, stdout } = await leaksweep([command, dir, "-f", "json"]);
    expect(JSON.parse(stdout).findings, command).toMatchObject([{ rule: "github.pat-classic", verdict }]);
    expect(code).toBe(verdict === "new" ? 1 : 0);
  }
});
