import { expect, it } from "vitest";
import { Outage } from "../../src/sweep/outage.ts";

const { signal } = new AbortController();
const refused = new Error("query failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });

/** A worker's patience, at a clock that the test moves. */
function patience() {
  const told: string[] = [];
  const clock = { now: 0 };
  return { clock, told, outage: new Outage({ now: () => clock.now, onBegin: (reason) => told.push(reason) }) };
}

it("a store that does not answer is told of once, and given up after five minutes", async () => {
  const { clock, told, outage } = patience();
  await outage.wait(refused, signal);
  clock.now = 1_000;
  await outage.wait(refused, signal);
  expect(told).toEqual(["connect"]);
  clock.now = 300_000;
  await expect(outage.wait(refused, signal)).rejects.toMatchObject({ code: "store.unavailable", cause: refused });
});

it("patience begins anew when the store answered in between", async () => {
  const { clock, told, outage } = patience();
  await outage.wait(refused, signal);
  outage.over();
  clock.now = 300_000;
  await outage.wait(refused, signal);
  expect(told).toHaveLength(2);
});

it("no other trouble is waited for", async () => {
  const { outage, told } = patience();
  const wrong = new Error("column does not exist");
  await expect(outage.wait(wrong, signal)).rejects.toBe(wrong);
  expect(told).toEqual([]);
});
