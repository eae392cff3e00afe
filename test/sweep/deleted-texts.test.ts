/** How much a visit asks at a stretch of texts that may have been deleted. */
import { expect, it } from "vitest";
import type { Standing } from "../../src/sources/forge.ts";
import { deleted } from "../../src/sweep/deleted-texts.ts";
import type { Occurrence } from "../../src/terms.ts";

const { signal } = new AbortController();

/** Asks for so many texts, each of which the forge answers for in its way. */
async function asking(many: number, answer: (path: string) => Standing) {
  const toAsk = Array.from({ length: many }, (_, n) => `issues/${n}.md`);
  const occurrences = toAsk.map((path) => ({ path, url: null, status: "present" }) as Occurrence);
  const secret = { fingerprint: "ls1:a", occurrences, isNew: false, isByRulesOfToday: true };
  const asked: string[] = [];
  const asker = {
    givesTag: () => true,
    async ask({ path }: { readonly path: string }) {
      asked.push(path);
      return answer(path);
    },
  };
  return { asked, ...(await deleted([secret], { asker, toAsk, etags: {}, signal })) };
}

it("what was answered is put on record after five hundred questions, and the others are left to do", async () => {
  const { asked, until, toAsk, vanished, etags } = await asking(502, (path) =>
    path === "issues/7.md" ? { isThere: false } : { isThere: true, etag: path },
  );
  expect(asked).toHaveLength(500);
  expect(until).toBeInstanceOf(Date);
  expect(toAsk).toEqual(["issues/500.md", "issues/501.md"]);
  expect(vanished).toEqual([{ fingerprint: "ls1:a", paths: new Set(["issues/7.md"]) }]);
  expect(Object.keys(etags)).toHaveLength(499);
});

it("where five questions could not be answered, no more is asked", async () => {
  const { asked, faults, vanished, toAsk, unanswered } = await asking(9, () => {
    throw new Error("the API failed (502)");
  });
  expect(asked).toHaveLength(5);
  expect(faults).toHaveLength(5);
  expect(faults[0]).toEqual({ by: "fault", reason: 'whether "issues/0.md" is still there: the API failed (502)' });
  expect({ vanished, toAsk }).toEqual({ vanished: [], toAsk: [] });
  expect(unanswered).toHaveLength(9);
});
