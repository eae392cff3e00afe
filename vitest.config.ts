import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/long/**"],
    globalSetup: ["test/build.ts"],
    testTimeout: 30_000,
    restoreMocks: true,
    // Nothing of ours keeps state in a module, so that files can share what a worker has loaded: to load it again for
    // each of two hundred files was a tenth of all work.
    isolate: false,
    // Most tests wait for git or for the binary: a worker less than there are cores leaves one idle.
    maxWorkers: "100%",
  },
});
