import { Argument, Command } from "commander";
import type { Io } from "../io.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** `leaksweep completions bash|zsh|fish`: a script that has the shell complete commands, flags and values. */
export function completionsCommand(io: Io): Command {
  return new Command("completions")
    .summary("a script that has your shell complete commands and flags")
    .description("Print a script that has bash, zsh or fish complete the commands, flags and values of leaksweep.")
    .addArgument(new Argument("<shell>", shells.join(", ")).choices(shells))
    .addHelpText("after", examples)
    .action(async (shell: (typeof shells)[number], _typed: object, command: Command) => {
      const [{ treeOf }, bash, zsh, fish] = await Promise.all([
        import("../../completions/tree.ts"),
        import("../../completions/bash.ts"),
        import("../../completions/zsh.ts"),
        import("../../completions/fish.ts"),
      ]);
      const scripts = { bash: bash.bashScript, zsh: zsh.zshScript, fish: fish.fishScript };
      await io.print([scripts[shell](treeOf(command.parent ?? command))]);
      io.exitWith(0);
    });
}

const examples = `
Examples:
  $ source <(leaksweep completions bash)                                 in ~/.bashrc
  $ source <(leaksweep completions zsh)                                  in ~/.zshrc, after compinit
  $ leaksweep completions fish > ~/.config/fish/completions/leaksweep.fish`;
