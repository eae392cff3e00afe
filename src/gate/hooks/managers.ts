/** Programs that manage a repository's hooks. What they write is theirs: we say what to add to their own files. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bodies, type HookName } from "./script.ts";

export interface Manager {
  readonly name: string;
  /** What to add so that it runs us for this hook, in lines; what git says goes through. */
  advice(hook: HookName): readonly string[];
}

/** Where hooks are looked for. */
export interface HookPlace {
  /** The folder that git runs hooks from. */
  readonly folder: string;
  /** Root of the work tree; absent in a bare repository. */
  readonly root?: string;
}

/** What runs a hook, where it is one of those we know. `text` is that of the hook that is there now. */
export function managerOf({ folder, root }: HookPlace, text: string | undefined): Manager | undefined {
  return managers.find(({ wrote, files, isSet }) => {
    if (text !== undefined && wrote.test(text)) return true;
    if (root === undefined) return false;
    return files.some((file) => existsSync(join(root, file))) || (isSet?.({ folder, root }) ?? false);
  });
}

interface Known extends Manager {
  /** What hooks that it wrote say. */
  readonly wrote: RegExp;
  /** Files at the root of a repository that it manages. */
  readonly files: readonly string[];
  readonly isSet?: (place: Required<HookPlace>) => boolean;
}

const managers: readonly Known[] = [
  {
    name: "husky",
    wrote: /husky/,
    files: [],
    isSet: ({ folder }) => basename(folder) === ".husky" || basename(dirname(folder)) === ".husky",
    advice: (hook) => [`add to .husky/${hook}:`, `  leaksweep ${bodies[hook]} "$@"`],
  },
  {
    name: "lefthook",
    wrote: /lefthook/,
    files: [".yml", ".yaml", ".toml", ".json"].flatMap((end) => [`lefthook${end}`, `.lefthook${end}`]),
    advice: (hook) => [
      "add to lefthook.yml, then run lefthook install:",
      `  ${hook}:`,
      "    commands:",
      "      leaksweep:",
      `        run: npx leaksweep ${bodies[hook]}${hook === "pre-push" ? " {0}" : ""}`,
      ...(hook === "pre-push" ? ["        use_stdin: true"] : []),
    ],
  },
  {
    name: "simple-git-hooks",
    wrote: /SIMPLE_GIT_HOOKS/,
    files: [".simple-git-hooks.json", ".simple-git-hooks.js", ".simple-git-hooks.cjs", "simple-git-hooks.json"],
    isSet: ({ root }) => /"simple-git-hooks"\s*:\s*\{/.test(textAt(join(root, "package.json")) ?? ""),
    advice: (hook) => [
      'add to "simple-git-hooks" in package.json, then run npx simple-git-hooks:',
      `  "${hook}": "npx leaksweep ${bodies[hook]} \\"$@\\""`,
    ],
  },
  {
    name: "pre-commit",
    wrote: /pre-commit\.com/,
    files: [".pre-commit-config.yaml"],
    advice: (hook) => [
      `add to .pre-commit-config.yaml, then run pre-commit install --hook-type ${hook}:`,
      "  - repo: <where leaksweep's repository is>",
      "    rev: <a tag of it>",
      `    hooks: [{ id: leaksweep-${hook === "pre-commit" ? "staged" : bodies[hook]} }]`,
    ],
  },
];

/** The text of a file, or `undefined` where there is none to read. */
export function textAt(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
