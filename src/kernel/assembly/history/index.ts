/** The doors of the history walker; `../../history.ts` opens them. */

export { initInflate } from "../inflate-tables";
export { walkCommits, walkTrees } from "./family";
export { setIds } from "./ids";
export { beginNames } from "./names";
export { followedAt, idsAt, inputAt, layOut, nodesAt, slotsAt } from "./regions";
