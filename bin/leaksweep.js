#!/usr/bin/env node
import { existsSync } from "node:fs";

const entry = new URL("../dist/cli/main.js", import.meta.url);
await import(entry.href).catch((error) => {
  process.stderr.write(existsSync(entry) ? `${error.stack}\n` : "leaksweep is not built: run npm run build\n");
  process.exitCode = 2; // Node's own code here is 1, which means "new findings"
});
