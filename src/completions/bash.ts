import { type CompletedCommand, everyCommand, type Values } from "./tree.ts";

/** A script for bash, to be sourced or put into a folder of bash-completion. It completes by words alone. */
export function bashScript(tree: CompletedCommand): string {
  const all = [...everyCommand(tree)];
  return `# Completion for bash. Written by "${tree.name} completions bash".
_${tree.name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at=${tree.name} words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${all.slice(1).map(quotedPath).join(" | ")}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at $prev" in
${all.flatMap(flagCases).join("\n")}
  esac
  case "$at" in
${all.map(commandCase).join("\n")}
  esac
  COMPREPLY+=($(compgen -W "$words" -- "$cur"))
}
complete -o filenames -F _${tree.name} ${tree.name}
`;
}

const quotedPath = ({ path }: CompletedCommand): string => `"${path}"`;

/** What follows a flag that wants a value. */
const flagCases = ({ path, flags }: CompletedCommand): string[] =>
  flags.flatMap(({ names, values }) => {
    if (values.kind === "none") return [];
    const pattern = names.map((name) => `"${path} ${name}"`).join(" | ");
    return [`    ${pattern}) ${reply(values)}; return ;;`];
  });

function commandCase({ path, flags, commands, values }: CompletedCommand): string {
  const names = flags.flatMap((flag) => flag.names).join(" ");
  const below = commands.map(({ name }) => name).join(" ");
  const choices = values.kind === "choices" ? values.choices.join(" ") : "";
  const files = values.kind === "files" ? ' COMPREPLY=($(compgen -f -- "$cur"));' : "";
  return `    "${path}") if [[ $cur == -* ]]; then words="${names}"; else words="${[below, choices].join(" ").trim()}";${files} fi ;;`;
}

function reply(values: Values): string {
  if (values.kind === "choices") return `COMPREPLY=($(compgen -W "${values.choices.join(" ")}" -- "$cur"))`;
  return values.kind === "files" ? 'COMPREPLY=($(compgen -f -- "$cur"))' : ":";
}
