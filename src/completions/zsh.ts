import { type CompletedCommand, type CompletedFlag, everyCommand, type Values } from "./tree.ts";

/** A script for zsh, to be sourced after `compinit` or put into a folder of `fpath` as `_leaksweep`. */
export function zshScript(tree: CompletedCommand): string {
  const all = [...everyCommand(tree)];
  return `#compdef ${tree.name}
# Completion for zsh. Written by "${tree.name} completions zsh".
_${tree.name}() {
  local at=${tree.name} i
  local -a flags choices
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${all
        .slice(1)
        .map(({ path }) => quoted(path))
        .join(" | ")}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${all.flatMap(flagCases).join("\n")}
  esac
  case "$at" in
${all.map(commandCase).join("\n")}
  esac
}
if [[ $funcstack[1] == _${tree.name} ]]; then _${tree.name} "$@"; else compdef _${tree.name} ${tree.name}; fi
`;
}

/** What follows a flag that wants a value. */
const flagCases = ({ path, flags }: CompletedCommand): string[] =>
  flags.flatMap(({ names, values }) => {
    if (values.kind === "none") return [];
    const pattern = names.map((name) => quoted(`${path} ${name}`)).join(" | ");
    return [`    ${pattern}) ${reply(values)}; return ;;`];
  });

function commandCase({ path, flags, commands, values }: CompletedCommand): string {
  const below = commands.map(({ name, help }) => described(name, help));
  const steps = [
    ...(below.length > 0 ? [`choices=(${below.join(" ")}); _describe -t commands command choices`] : []),
    ...(values.kind === "choices" ? [`choices=(${values.choices.map(quoted).join(" ")}); compadd -a choices`] : []),
    ...(values.kind === "files" ? ["_files"] : []),
  ];
  const options = flags.flatMap(({ names, help }: CompletedFlag) => names.map((name) => described(name, help)));
  const rest = steps.length > 0 ? steps.join("; ") : "true";
  return `    ${quoted(path)}) if [[ $PREFIX == -* ]]; then flags=(${options.join(" ")}); _describe -o -t flags flag flags; else ${rest}; fi ;;`;
}

function reply(values: Values): string {
  if (values.kind === "choices") return `compadd -- ${values.choices.map(quoted).join(" ")}`;
  return values.kind === "files" ? "_files" : "true";
}

const described = (name: string, help: string): string => quoted(`${name}:${help.replaceAll(":", "\\:")}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
