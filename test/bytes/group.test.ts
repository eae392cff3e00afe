import fc from "fast-check";
import { expect, it } from "vitest";
import { groupBy } from "../../src/bytes/group.ts";

it("keeps every element once, in its order, with those that share its key", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (all) => {
      const groups = groupBy(all, (one) => one % 7);
      expect([...groups.keys()]).toEqual([...new Set(all.map((one) => one % 7))]);
      for (const [key, group] of groups) expect(group).toEqual(all.filter((one) => one % 7 === key));
    }),
  );
});
