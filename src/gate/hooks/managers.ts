/** Programs that manage a repository's hooks. What they write is theirs: we say what to add to their own files. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { lefthookAdvice, lefthookFiles, lefthookSection } from "./lefthook.ts";
import { bodies, type HookName } from "./script.ts";
import { textAt } from "./text.ts";

export interface Manager {
  readonly name: string;
  /** What to add so that it runs us for this hook, in lines; what git says goes through. */
  advice(hook: HookName, root: string): readonly string[];
  /** Whether it runs us from the hook that is there, whose text is `text`. */
  runs(hook: HookName, asked: { readonly root: string; readonly text: string }): boolean;
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
    runs: (hook, { root }) => calls(hook, textAt(join(root, ".husky", hook))),
  },
  {
    name: "lefthook",
    wrote: /lefthook/,
    files: lefthookFiles,
    advice: lefthookAdvice,
    runs: (hook, { root, text }) =>
      /lefthook/.test(text) &&
      lefthookFiles.some((file) => calls(hook, lefthookSection(textAt(join(root, file)) ?? "", hook))),
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
    // It writes the command itself into the hook.
    runs: (hook, { text }) => calls(hook, text),
  },
  {
    name: "pre-commit",
    wrote: /pre-commit\.com/,
    files: [".pre-commit-config.yaml"],
    advice: (hook) => [
      `add to .pre-commit-config.yaml, then run pre-commit install --hook-type ${hook}:`,
      "  - repo: local",
      "    hooks:",
      `      - id: leaksweep-${bodies[hook]}`,
      "        name: leaksweep",
      "        language: system",
      `        entry: npx leaksweep ${bodies[hook]}`,
      "        pass_filenames: false",
      "        always_run: true",
      // The first name of a stage, which all versions know.
      `        stages: [${hook.replace("pre-", "")}]`,
    ],
    runs: (hook, { root, text }) =>
      /pre-commit\.com/.test(text) && calls(hook, textAt(join(root, ".pre-commit-config.yaml"))),
  },
];

/** Whether a text, its comments left out, runs the body of a hook. */
function calls(hook: HookName, text = ""): boolean {
  const said = text.replace(/(^|\s)#.*$/gm, "$1");
  return new RegExp(`leaksweep[ -]${bodies[hook]}(?![\\w-])`).test(said);
}
