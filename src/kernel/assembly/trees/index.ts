/** The doors of the tree walker; `../../trees.ts` opens them. */

export { initInflate } from "../inflate-tables";
export { walkFamily } from "./family";
export { setIds } from "./ids";
export { beginNames } from "./names";
export { followedAt, idsAt, inputAt, layOut, nodesAt, slotsAt } from "./regions";
