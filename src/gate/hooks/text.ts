import { readFileSync } from "node:fs";

/** The text of a file, or `undefined` where there is none to read. */
export function textAt(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
