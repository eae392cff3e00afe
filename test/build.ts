import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Builds once before the suites, so that tests of the real binary never run yesterday's code. What takes long, the
 * declarations, the kernel and the rulepack, is left as it is where nothing changed: no test reads the first, and the
 * build knows the age of the others.
 */
export function setup(): void {
  const quick = existsSync("dist/index.d.cts") ? ["--", "--no-dts", "--no-clean"] : [];
  execFileSync("npm", ["run", "build", "--silent", ...quick], { stdio: ["ignore", "ignore", "inherit"] });
}
