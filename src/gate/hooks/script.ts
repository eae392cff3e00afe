/**
 * The text of our hooks: plain sh, which git has wherever it runs. A hook names the node and the file that wrote it, so
 * that it needs neither PATH nor npx, whose start alone takes longer than a push; when that file has gone it says so.
 */

/** What a hook runs. */
export interface Self {
  /** Absolute path of node. */
  readonly node: string;
  /** Absolute path of leaksweep's own entry. */
  readonly file: string;
}

/** The hooks we have a body for, with the command that is it. */
export const bodies = {
  "pre-commit": "staged",
  "pre-push": "push",
  "pre-receive": "receive",
  update: "receive",
} as const;

export type HookName = keyof typeof bodies;

/** Hooks to which git speaks through standard input. */
const listening: ReadonlySet<HookName> = new Set<HookName>(["pre-push", "pre-receive"]);

/** What a hook that we took over is called. */
export const beforeSuffix = ".before-leaksweep";

/** The line by which our hooks are known. */
const mark = '# leaksweep hook 1: written by "leaksweep hook install"; "leaksweep hook uninstall" takes it away.';

/** The text of a hook. One that is `chained` first runs the hook that was there before, and stops where it fails. */
export function hookScript(name: HookName, { node, file }: Self, { chained }: { chained: boolean }): string {
  const run = `"$node" "$leaksweep" ${bodies[name]} "$@"`;
  const feed = listening.has(name);
  const chain = feed
    ? [
        "lines=$(cat)",
        `feed() { [ -z "$lines" ] || printf '%s\\n' "$lines"; }`,
        `if [ -x "$before" ]; then feed | "$before" "$@" || exit; fi`,
        `feed | ${run}`,
      ]
    : [`if [ -x "$before" ]; then "$before" "$@" || exit; fi`, `exec ${run}`];
  return [
    "#!/bin/sh",
    mark,
    `node=${quoted(node)}`,
    `leaksweep=${quoted(file)}`,
    'if [ ! -f "$leaksweep" ]; then',
    '  echo "leaksweep: this hook cannot run: $leaksweep has gone" >&2',
    '  echo "  Install leaksweep and run \\"leaksweep hook install\\" again, or take the hook away: rm \\"$0\\"" >&2',
    "  exit 1",
    "fi",
    '[ -x "$node" ] || node=node',
    ...(chained ? [`before="$0${beforeSuffix}"`, ...chain] : [`exec ${run}`]),
    "",
  ].join("\n");
}

/** Whether we wrote this hook, in any form that there ever was. */
export const isOurs = (text: string): boolean => /^# leaksweep hook \d+:/m.test(text);

/** The file that one of our hooks runs. */
export const fileOf = (text: string): string | undefined =>
  /^leaksweep='(.*)'$/m.exec(text)?.[1]?.replaceAll("'\\''", "'");

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
