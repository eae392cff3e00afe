import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { defineConfig } from "tsdown";
import manifest from "./package.json" with { type: "json" };
import { jsonSchema } from "./src/config/schema.ts";
import { packRules } from "./src/rules/pack.ts";

/**
 * Two doors, the command line and the library, over shared pieces. What package.json calls dependencies stays
 * outside; everything else that is imported is bundled, so that `npx leaksweep` installs and loads little.
 */
export default defineConfig({
  entry: { "cli/main": "src/cli/main.ts", index: "src/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20.19",
  clean: true,
  dts: true,
  define: { LEAKSWEEP_VERSION: JSON.stringify(manifest.version) },
  // `.js`, as package.json and bin say.
  fixedExtension: false,
  deps: { onlyBundle: false },
  hooks: {
    async "build:done"() {
      buildKernel("dist/kernel.wasm");
      await writeFile("dist/rulepack.json", packRules("rules"));
      await writeFile("dist/leaksweep.schema.json", `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
    },
  },
});

/** Compiles AssemblyScript to one module. Nothing of its runtime is used, so nothing of it is built in. */
function buildKernel(file: string): void {
  const compiler = "node_modules/assemblyscript/bin/asc.js";
  const optimised = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--enable", "bulk-memory"];
  execFileSync(process.execPath, [compiler, "src/kernel/assembly/index.ts", ...optimised, "--outFile", file]);
}
