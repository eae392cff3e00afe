/** Git hooks that run leaksweep: put in place, taken away, looked at. A hook that is not ours is never overwritten. */
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LeaksweepError } from "../../errors.ts";
import { askGit } from "../../git/git.ts";
import { notRepository } from "../errors.ts";
import { type HookPlace, managerOf } from "./managers.ts";
import { beforeSuffix, fileOf, type HookName, hookScript, isOurs, type Self } from "./script.ts";
import { textAt } from "./text.ts";

/** How one hook stands. */
export interface HookState {
  readonly name: HookName;
  /** Absolute path of the file that git runs. */
  readonly file: string;
  /**
   * `installed`: ours, and what it runs is there; `broken`: ours, and that has gone; `managed`: a manager's, which runs
   * us; `foreign`: somebody else's; `absent`: there is none.
   */
  readonly kind: "installed" | "broken" | "managed" | "foreign" | "absent";
  /** The manager whose files decide what runs. */
  readonly manager?: string;
  /** What a person has to do for it, in lines. */
  readonly advice?: readonly string[];
  /** Ours runs the hook that was there before. */
  readonly chained?: boolean;
}

export interface HooksCall {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where git looks for the hooks of the repository at `cwd`, by all of its user's config. Throws where there is none. */
export async function hookPlace({ cwd, env }: HooksCall): Promise<HookPlace & { readonly isBare: boolean }> {
  const ask = async (...args: string[]): Promise<string> => (await askGit(args, { cwd, env })) ?? "";
  const folder = await ask("rev-parse", "--git-path", "hooks");
  if (folder === "") throw notRepository(cwd);
  const root = await ask("rev-parse", "--show-toplevel");
  const isBare = root === "";
  return { folder: resolve(cwd, folder), ...(isBare ? {} : { root: resolve(root) }), isBare };
}

/** How the hook `name` stands. */
export function hookState(name: HookName, place: HookPlace): HookState {
  const file = join(place.folder, name);
  const text = textAt(file);
  if (text !== undefined && isOurs(text)) {
    const runs = fileOf(text);
    const kind = runs !== undefined && existsSync(runs) ? "installed" : "broken";
    return { name, file, kind, chained: existsSync(file + beforeSuffix) };
  }
  const manager = managerOf(place, text);
  if (manager === undefined) return { name, file, kind: text === undefined ? "absent" : "foreign" };
  const { name: called } = manager;
  const { root = place.folder } = place;
  const isRun = text !== undefined && manager.runs(name, { root, text });
  if (isRun) return { name, file, kind: "managed", manager: called };
  const kind = text === undefined ? "absent" : "foreign";
  return { name, file, kind, manager: called, advice: manager.advice(name, root) };
}

/**
 * Puts the hook `name` in place and says how it stands then. A hook that somebody wrote by hand is kept and run first;
 * one that a manager wrote is left alone, and `advice` says what to tell the manager. Throws "hook.refused" where the
 * system does not let us write.
 */
export async function installHook(name: HookName, place: HookPlace, self: Self): Promise<HookState> {
  const before = hookState(name, place);
  if (before.manager !== undefined) return before;
  const { file } = before;
  const aside = file + beforeSuffix;
  if (before.kind === "foreign" && existsSync(aside)) {
    throw refused(name, `there are two hooks beside ours, "${file}" and "${aside}"; keep one`);
  }
  const chained = before.kind === "foreign" || existsSync(aside);
  await acting(name, async () => {
    await mkdir(place.folder, { recursive: true });
    if (before.kind === "foreign") await rename(file, aside);
    await writeFile(file, hookScript(name, self, { chained }));
    await chmod(file, 0o755);
  });
  return hookState(name, place);
}

/** Takes our hook `name` away, puts back what was there before it, and says how it stands then. */
export async function uninstallHook(name: HookName, place: HookPlace): Promise<HookState> {
  const { kind, file } = hookState(name, place);
  if (kind === "installed" || kind === "broken") {
    await acting(name, async () => {
      await rm(file);
      if (existsSync(file + beforeSuffix)) await rename(file + beforeSuffix, file);
    });
  }
  return hookState(name, place);
}

async function acting(name: HookName, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw refused(name, String(cause.code), cause);
  }
}

const refused = (name: HookName, state: string, cause?: unknown): LeaksweepError =>
  new LeaksweepError("hook.refused", `Cannot change hook "${name}": ${state}`, {
    hint: "See who may write to the folder of hooks: git rev-parse --git-path hooks.",
    cause,
  });
