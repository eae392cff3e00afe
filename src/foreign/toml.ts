/** TOML as other scanners read it: names of keys in any case, and values of nearly the right kind. */
import { parse, TomlError } from "smol-toml";
import { type ForeignFile, refusal } from "./file.ts";

/** A table whose keys are in lower case. */
export type Table = Readonly<Record<string, unknown>>;

/** The root table of a TOML file. Throws `config.invalid` with the line of the first mistake. */
export function readToml({ name, text }: ForeignFile): Table {
  try {
    return lowered(parse(text)) as Table;
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The message goes on with lines of the file, and a config may hold what nobody should see.
    const problem = cause.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? "it is no TOML";
    throw refusal(`${name}:${cause.line}:${cause.column}`, problem, "Correct the TOML.", cause);
  }
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowered(inner)]));
}

/** The tables under `key`: of an array of tables, or of a single one. */
export function tablesAt(table: Table, key: string): readonly Table[] {
  const value = table[key];
  return (Array.isArray(value) ? value : [value]).filter(isTable);
}

/** The table under `key`. */
export function tableAt(table: Table, key: string): Table | undefined {
  const value = table[key];
  return isTable(value) ? value : undefined;
}

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Text under `key`; a number or boolean as its text, empty where there is none. */
export function textAt(table: Table, key: string): string {
  const value = table[key];
  return typeof value === "string"
    ? value
    : ["number", "boolean", "bigint"].includes(typeof value)
      ? String(value)
      : "";
}

/** Texts under `key`; one text alone is split at commas, as the reader behind gitleaks does. */
export function textsAt(table: Table, key: string): readonly string[] {
  const value = table[key];
  if (typeof value === "string") return value === "" ? [] : value.split(",");
  return Array.isArray(value) ? value.filter((inner) => typeof inner === "string") : [];
}

/** The number under `key`, also when it is written as text. */
export function numberAt(table: Table, key: string): number | undefined {
  const value = table[key];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Whether `key` holds true, also when it is written as text. */
export const flagAt = (table: Table, key: string): boolean => table[key] === true || table[key] === "true";

/**
 * Lines (1-based) of the headers `[[name]]` in a TOML text, in order. Headers inside of strings over several lines are
 * none.
 */
export function headerLines(text: string, name: string): readonly number[] {
  const header = new RegExp(`^\\s*\\[\\[\\s*["']?${name}["']?\\s*\\]\\]`, "i");
  const found: number[] = [];
  let open: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (open === undefined && header.test(line)) found.push(index + 1);
    for (const [quotes] of line.matchAll(/'''|"""/g)) {
      if (open === undefined) open = quotes;
      else if (open === quotes) open = undefined;
    }
  }
  return found;
}
