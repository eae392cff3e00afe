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
      await writeFile("dist/rulepack.json", packRules("rules"));
      await writeFile("dist/leaksweep.schema.json", `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
    },
  },
});
