/**
 * The first file of ours that node runs: it runs the others, with the code that V8 made of them the last time. Whoever
 * waits for a hook waits mostly for node to compile, and until version 22 node has no memory of that. What was compiled
 * lies in `code-cache/` of the build, so that only who can write the program can write that, too. Where the folder
 * cannot be written, all works as well, and a little later.
 */
import { isAscii } from "node:buffer";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const here = dirname(fileURLToPath(import.meta.url));

/** V8 keeps of a file what was run of it, which is little and always the same in a hook: each has its own. */
const [, , command = ""] = process.argv;
const purpose = command === "push" || command === "staged" ? command : "all";
const kept = join(here, "../code-cache", `${process.version}-${process.arch}`, purpose);

/** Milliseconds after which V8 may have forgotten what was run at the start. */
const soon = 2000;

const node = createRequire(import.meta.url);

const loaded = new Map<string, { exports: unknown }>();
const compiled: Compiled[] = [];
run(join(here, "main.cjs"));
process.on("exit", () => {
  if (performance.now() < soon) for (const one of compiled) remember(one);
});

/** A file as V8 has it. */
interface Compiled {
  readonly script: Script;
  readonly source: Buffer;
  readonly file: string;
}

type Body = (exports: unknown, require: (name: string) => unknown, module: unknown, file: string, dir: string) => void;

/** What a file of the build exports. It runs the first time that it is asked for, as with `require`. */
function run(file: string): unknown {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const dir = dirname(file);
  const ours = (name: string): unknown => (name.startsWith(".") ? run(join(dir, name)) : node(name));
  (compile(file).runInThisContext() as Body)(module.exports, ours, module, file, dir);
  return module.exports;
}

function compile(file: string): Script {
  const source = readFileSync(file);
  const cachedData = remembered(file, source);
  const text = source.toString(isAscii(source) ? "latin1" : "utf8");
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: file,
    ...(cachedData !== undefined && { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected) compiled.push({ script, source, file });
  return script;
}

/**
 * What V8 made of exactly this source. V8 itself compares the length alone, so what we keep begins with the source: its
 * length in four bytes, the source, and what was made of it.
 */
function remembered(file: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(join(kept, basename(file)));
    const end = 4 + bytes.readUInt32LE(0);
    return bytes.subarray(4, end).equals(source) ? bytes.subarray(end) : undefined;
  } catch {
    return undefined; // not there, not ours to read, or cut short
  }
}

function remember({ script, source, file }: Compiled): void {
  const place = join(kept, basename(file));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(source.length);
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${place}.${process.pid}`, Buffer.concat([length, source, script.createCachedData()]));
    renameSync(`${place}.${process.pid}`, place);
  } catch {
    // A folder that is not ours to write: the next run compiles again.
  }
}
