/** A repository that is made here, the same each time and on every machine, and the command that scans it. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The program that was built last. */
export const binary = resolve(dirname(fileURLToPath(import.meta.url)), "../../bin/leaksweep.cjs");

/** Numbers that look drawn and are the same each time (Lehmer, MINSTD). */
export function* numbers(seed = 1): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state;
  }
}

/** Lines as source files have them; words that rules look for are as frequent in them as in real ones. */
const forms: readonly ((name: string, other: string, number: number) => string)[] = [
  (name, other) => `import { ${name} } from "./${other}.js";`,
  (name, other, number) => `  const ${name} = ${other}(${number}, { deep: true });`,
  (name, other) => `  if (!${name} || ${name}.${other} === undefined) return null;`,
  (name, other) => `  // The ${name} is kept until its ${other} has been read.`,
  (name, other, number) => `  ${name}.push({ key: "${other}", value: ${number} });`,
  (name, other) => `export function ${name}(${other}, options = {}) {`,
  (name, _, number) => `    throw new Error(\`cannot parse ${name}: \${token} at ${number}\\n\`);`,
  (name, other) => `  for (const ${name} of ${other}.entries()) visit(${name}, state);`,
  (name, other) => `  return ${name} ? ${other}.slice(0, -1) : ${other};`,
  () => "  }",
  () => "",
];
const words = "node path list text index range state cache entry value parent child buffer cursor offset token".split(
  " ",
);

/** A repository of so many commits over forty files, each of which changes two of them, packed as `git gc` does. */
export function repositoryOf(folder: string, commits: number): string {
  const path = join(folder, `${commits}.git`);
  const chance = numbers();
  const draw = (below: number): number => chance.next().value % below;
  const word = (): string => `${words[draw(words.length)] ?? ""}${draw(9) === 0 ? draw(100) : ""}`;
  const line = (): string => `${forms[draw(forms.length)]?.(word(), word(), draw(1e6)) ?? ""}`;
  const files = Array.from({ length: 40 }, () => Array.from({ length: 150 + draw(150) }, line));
  const stream = `${path}.stream`;
  const file = openSync(stream, "w");
  for (let commit = 0; commit < commits; commit++) {
    const time = 1_700_000_000 + commit * 600;
    writeSync(file, `commit refs/heads/main\ncommitter A <a@example.org> ${time} +0000\ndata 4\nwork\n`);
    for (const number of commit === 0 ? files.keys() : [draw(40), draw(40)]) {
      const lines = files[number] ?? [];
      // As many lines come as go, so that twice as many commits are twice as much to read.
      for (let edit = 0; edit < 3; edit++)
        lines.splice(draw(lines.length), draw(3), ...(draw(2) === 0 ? [line(), line()] : []));
      const text = lines.join("\n");
      writeSync(file, `M 100644 inline src/${number % 7}/${number}.ts\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  closeSync(file);
  execFileSync("git", ["init", "-q", "--bare", path]);
  execFileSync("sh", ["-c", 'git -C "$0" fast-import --quiet < "$1"', path, stream]);
  rmSync(stream);
  execFileSync("git", ["-C", path, "-c", "pack.threads=1", "gc", "-q"]);
  return path;
}

/** A scan of all of its history, nothing remembered. */
export const scanOf = (repository: string, ...flags: string[]): readonly string[] => [
  process.execPath,
  binary,
  "git",
  repository,
  "--no-cache",
  "--no-progress",
  "-f",
  "json",
  ...flags,
];
