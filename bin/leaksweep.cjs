#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const start = join(__dirname, "../dist/cli/start.cjs");
try {
  require(start);
} catch (error) {
  process.stderr.write(existsSync(start) ? `${error.stack}\n` : "leaksweep is not built: run npm run build\n");
  process.exitCode = 2; // Node's own code here is 1, which means "new findings"
}
