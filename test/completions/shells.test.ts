/** The scripts of `leaksweep completions`, asked by the shells themselves. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { available, leaksweep, tempDir } from "../kit.ts";

/** What is typed, and the one word that the shell makes of its end. */
const typed: readonly (readonly [line: string, word: string])[] = [
  ["leaksweep sta", "staged"],
  ["leaksweep rules che", "check"],
  ["leaksweep hook install pre-c", "pre-commit"],
  ["leaksweep scan --max-f", "--max-file-size"],
  ["leaksweep --max-f", "--max-file-size"],
  ["leaksweep scan --format sar", "sarif"],
  ["leaksweep staged -f sar", "sarif"],
  ["leaksweep git --fail-on hi", "high"],
  ["leaksweep completions zs", "zsh"],
  ["leaksweep dir some", "somefile"],
  ["leaksweep scan --config some", "somefile"],
];

/** Runs a program of the shell's in a folder that holds `somefile` and the script at `file`. */
type Complete = (lines: readonly string[], at: { file: string; cwd: string }) => string[];

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, {
    cwd,
    encoding: "utf8",
    timeout: 20_000,
    env: { PATH: process.env.PATH, HOME: cwd, TERM: "dumb" },
  });

const shells: Readonly<Record<string, Complete>> = {
  bash(lines, { file, cwd }) {
    const ask = lines.map((line) => {
      const words = line.split(" ");
      return `COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; _leaksweep; echo "\${COMPREPLY[*]}"`;
    });
    return run("bash", ["--norc", "-c", `source ${file}; ${ask.join("; ")}`], cwd)
      .trim()
      .split("\n");
  },
  // Only a terminal has zsh complete: one is made, the tab is typed, and a key prints the line.
  zsh(lines, { file, cwd }) {
    const setup = `PROMPT=; autoload -Uz compinit; compinit -u -D; source ${file}; show() { print -r -- "LINE:$BUFFER:END"; BUFFER= }; zle -N show; bindkey "^X" show; print RE""ADY`;
    const ask = lines.map((line) =>
      [`zpty -w -n z $'${line}\\t\\C-x'`, "zpty -r -m z out '*LINE:*:END*'", 'print -r -- "$out"'].join("\n"),
    );
    const start = ["zmodload zsh/zpty", "zpty z zsh -f -i", `zpty -w z '${setup}'`, "zpty -r -m z out '*READY*'"];
    const said = run("zsh", ["-f", "-c", [...start, ...ask].join("\n")], cwd);
    return [...said.matchAll(/LINE:(.*?):END/g)].map(([, line = ""]) => line.trim().split(" ").at(-1) ?? "");
  },
  fish(lines, { file, cwd }) {
    const ask = lines.map((line) => `echo (complete -C '${line}' | string split -f1 \\t)`);
    return run("fish", ["--no-config", "-c", `source ${file}; ${ask.join("; ")}`], cwd)
      .trim()
      .split("\n");
  },
};

describe.each(Object.entries(shells))("in %s", (name, complete) => {
  const isHere = spawnSync(name, ["-c", "true"]).status === 0;

  it.runIf(available(name, isHere))("words are completed", async () => {
    const cwd = tempDir();
    const file = join(cwd, `script.${name}`);
    const { code, stdout } = await leaksweep(["completions", name]);
    expect(code).toBe(0);
    writeFileSync(file, stdout);
    writeFileSync(join(cwd, "somefile"), "");
    const words = complete(
      typed.map(([line]) => line),
      { file, cwd },
    );
    const completed = typed.map(([line], index) => [line, words[index]]);
    expect(completed).toEqual(typed);
  });
});
