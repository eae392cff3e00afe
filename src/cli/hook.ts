/** What `leaksweep hook` does: each hook in turn, and a line or two on how it stands then. */
import { relative } from "node:path";
import { type HookState, hookPlace, hookState, installHook, uninstallHook } from "../gate/hooks/hooks.ts";
import { bodies, type HookName } from "../gate/hooks/script.ts";
import { printable } from "../report/escape.ts";
import type { Io } from "./io.ts";

/** Does `verb` to the hooks `chosen`, or to those that fit the repository, and prints how they stand. */
export async function hooks(
  verb: "install" | "uninstall" | "status",
  chosen: readonly HookName[],
  io: Io,
): Promise<void> {
  const place = await hookPlace(io);
  const fitting: readonly HookName[] = place.isBare ? ["pre-receive"] : ["pre-commit", "pre-push"];
  const all = Object.keys(bodies) as HookName[];
  const names = chosen.length > 0 ? chosen : verb === "install" ? fitting : all;
  const states: HookState[] = [];
  for (const name of names) {
    if (verb === "install") states.push(await installHook(name, place, io.self));
    else if (verb === "uninstall") states.push(await uninstallHook(name, place));
    else states.push(hookState(name, place));
  }
  const isTold = ({ name, kind }: HookState): boolean =>
    kind !== "absent" || names === chosen || fitting.includes(name);
  await io.print(states.filter(isTold).flatMap((state) => hookLines(state, io)));
  const { root } = place;
  const isElsewhere = root !== undefined && relative(root, place.folder).startsWith("..");
  if (verb === "install" && isElsewhere) {
    io.note(`leaksweep: hooks are in ${printable(place.folder)}, and hold for every repository that uses it`);
  }
  if (verb === "install" && /[\\/]_npx[\\/]/.test(io.self.file)) {
    io.note("leaksweep: the hooks run leaksweep from npx's cache, which npm may empty: better npm install it");
  }
  io.exitWith(0);
}

/** How a hook stands, in a line or more. */
export function hookLines(state: HookState, { cwd }: Pick<Io, "cwd">): string[] {
  const { name, file, kind, manager = "", advice = [], chained } = state;
  const near = relative(cwd, file);
  const path = printable(near.startsWith("..") ? file : near);
  const words = {
    installed: `installed: ${path}${chained ? ", after the hook that was there" : ""}`,
    broken: `broken: what ${path} runs has gone; "leaksweep hook install" mends it`,
    managed: `run by ${manager}`,
    foreign: manager === "" ? `another hook: ${path}` : `left to ${manager}`,
    absent: manager === "" ? "not installed" : `left to ${manager}`,
  }[kind];
  const more = advice.map((line) => `${" ".repeat(13)}${line}\n`);
  return [`${name.padEnd(13)}${words}${more.length > 0 ? "; it runs leaksweep if you" : ""}\n`, ...more];
}
