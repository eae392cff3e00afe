/** What git makes of one file: a pack, a bundle and a loose object. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { story } from "../kit.ts";

export interface GitFiles {
  readonly pack: Buffer;
  readonly bundle: Buffer;
  readonly loose: Buffer;
}

export function gitFiles(content: string): GitFiles {
  const dir = story(`
    git init -q
    git tag only "$(printf '%s' '${content}' | git hash-object -w --stdin)"
    git bundle create -q only.bundle refs/tags/only
    git rev-parse only | git pack-objects -q only`);
  const file = (pattern: RegExp, at = dir): Buffer =>
    readFileSync(
      join(at, readdirSync(at, { recursive: true, encoding: "utf8" }).find((name) => pattern.test(name)) ?? ""),
    );
  return {
    pack: file(/^only-.*\.pack$/),
    bundle: file(/^only\.bundle$/),
    loose: file(/^[0-9a-f]{2}\/[0-9a-f]{38}$/, join(dir, ".git/objects")),
  };
}
