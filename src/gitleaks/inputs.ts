/** Which files tell a run of the compatibility mode what to look for, and what to leave alone. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readForeign, withBase } from "../config/foreign.ts";
import type { ForeignFile } from "../foreign/file.ts";
import { extendsOf } from "../foreign/gitleaks-config.ts";
import type { ForeignInput } from "../foreign/inputs.ts";

export interface InputFlags {
  readonly config?: string | undefined;
  /** A copy of the config that comes with gitleaks, for configs that extend it and for runs without any. */
  readonly defaultConfig?: string | undefined;
  readonly ignorePath: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Inputs {
  readonly inputs: readonly ForeignInput[];
  /** The rules that come with gitleaks are meant and are not at hand. */
  readonly standIn: boolean;
  /** The config as the target has it: gitleaks does not look into it. */
  readonly configPath: string;
}

/** The config that holds for `source` and the ignore files. Throws "config.unreadable" and "config.invalid". */
export async function findInputs(source: string, flags: InputFlags, around: Surroundings): Promise<Inputs> {
  const byDefault = flags.defaultConfig === undefined ? undefined : await readForeign(flags.defaultConfig, around.cwd);
  const written = await findConfig(source, flags, around);
  const config =
    written === undefined ? byDefault : await withBase(written, { byDefault, from: around.cwd, cwd: around.cwd });
  const ignores = ignoreFiles(source, flags.ignorePath, around.cwd);
  const files = await Promise.all(ignores.map((path) => readForeign(path, around.cwd)));
  return {
    inputs: [
      ...(config === undefined ? [] : [{ kind: "gitleaks-config" as const, file: config }]),
      ...files.map((file) => ({ kind: "gitleaks-ignore" as const, file })),
    ],
    standIn: config === undefined || wantsDefault(config),
    configPath: flags.config ?? join(source, ".gitleaks.toml"),
  };
}

/** The first of: the flag, two variables, the file in the folder that is scanned. */
async function findConfig(source: string, { config }: InputFlags, { cwd, env }: Surroundings) {
  if (config) return readForeign(config, cwd);
  if (env.GITLEAKS_CONFIG) return readForeign(env.GITLEAKS_CONFIG, cwd);
  if (env.GITLEAKS_CONFIG_TOML) return { name: "GITLEAKS_CONFIG_TOML", text: env.GITLEAKS_CONFIG_TOML };
  const beside = join(source, ".gitleaks.toml");
  return existsSync(resolve(cwd, beside)) ? readForeign(beside, cwd) : undefined;
}

const wantsDefault = (file: ForeignFile): boolean =>
  file.base === undefined ? extendsOf(file).useDefault : wantsDefault(file.base);

/** The file itself, the one in that folder, and the one in the folder that is scanned. */
function ignoreFiles(source: string, path: string, cwd: string): readonly string[] {
  const isFile = (name: string): boolean => existsSync(resolve(cwd, name)) && statSync(resolve(cwd, name)).isFile();
  const all = [path, join(path, ".gitleaksignore"), join(source, ".gitleaksignore")].filter(isFile);
  return [...new Map(all.map((name) => [resolve(cwd, name), name])).values()];
}
