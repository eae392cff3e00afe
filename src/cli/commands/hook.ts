import { Argument, Command } from "commander";
import type { HookName } from "../../gate/hooks/script.ts";
import type { Io } from "../io.ts";

const names: readonly HookName[] = ["pre-commit", "pre-push", "pre-receive", "update"];

/** `leaksweep hook install|uninstall|status`: git hooks that run leaksweep. */
export function hookCommand(io: Io): Command {
  const hook = new Command("hook")
    .summary("git hooks that run leaksweep")
    .description(
      "Put git hooks in place that judge each commit and each push. core.hooksPath is respected, and no hook that is not ours is overwritten.",
    )
    .addHelpText("after", examples);
  const verbs = {
    install: "put hooks in place: pre-commit and pre-push, in a bare repository pre-receive",
    uninstall: "take them away, and put back what was there before",
    status: "say how each hook stands",
  };
  for (const [verb, summary] of Object.entries(verbs)) {
    const command = new Command(verb)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .addArgument(new Argument("[hook...]", `which: ${names.join(", ")}`).choices(names))
      .action(async (chosen: readonly HookName[]) => {
        const { hooks } = await import("../hook.ts");
        await hooks(verb as keyof typeof verbs, chosen, io);
      });
    hook.addCommand(command);
  }
  return hook;
}

const examples = `
Examples:
  $ leaksweep hook install
  $ leaksweep hook install pre-receive   on a server, in a bare repository
  $ leaksweep hook status`;
