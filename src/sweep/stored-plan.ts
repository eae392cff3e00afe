/** A plan as a store holds it, so that a worker on another machine looks for the same: rule files come along. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { defaults, type Plan } from "../config/plan.ts";
import { temporaryFolder } from "../git/temporary.ts";

interface StoredPlan extends Omit<Plan, "rules"> {
  readonly ruleFiles: readonly { readonly name: string; readonly text: string }[];
}

/** `plan` as a value for JSON. */
export async function storedPlan({ rules, ...plan }: Plan): Promise<Readonly<Record<string, unknown>>> {
  const ruleFiles = (await Promise.all(rules.map(readRules))).flat();
  const stored: StoredPlan = { ...plan, ruleFiles };
  return { ...stored };
}

async function readRules(path: string): Promise<StoredPlan["ruleFiles"]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).map((name) => join(path, name))
    : [path];
  return Promise.all(files.map(async (file) => ({ name: basename(file), text: await readFile(file, "utf8") })));
}

/** The plan that `stored` is. Its rule files are written to a new folder, whose path is in the plan. */
export async function restoredPlan(stored: Readonly<Record<string, unknown>>): Promise<Plan> {
  const { ruleFiles = [], ...plan } = stored as unknown as Partial<StoredPlan>;
  const rules: string[] = [];
  if (ruleFiles.length > 0) {
    const folder = await temporaryFolder();
    for (const [number, { name, text }] of ruleFiles.entries()) {
      const file = join(folder, `${number}-${basename(name)}`);
      await writeFile(file, text, { mode: 0o600 });
      rules.push(file);
    }
  }
  return { ...defaults, ...plan, rules };
}
