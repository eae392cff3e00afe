import { defineConfig } from "tsdown";

/** Benchmarks are TypeScript over the sources; Node 20 needs them built. Paths start at this folder. */
// biome-ignore lint/style/noDefaultExport: tsdown reads the default export
export default defineConfig({
  entry: {
    detection: "detection.ts",
    gate: "gate.ts",
    push: "push.ts",
    growth: "growth.ts",
    history: "history.ts",
    randomness: "randomness.ts",
    speed: "speed.ts",
    sweep: "sweep.ts",
  },
  outDir: "dist",
  format: "esm",
  platform: "node",
  target: "node20.19",
  clean: true,
  dts: false,
  fixedExtension: false,
});
