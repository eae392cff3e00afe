import type { Permit } from "../terms.ts";
import type { ForeignFile, Note } from "./file.ts";
import { lineOf, meansRule } from "./permit.ts";

/** One line of a `.gitleaksignore`. */
interface Ignored {
  readonly at: string;
  /** Absent: in every commit. */
  readonly commit?: string;
  readonly path: string;
  readonly rule: string;
  readonly line: number;
}

/** What a `.gitleaksignore` permits, and the lines of it that mean nothing. */
export function readGitleaksIgnore({ name, text }: ForeignFile): { permit: Permit; notes: readonly Note[] } {
  const entries = new Map<string, Ignored[]>();
  const notes: Note[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const at = `${name}:${index + 1}`;
    const entry = parseIgnored(line, at);
    if (entry === undefined) notes.push({ at, text: "this line is neither file:rule:line nor commit:file:rule:line" });
    else entries.set(entry.path, [...(entries.get(entry.path) ?? []), entry]);
  }
  return {
    notes,
    permit: ({ match, path, commit }) => {
      const here = entries.get(path);
      if (here === undefined) return undefined;
      const line = lineOf(match);
      const found = here.find(
        (entry) => entry.line === line && (entry.commit ?? commit) === commit && meansRule(entry.rule, match.rule),
      );
      return found && { reason: `ignored by ${found.at}` };
    },
  };
}

/** `file:rule-id:start-line`, or that behind a commit. Windows paths are written with either slash. */
function parseIgnored(line: string, at: string): Ignored | undefined {
  const parts = line.split(":");
  const [commit, path, rule, number] = parts.length === 3 ? [undefined, ...parts] : parts;
  if (parts.length > 4 || path === undefined || rule === undefined || !/^\d+$/.test(number ?? "")) return undefined;
  const place = { at, path: path.replaceAll("\\", "/"), rule, line: Number(number) };
  return commit === undefined ? place : { ...place, commit };
}
