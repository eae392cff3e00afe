// @ts-check
/**
 * The entry point of the GitHub Action: reads and checks its inputs, installs the npm package where this is no built
 * checkout, and runs `leaksweep ci`. Plain JavaScript without packages, since nothing is built or installed yet.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));

/** A mistake in the workflow: said without a stack, exit 2. */
class WrongInput extends Error {}

/** @param {string} text */
const isRevision = (text) => /^[^-\s][^\s]*$/.test(text);

/**
 * What each input may be; those that are not here may be any text.
 * @type {Readonly<Record<string, readonly [may: (text: string) => boolean, hint: string]>>}
 */
const types = {
  version: [(text) => /^\d+(?:\.\d+){0,2}(?:-[\w.]+)?$/.test(text), "a version such as 1.2.3"],
  base: [isRevision, "a revision"],
  head: [isRevision, "a revision"],
  fetch: [(text) => /^(?:true|false)$/.test(text), "true or false"],
  "fail-on": [(text) => /^(?:low|medium|high)$/.test(text), "low, medium or high"],
  "fail-exposure": [(text) => /^(?:true|false)$/.test(text), "true or false"],
  "report-only": [(text) => /^(?:true|false)$/.test(text), "true or false"],
  "upload-sarif": [(text) => /^(?:true|false)$/.test(text), "true or false"],
};

/**
 * The inputs by name, each of its type; empty ones are left out.
 * @param {string | undefined} text
 * @returns {Readonly<Record<string, string>>}
 */
function inputsFrom(text) {
  /** @type {Record<string, string>} */
  const inputs = {};
  for (const [name, value] of Object.entries(JSON.parse(text || "{}"))) {
    if (value === "" || value === null) continue;
    const [may, hint] = types[name] ?? [() => true, ""];
    if (!may(String(value)))
      throw new WrongInput(`The input "${name}" must be ${hint}, and is ${JSON.stringify(value)}`);
    inputs[name] = String(value);
  }
  return inputs;
}

/**
 * Arguments of `leaksweep`.
 * @param {Readonly<Record<string, string>>} inputs
 */
function argumentsFrom(inputs) {
  const named = ["base", "head", "config", "baseline", "fail-on"].flatMap((name) =>
    inputs[name] === undefined ? [] : [`--${name}`, inputs[name]],
  );
  return [
    "ci",
    ...named,
    ...(inputs.fetch === "false" ? [] : ["--fetch"]),
    ...(inputs["fail-exposure"] === "true" ? ["--fail-exposure"] : []),
    ...(inputs["report-only"] === "true" ? ["--exit-code", "0"] : []),
    ...["--report", `sarif=${sarifFile(inputs)}`, "--no-progress"],
  ];
}

/** @param {Readonly<Record<string, string>>} inputs */
const sarifFile = (inputs) => resolve(inputs["sarif-file"] ?? "leaksweep.sarif");

/**
 * The program to run: the one of a built checkout, unless a version is asked for; else the npm package.
 * @param {string | undefined} version
 * @param {string} folder where to install
 */
function program(version, folder) {
  const built = join(home, "bin/leaksweep.cjs");
  if (version === undefined && existsSync(join(home, "dist/cli/start.cjs"))) return built;
  const { version: own } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const name = `leaksweep@${version ?? own}`;
  process.stdout.write(`Installing ${name} with npm, and nothing else\n`);
  const args = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, name];
  const { status } = spawnSync("npm", args, {
    cwd: folder, // a .npmrc of the checkout must not choose where from
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new WrongInput(`npm could not install ${name}`);
  return join(folder, "node_modules/leaksweep/bin/leaksweep.cjs");
}

function main() {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), "leaksweep-action-"));
  try {
    const inputs = inputsFrom(process.env.LEAKSWEEP_INPUTS);
    const sarif = sarifFile(inputs);
    rmSync(sarif, { force: true });
    const { status } = spawnSync(process.execPath, [program(inputs.version, folder), ...argumentsFrom(inputs)], {
      stdio: "inherit",
    });
    if (process.env.GITHUB_OUTPUT && existsSync(sarif)) appendFileSync(process.env.GITHUB_OUTPUT, `sarif=${sarif}\n`);
    return status ?? 2;
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    process.stdout.write(
      `::error title=leaksweep::${error.message.replace(/[%\r\n]/g, (sign) => encodeURIComponent(sign))}\n`,
    );
    return 2;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main();
