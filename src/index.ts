/** The library's door. `scan` resolves to what the CLI prints; nothing here reads a clock, a flag or a global. */
export { defaults, type Plan } from "./config/plan.ts";
export { type ErrorCode, LeaksweepError } from "./errors.ts";
export { type ScanEvent, type ScanRequest, scan } from "./scan.ts";
export type * from "./terms.ts";
