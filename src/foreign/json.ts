import { type ForeignFile, refusal } from "./file.ts";
import type { Table } from "./toml.ts";

/** A JSON file as it is. Throws `config.invalid`, without a word of the file in the message. */
export function readJson({ name, text }: ForeignFile): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    throw refusal(name, "it is no JSON", "Name a report or baseline as its tool wrote it.", cause);
  }
}

/** Whether a value is an object with keys. */
export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The text under `key`, empty where there is none. */
export const stringAt = (table: Table, key: string): string => {
  const value = table[key];
  return typeof value === "string" ? value : "";
};

/** The number under `key`, 0 where there is none. */
export const integerAt = (table: Table, key: string): number => {
  const value = table[key];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
};
