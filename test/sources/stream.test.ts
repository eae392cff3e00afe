import { expect, it } from "vitest";
import { streamSource } from "../../src/sources/stream.ts";
import { traceToy } from "./toy-engine.ts";

it("reads a stream to its end", async () => {
  const parts = async function* () {
    yield Buffer.from("a secret-");
    yield Buffer.from("abc");
  };
  const { traced, name } = await traceToy(streamSource(parts(), "stdin"));
  expect([...traced.marks.keys()].map(name)).toEqual(["abc"]);
});

it("stops at once when the signal aborts while the other end is silent", async () => {
  const controller = new AbortController();
  const silent = async function* () {
    yield Buffer.from("secret-a");
    await new Promise(() => {});
  };
  const reading = (async () => {
    for await (const batch of streamSource(silent(), "stdin").batches(controller.signal)) {
      for await (const _ of batch.search({ rulepack: { rules: [], hash: "" }, match: () => [] }));
    }
  })();
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await expect(reading).rejects.toThrow("enough");
}, 1000);
