import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Suites that take minutes: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ["test/long/**/*.test.ts"],
    globalSetup: ["test/build.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // These wait for leases, pauses and other programs: with a worker for each core half of the cores lay idle.
    maxWorkers: 2 * availableParallelism(),
  },
});
