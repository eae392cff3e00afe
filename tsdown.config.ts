import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { build, defineConfig } from "tsdown";
import manifest from "./package.json" with { type: "json" };
import { jsonSchema } from "./src/config/schema.ts";
import { watched } from "./src/crew/prefilter.ts";
import { tableOf } from "./src/detect/engine/table.ts";
import { packTable } from "./src/detect/engine/table-file.ts";
import { allBuiltin, compileChosen, rulesListed } from "./src/rules/choice.ts";
import { packRules } from "./src/rules/pack.ts";

/**
 * Two doors, the command line and the library, over shared pieces. What package.json calls dependencies stays
 * outside; everything else that is imported is bundled, so that `npx leaksweep` installs and loads little.
 */
export default defineConfig({
  entry: {
    "cli/start": "src/cli/start.ts",
    "cli/main": "src/cli/main.ts",
    index: "src/index.ts",
    "crew/worker": "src/crew/worker.ts",
    "crew/lot-worker": "src/crew/lot-worker.ts",
  },
  // Node compiles modules anew at each start; `cli/start` keeps what V8 makes of scripts.
  format: "cjs",
  platform: "node",
  target: "node20.19",
  clean: true,
  dts: true,
  define: { LEAKSWEEP_VERSION: JSON.stringify(manifest.version) },
  deps: { onlyBundle: false },
  outputOptions: {
    // Code that V8 kept knows no import(): what is needed only now and then is required, when it is.
    dynamicImportInCjs: false,
    // A push is judged in a blink: what it always loads lies in three files, not in fifty. Each takes along what it
    // imports, unless a group before it has it.
    codeSplitting: {
      groups: [
        { name: "door", test: /\/src\/cli\/failure\.ts$/, priority: 3 },
        { name: "push", test: /\/src\/cli\/push\.ts$/, priority: 2 },
        { name: "gate", test: /\/src\/(?:cli\/gate|gate\/judge|scan)\.ts$/, priority: 1 },
      ],
    },
  },
  hooks: {
    async "build:done"({ chunks }) {
      for (const { fileName } of chunks) if (fileName.endsWith(".cjs")) await toAscii(`dist/${fileName}`);
      if (isStale("dist/kernel.wasm", ["src/kernel/assembly"])) buildKernel("index.ts", "dist/kernel.wasm");
      if (isStale("dist/history.wasm", ["src/kernel/assembly"])) buildKernel("history/index.ts", "dist/history.wasm");
      await buildPage("dist/report.html");
      await cp("src/sweep/store/migrations", "dist/migrations", { recursive: true });
      if (isStale("dist/rulepack.jsonl", ["rules", "src/rules", "src/bytes"])) {
        const { label, pack, notes, questions, digests } = packRules("rules");
        await writeFile("dist/rulepack.json", label);
        await writeFile("dist/rulepack.jsonl", pack);
        await writeFile("dist/rule-notes.jsonl", notes);
        await writeFile("dist/rule-questions.json", questions);
        await writeFile("dist/rule-digests.json", digests);
      }
      if (isStale("dist/prefilter.bin", ["rules", "src/rules", "src/bytes", "src/detect/engine"])) {
        await writeFile("dist/prefilter.bin", await builtinTable());
      }
      await writeFile("dist/leaksweep.schema.json", `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
    },
  },
});

/** Rewrites a program in ASCII alone: a byte is a character then, and node reads it twice as fast. */
async function toAscii(file: string): Promise<void> {
  const code = await readFile(file, "utf8");
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  await writeFile(file, code.replace(/[^\x00-\x7f]/g, escaped));
}

/** The table of all built-in rules, from the pack that was just written. */
async function builtinTable(): Promise<Uint8Array> {
  const rulepack = await compileChosen(rulesListed(allBuiltin));
  return packTable(tableOf(rulepack, watched), rulepack);
}

/** Whether a file must be made again: it is not there, or some file of these folders is newer. A clean build has none. */
function isStale(file: string, folders: readonly string[]): boolean {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  return sources.some((source) => statSync(source).mtimeMs >= made);
}

/** Compiles AssemblyScript to a module. Nothing of its runtime is used, so nothing of it is built in. */
function buildKernel(entry: string, file: string): void {
  const compiler = "node_modules/assemblyscript/bin/asc.js";
  const optimised = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "bulk-memory"];
  execFileSync(process.execPath, [compiler, `src/kernel/assembly/${entry}`, ...optimised, "--outFile", file]);
}

/**
 * The template of the HTML report: one file, whose policy names the hash of its own script and style, so that nothing
 * else in it can run. What is left to fill in stands in `{{…}}`.
 */
async function buildPage(file: string): Promise<void> {
  const outDir = "dist/page";
  const entry = { page: "src/page/report.ts" };
  const how = { format: "iife", platform: "browser", target: "es2023", minify: true, dts: false } as const;
  await build({ config: false, entry, outDir, ...how, logLevel: "error" });
  const [skeleton, style, script] = await Promise.all(
    ["src/page/report.html", "src/page/report.css", `${outDir}/page.iife.js`].map((path) => readFile(path, "utf8")),
  );
  const hash = (text = ""): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
  const parts: Readonly<Record<string, string | undefined>> = {
    style,
    script,
    "style-hash": hash(style),
    "script-hash": hash(script),
  };
  await writeFile(
    file,
    (skeleton ?? "").replace(/\{\{([\w-]+)\}\}/g, (left, name: string) => parts[name] ?? left),
  );
  await rm(outDir, { recursive: true });
}
