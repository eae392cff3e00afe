import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A name for what depends on `parts`, which are plain data, and on this build of the program: another may find more. */
export const nameOf = (kind: string, parts: readonly unknown[]): string =>
  `${kind}-${createHash("sha256")
    .update(JSON.stringify([parts, program()]))
    .digest("hex")}`;

/** Names, sizes and times of the files beside this one. */
function program(): readonly string[] {
  const folder = dirname(fileURLToPath(import.meta.url));
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ name }) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}
