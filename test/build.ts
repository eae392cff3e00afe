import { execFileSync } from "node:child_process";

/** Builds once before the suites, so that tests of the real binary never run yesterday's code. */
export function setup(): void {
  execFileSync("npm", ["run", "build", "--silent"], { stdio: ["ignore", "ignore", "inherit"] });
}
