/** What stands in the files of lefthook, which may be YAML, TOML or JSON. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bodies, type HookName } from "./script.ts";

/** Its files at the root of a repository, the likeliest first. */
export const lefthookFiles: readonly string[] = [".yml", ".yaml", ".toml", ".json"].flatMap((end) =>
  ["lefthook", ".lefthook", "lefthook-local", ".lefthook-local"].map((name) => name + end),
);

/** What to add to the file that is there, in its own language. */
export function lefthookAdvice(hook: HookName, root: string): readonly string[] {
  const file = lefthookFiles.find((name) => existsSync(join(root, name))) ?? "lefthook.yml";
  const run = `npx leaksweep ${bodies[hook]}${hook === "pre-push" ? " {0}" : ""}`;
  const listens = hook === "pre-push";
  const first = `add to ${file}, then run lefthook install:`;
  if (file.endsWith(".toml")) {
    const lines = [`[${hook}.commands.leaksweep]`, `run = "${run}"`, ...(listens ? ["use_stdin = true"] : [])];
    return [first, ...lines.map((line) => `  ${line}`)];
  }
  if (file.endsWith(".json")) {
    const command = { run, ...(listens && { use_stdin: true }) };
    return [first, `  "${hook}": ${JSON.stringify({ commands: { leaksweep: command } })}`];
  }
  return [
    first,
    `  ${hook}:`,
    "    commands:",
    "      leaksweep:",
    `        run: ${run}`,
    ...(listens ? ["        use_stdin: true"] : []),
  ];
}

/** What the text of one of its files says of a hook; empty where it says nothing. */
export function lefthookSection(text: string, hook: HookName): string {
  if (text.trimStart().startsWith("{")) return jsonSection(text, hook);
  // A line at the margin opens a section in YAML, a heading in TOML, where margins mean nothing.
  const isToml = /^\s*\[+[\w."'-]+\]/m.test(text);
  const opening = isToml ? /^\s*\[+\s*["']?([\w-]+)/ : /^["']?([\w-]+)["']?\s*:/;
  let within = "";
  return text
    .split("\n")
    .filter((line) => {
      within = opening.exec(line)?.[1] ?? within;
      return within === hook;
    })
    .join("\n");
}

function jsonSection(text: string, hook: HookName): string {
  try {
    const parsed: unknown = JSON.parse(text);
    const said: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, hook) : undefined;
    return JSON.stringify(said) ?? "";
  } catch {
    return "";
  }
}
