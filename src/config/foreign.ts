/**
 * Finds and reads the files of other scanners that hold for a target. They lie at the root of its repository, where
 * those scanners look for them. What they mean is said in `foreign/`; here they are only read.
 */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { LeaksweepError } from "../errors.ts";
import type { ForeignFile } from "../foreign/file.ts";
import type { ForeignInput, ForeignKind } from "../foreign/inputs.ts";
import type { BaselineEntry } from "../terms.ts";
import { parseBaseline } from "../triage/baseline.ts";
import { searchRoot, unreadableFile } from "./find.ts";
import { type Laid, namedPath } from "./laid.ts";

/** Names of the files, and what they are. */
const files: readonly (readonly [name: string, kind: ForeignKind])[] = [
  [".gitleaks.toml", "gitleaks-config"],
  [".betterleaks.toml", "betterleaks-config"],
  [".gitleaksignore", "gitleaks-ignore"],
  [".betterleaksignore", "betterleaks-ignore"],
  [".secrets.baseline", "detect-secrets"],
];

/** How what is looked for is found. */
export interface Seen {
  /** Messages name files as seen from this folder. */
  readonly cwd: string;
  /** Has what a file names, where the files stand in for those of a commit or of the index. */
  readonly laid?: Laid | undefined;
}

/** The files that hold for `target`, a file or a folder. Throws "config.unreadable" and "config.invalid". */
export async function findForeign(target: string, seen: Seen): Promise<readonly ForeignInput[]> {
  const path = resolve(target);
  const folder = statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
  const root = searchRoot(folder);
  const there = files.filter(([name]) => existsSync(join(root, name)));
  return Promise.all(there.map(([name, kind]) => readInput({ path: join(root, name), kind, from: root, ...seen })));
}

interface Wanted extends Seen {
  readonly path: string;
  readonly kind: ForeignKind;
  /** The folder from which paths in the file count. */
  readonly from: string;
}

/** A file with all that it extends. */
async function readInput({ path, kind, ...where }: Wanted): Promise<ForeignInput> {
  const file = await readForeign(path, where.cwd);
  const extending = kind === "gitleaks-config" || kind === "betterleaks-config";
  return { kind, file: extending ? await withBase(file, where) : file };
}

export interface Bases extends Seen {
  /** The folder from which paths in the file count. */
  readonly from: string;
  /** The config that comes with the scanner, where it is at hand. */
  readonly byDefault?: ForeignFile | undefined;
}

/** A config with what it extends. */
export async function withBase(file: ForeignFile, bases: Bases, depth = 0): Promise<ForeignFile> {
  const { deepestExtend, extendsOf } = await import("../foreign/gitleaks-config.ts"); // loads a reader of TOML
  if (depth >= deepestExtend) return file;
  const { path, useDefault } = extendsOf(file);
  if (path !== undefined) {
    const full = namedPath(path, { by: file.name, ...bases });
    await bases.laid?.fetch([full]);
    const base = await readForeign(full, bases.cwd);
    return { ...file, base: await withBase(base, bases, depth + 1) };
  }
  return useDefault && bases.byDefault !== undefined ? { ...file, base: bases.byDefault } : file;
}

/** A foreign file, named as seen from `cwd`. Throws "config.unreadable". */
export async function readForeign(path: string, cwd: string): Promise<ForeignFile> {
  const full = resolve(cwd, path);
  const seen = relative(cwd, full);
  const name = seen.startsWith("..") || seen === "" ? full : seen;
  try {
    return { name, text: await readFile(full, "utf8") };
  } catch (cause) {
    throw unreadableFile("file", name, cause);
  }
}

/**
 * Any file of another scanner, known by what is in it. `from` is the folder from which paths in it count. Throws
 * "config.unreadable", and "config.invalid", also for a file that is none of these.
 */
export async function readKnownInput(
  path: string,
  { from, cwd }: { from: string; cwd: string },
): Promise<ForeignInput> {
  const { name, text } = await readForeign(path, cwd);
  const kind = kindOf(text);
  if (kind !== undefined) return readInput({ path, kind, from, cwd });
  throw new LeaksweepError("config.invalid", `${name}: Cannot read foreign file: it is none that is known here`, {
    hint: "Name a config of gitleaks or betterleaks, a .gitleaksignore or .betterleaksignore, a JSON report of gitleaks, or a .secrets.baseline.",
  });
}

/** What a text is; one of blank lines and comments is an ignore file that ignores nothing. */
function kindOf(text: string): ForeignKind | undefined {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (start.startsWith("{")) return "detect-secrets";
  if (/^\[\s*(?:\{|\]\s*$)/.test(start)) return "gitleaks-report";
  if (/^\s*(?:betterleaksMinVersion|prefilter|filter|components|validate|tokenEfficiency)\s*=/m.test(text)) {
    return "betterleaks-config";
  }
  if (/^\s*(?:\[\[?\s*(?:rules|allowlists?|extend)|title\s*=)/m.test(text)) return "gitleaks-config";
  if (/^\s*[0-9a-f]{64}\s*$/im.test(text)) return "betterleaks-ignore";
  const isList = /^[^#\n]+:[^:\n]+:\d+\s*$/m.test(text) || !/^\s*[^#\s]/m.test(text);
  return isList ? "gitleaks-ignore" : undefined;
}

/** What a file of old findings says: entries of a baseline of ours, or a file of another scanner. */
export interface Known {
  readonly entries?: readonly BaselineEntry[];
  readonly inputs?: readonly ForeignInput[];
}

/**
 * The baseline `path`, ours or that of another scanner: a report of gitleaks is a list in JSON, a baseline of
 * detect-secrets an object. Throws "config.unreadable" and "baseline.invalid".
 */
export async function loadKnown(path: string, { cwd }: { cwd: string }): Promise<Known> {
  const file = await readForeign(path, cwd).catch((cause: unknown) => {
    throw unreadableFile("baseline", path, cause instanceof Error && cause.cause ? cause.cause : cause);
  });
  const [first] = file.text.replace(/^\uFEFF/, "").trimStart();
  if (first === "[") return { inputs: [{ kind: "gitleaks-report", file }] };
  if (first === "{") return { inputs: [{ kind: "detect-secrets", file }] };
  return { entries: parseBaseline(file.text, file.name).entries };
}
