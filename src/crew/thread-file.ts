import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a thread runs. From source, that is what the build made of this folder: Node does not run TypeScript in threads. */
export function threadFile(name: "worker.js" | "file-worker.js"): string {
  const file = [`./${name}`, `./crew/${name}`, `../crew/${name}`, `../../dist/crew/${name}`]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  if (file === undefined) throw new Error(`${name} is not beside the program: run npm run build`);
  return file;
}
