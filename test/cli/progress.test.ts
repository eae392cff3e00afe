import { expect, it } from "vitest";
import { statusLine } from "../../src/cli/progress.ts";

const half = { kind: "progress", label: "history", share: 0.5, contents: 12_345, bytes: 6.7e8, matches: 3 } as const;

it.each([
  [{ kind: "phase", label: "Opening repository" } as const, 0, "Opening repository"],
  [half, 1_000, "history 50% · 12,345 contents · 670.0 MB · 3 matches"],
  [half, 30_000, "history 50% · 12,345 contents · 670.0 MB · 3 matches · 30 s left"],
  [{ ...half, share: 0.01 }, 30_000, "history 1% · 12,345 contents · 670.0 MB · 3 matches"],
  [{ ...half, share: 0.1, matches: 1 }, 60_000, "history 10% · 12,345 contents · 670.0 MB · 1 match · 9 min left"],
  [{ ...half, share: 0.02, bytes: 2.5e9 }, 600_000, "history 2% · 12,345 contents · 2.50 GB · 3 matches · 8.2 h left"],
  [{ ...half, share: 0 }, 30_000, "history · 12,345 contents · 670.0 MB · 3 matches"],
  [{ ...half, share: 1 }, 30_000, "history 100% · 12,345 contents · 670.0 MB · 3 matches"],
])("the status line for %j after %i ms is %j", (event, elapsed, line) => {
  expect(statusLine(event, elapsed)).toBe(line);
});
