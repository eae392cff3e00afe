/**
 * What a person reads whose push or commit was stopped, on a terminal of 80 columns without colour, and that it is true: the
 * printed commands are run one by one, as a person would run them, and then the push goes through.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { calmEnv, sh, tempDir, whole } from "../kit.ts";

const bin = resolve(import.meta.dirname, "../../bin/leaksweep.cjs");
const token = whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ");
const words = `T=${token}; leak() { echo "key=$T" > "$1"; }; save() { git add -A . && git commit -q -m "\${1:-work}"; }`;

interface Blocked {
  /** Name of the golden file. */
  readonly name: string;
  /** What somebody did; each commit is a day later than the one before. */
  readonly script: string;
  readonly push: string;
  /** What the text asks a person to do by hand, before the commands or where a rebase stops. */
  readonly cure: string;
  /** Shell that stands in for the person in an editor; `$1` is the file. */
  readonly editor?: string;
  /** The push after the cure: a rewritten branch needs no force, since nobody has it. */
  readonly again?: string;
}

const cases: readonly Blocked[] = [
  {
    name: "last-commit",
    script: "leak app.env; save 'add settings'",
    push: "git push origin main",
    cure: "echo key=from-the-store > app.env",
  },
  {
    name: "earlier-commit",
    script: "leak app.env; save 'add settings'; echo 2 >> a; save two; echo 3 >> a; save three",
    push: "git push origin main",
    cure: "echo key=from-the-store > app.env",
  },
  {
    name: "taken-away",
    script: "leak app.env; save 'add settings'; git rm -q app.env; echo 2 >> a; save 'away with it'",
    push: "git push origin main",
    cure: "true",
  },
  {
    name: "taken-away-long-ago",
    script:
      "printf 'a=1\\nkey=%s\\nb=2\\n' $T > app.env; save 'add settings'; for i in $(seq 9); do echo $i >> a; save \"step $i\"; done; sed -i 2d app.env; save 'away with it'",
    push: "git push origin main",
    cure: "sed -i 2d app.env",
    editor: "sed -i '1s/^pick/edit/' \"$1\"",
  },
  {
    name: "two-files",
    script:
      "leak app.env; save 'add settings'; mkdir 'conf dir'; leak 'conf dir/b.env'; save copy; echo 2 >> a; save two",
    push: "git push origin main",
    cure: "echo key=1 > app.env; echo key=2 > 'conf dir/b.env'",
  },
  {
    name: "message",
    script: 'echo 2 >> a; git add a; git commit -q -m "token $T works"; echo 3 >> a; save three',
    push: "git push origin main",
    cure: "true",
    editor: "sed -i '/^amend!/!s/token .* works/the token works/' \"$1\"",
  },
  {
    name: "file-name",
    script: 'echo 2 > "$T"; save "a file"',
    push: "git push origin main",
    cure: "true",
  },
  {
    name: "other-branch",
    script: "git checkout -q -b feature/login; leak app.env; save 'add settings'; git checkout -q main",
    push: "git push origin feature/login",
    cure: "echo key=from-the-store > app.env",
  },
  {
    name: "tag-message",
    script: 'echo 2 >> a; save two; git tag -a -m "signed with $T" v1',
    push: "git push origin main v1",
    cure: "true",
    editor: 'echo "version one" > "$1"',
  },
];

/** The commands of the text, in order: they stand below their step, indented, and nothing else is so. */
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/^ {12}(git .*)$/gm)].map(([, command = ""]) => command);

/** Lines that are longer than a terminal is wide and hold no command, which nobody may break. */
const tooLong = (text: string): string[] =>
  text.split("\n").filter((line) => line.length > 80 && !line.startsWith(" ".repeat(12)));

const dated = { GIT_AUTHOR_DATE: "2024-02-01T12:00:00Z", GIT_COMMITTER_DATE: "2024-02-01T12:00:00Z" };

const play = (dir: string, script: string, env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync("sh", ["-uc", `${words}\n${script}`], {
    cwd: dir,
    env: { ...calmEnv, ...env },
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
};

describe.each(cases)("a push that is stopped: $name", ({ name, script, push, cure, editor = "true", again = push }) => {
  it("says what, where, and what to do, and that lets it through", async () => {
    const dir = join(tempDir(), "w");
    mkdirSync(dir);
    sh(
      dir,
      `git init -q --bare -b main ../r; git init -q -b main; git remote add origin ../r; echo 1 > a; commit one
      git push -q origin main; "${process.execPath}" "${bin}" hook install pre-push`,
    );
    expect(play(dir, script, dated)).toMatchObject({ status: 0 });
    const stopped = play(dir, push, dated);
    expect(stopped.status).not.toBe(0);
    const text = stopped.said.replace(/^error: failed to push some refs to .*\n/m, "");
    expect(tooLong(text)).toEqual([]);
    await expect(text).toMatchFileSnapshot(join("../../fixtures/blocked", `${name}.txt`));

    const commands = commandsIn(text).map((command) => command.replace("NEW_NAME", "plain-name"));
    const inEditor = { GIT_EDITOR: `sh -c '${editor.replaceAll("'", "'\\''")}' sh` };
    const env = { ...dated, ...inEditor, GIT_SEQUENCE_EDITOR: inEditor.GIT_EDITOR };
    const way = commands.flatMap((command) => (/^git (?:switch|rebase -i)/.test(command) ? [command] : []));
    const rest = commands.filter((command) => !way.includes(command));
    for (const command of [...way, cure, ...rest]) {
      expect(play(dir, command, env), command).toMatchObject({ status: 0 });
    }
    const passed = play(dir, again, dated);
    expect(passed, passed.said).toMatchObject({ status: 0 });
    expect(play(dir, "git status --porcelain; git ls-remote -q origin | wc -l", dated).said.trim()).toMatch(/^\d$/);
  });
});

it.each([
  ["staged", "leak app.env; git add app.env"],
  ["staged-two-files", "leak app.env; mkdir 'conf dir'; leak 'conf dir/b.env'; git add ."],
])("a commit that is stopped says what, where, and what to do, and that lets it through: %s", async (name, script) => {
  const dir = join(tempDir(), "w");
  mkdirSync(dir);
  const install = `"${process.execPath}" "${bin}" hook install pre-commit`;
  sh(dir, `git init -q -b main; echo 1 > a; commit one; ${install}`);
  const stopped = play(dir, `${script}; git commit -q -m 'add settings'`, dated);
  expect(stopped.status).not.toBe(0);
  expect(tooLong(stopped.said)).toEqual([]);
  await expect(stopped.said).toMatchFileSnapshot(join("../../fixtures/blocked", `${name}.txt`));
  const cure = 'for file in app.env \'conf dir/b.env\'; do [ ! -f "$file" ] || echo key=1 > "$file"; done';
  for (const command of [cure, ...commandsIn(stopped.said), "git commit -q -m 'add settings'"]) {
    expect(play(dir, command, dated), command).toMatchObject({ status: 0 });
  }
});

it.each([
  ["received", "", "leak app.env; save 'add settings'"],
  ["received-bypass", "--allow-bypass", "leak app.env; save 'add settings'"],
  ["received-own-word", "", "echo \"key=$T # leaksweep:allow a sample\" > app.env; save 'add settings'"],
])(
  "a push that a server stops says what, where, and what to do, and that lets it through: %s",
  async (name, flags, script) => {
    const dir = join(tempDir(), "w");
    mkdirSync(dir);
    sh(
      dir,
      `git init -q --bare -b main ../r; git init -q -b main; git remote add origin ../r; echo 1 > a; commit one
    git push -q origin main
    printf '#!/bin/sh\nexec "${process.execPath}" "${bin}" receive ${flags}\n' > ../r/hooks/pre-receive
    chmod +x ../r/hooks/pre-receive`,
    );
    expect(play(dir, script, dated)).toMatchObject({ status: 0 });
    const stopped = play(dir, "git push -q origin main", dated);
    expect(stopped.status).not.toBe(0);
    // What the server says, as git shows it; the rest is git's own.
    const text = [...stopped.said.matchAll(/^remote: ?(.*?) *\n/gm)].map(([, line]) => `${line}\n`).join("");
    expect(tooLong(text)).toEqual([]);
    await expect(text).toMatchFileSnapshot(join("../../fixtures/blocked", `${name}.txt`));
    for (const command of ["echo key=1 > app.env", ...commandsIn(text), "git push -q origin main"]) {
      expect(play(dir, command, dated), command).toMatchObject({ status: 0 });
    }
  },
);
