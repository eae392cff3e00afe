import { type CompletedCommand, type CompletedFlag, everyCommand } from "./tree.ts";

/** A script for fish, to be sourced or put into `~/.config/fish/completions`. */
export function fishScript(tree: CompletedCommand): string {
  const all = [...everyCommand(tree)];
  return `# Completion for fish. Written by "${tree.name} completions fish".
function __${tree.name}_at
  set -l at ${tree.name}
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${all
        .slice(1)
        .map(({ path }) => quoted(path))
        .join(" ")}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
${all.flatMap((command) => linesOf(tree.name, command)).join("\n")}
`;
}

function linesOf(program: string, command: CompletedCommand): string[] {
  const { path, flags, commands, values } = command;
  const at = `complete -c ${program} -n ${quoted(`__${program}_at ${quoted(path)}`)}`;
  return [
    ...(values.kind === "files" ? [] : [`${at} -f`]),
    ...commands.map(({ name, help }) => `${at} -a ${quoted(name)} -d ${quoted(help)}`),
    ...(values.kind === "choices" ? [`${at} -a ${quoted(values.choices.join(" "))}`] : []),
    ...flags.map((flag) => `${at} ${flagWords(flag)} -d ${quoted(flag.help)}`),
  ];
}

function flagWords({ names, values }: CompletedFlag): string {
  const forms = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(" ");
  if (values.kind === "choices") return `${forms} -x -a ${quoted(values.choices.join(" "))}`;
  if (values.kind === "files") return `${forms} -r -F`;
  return values.kind === "any" ? `${forms} -x` : forms;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
