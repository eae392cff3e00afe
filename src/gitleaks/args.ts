/**
 * The command line of gitleaks in the form that ours is read in. Its reader lets flags stand before the command, gives
 * a switch a value (`--verbose=true`) and a short flag one behind `=`, and never takes the next word for the value of
 * `--redact`.
 */

/** Flags with a value, by every name they have. */
const valued = new Set([
  ...["-c", "--config", "-f", "--report-format", "-r", "--report-path", "--report-template", "-b", "--baseline-path"],
  ...["-l", "--log-level", "-i", "--gitleaks-ignore-path", "--exit-code", "--max-target-megabytes", "--enable-rule"],
  ...["--max-decode-depth", "--max-archive-depth", "--timeout", "--diagnostics", "--diagnostics-dir", "--log-opts"],
  ...["--platform", "-s", "--source", "--default-config"],
]);

/** Arguments behind `leaksweep gitleaks`, the command first and every value a word of its own or behind `=`. */
export function plainArguments(args: readonly string[]): readonly string[] {
  const flags: string[] = [];
  let command: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") return [...(command === undefined ? [] : [command]), ...flags, ...args.slice(at)];
    if (!word.startsWith("-") || word === "-") {
      if (command === undefined) command = word;
      else flags.push(word);
    } else if (valued.has(word)) {
      flags.push(word, ...args.slice(at + 1, at + 2));
      at++;
    } else flags.push(...plainFlag(word));
  }
  return [...(command === undefined ? [] : [command]), ...flags];
}

function plainFlag(word: string): readonly string[] {
  if (word === "--redact") return ["--redact=100"];
  const [, name = "", value = ""] = /^(-{1,2}[\w-]+)=(.*)$/s.exec(word) ?? [];
  if (name === "") return [word];
  if (/^-\w$/.test(name)) return valued.has(name) ? [name, value] : plainSwitch(name, value);
  return valued.has(name) || name === "--redact" ? [word] : plainSwitch(name, value);
}

function plainSwitch(name: string, value: string): readonly string[] {
  if (/^(?:1|t|true)$/i.test(value)) return [name];
  return /^(?:0|f|false)$/i.test(value) ? [] : [`${name}=${value}`];
}
