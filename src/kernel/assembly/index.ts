/** The doors of the kernel; `kernel.ts` beside this folder opens them. */

export { initAhead } from "./ahead";
export { seeEncoded } from "./encoded";
export { forgetWide, searchFamily } from "./family";
export { inflate } from "./inflate";
export { initInflate } from "./inflate-tables";
export { lineEnds } from "./lines";
export { seedMemo } from "./memo";
export { seePacked } from "./packed";
export { heads, setFurthest, slots } from "./prefilter";
export {
  arenaAt,
  arenaEnd,
  entriesAt,
  foundAt,
  gatesAt,
  inputAt,
  keywordsAt,
  layOut,
  linksAt,
  nodesAt,
} from "./regions";
export { initRuns } from "./runs";
export { isSilent, searchText } from "./text";
