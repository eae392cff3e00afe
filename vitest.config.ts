import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/long/**"],
    globalSetup: ["test/build.ts"],
    testTimeout: 60_000,
    restoreMocks: true,
    // Most tests wait for git or for the binary: a worker less than there are cores leaves one idle.
    maxWorkers: "100%",
  },
});
