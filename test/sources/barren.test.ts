import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OidTable } from "../../src/git/oid-table.ts";
import { Barren } from "../../src/sources/barren.ts";

const ids = Array.from({ length: 600 }, () => randomBytes(20));

const tableOf = (some: readonly Uint8Array[]): OidTable => {
  const table = new OidTable(20);
  for (const id of some) table.add(id);
  return table;
};

describe("barren objects", () => {
  it("are known by their ids, whatever their numbers are", () => {
    const first = new Barren(tableOf(ids));
    for (const object of ids.keys()) if (object % 2 === 0) first.note(object, object * 1000);
    const turned = [...ids.slice(300), ...ids.slice(0, 300)];
    const second = new Barren(tableOf(turned), first.bytes);
    for (const object of ids.keys()) {
      const number = (object + 300) % 600;
      expect(second.size(number)).toBe(object % 2 === 0 ? object * 1000 : -1);
    }
  });

  it("that are here no more are forgotten", () => {
    const first = new Barren(tableOf(ids));
    first.note(0, 7);
    first.note(1, 8);
    const second = new Barren(tableOf(ids.slice(1)), first.bytes);
    expect(second.size(0)).toBe(8);
    expect(second.bytes).toHaveLength(1 + 24);
  });

  it("are kept when enough are new", () => {
    const barren = new Barren(tableOf(ids));
    for (let object = 0; object < 256; object++) {
      expect(barren.isWorthKeeping).toBe(false);
      barren.note(object, 1);
      barren.note(object, 1);
    }
    expect(barren.isWorthKeeping).toBe(true);
    expect(new Barren(tableOf(ids), barren.bytes).isWorthKeeping).toBe(false);
  });

  it("too large to be noted, or without a number, are not", () => {
    const barren = new Barren(tableOf(ids));
    barren.note(0, 2 ** 32);
    barren.note(-1, 5);
    expect([barren.size(0), barren.size(-1)]).toEqual([-1, -1]);
    expect(barren.bytes).toHaveLength(1);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["ids of another length", Uint8Array.of(32, ...new Uint8Array(36))],
    ["half an entry", Uint8Array.of(20, ...new Uint8Array(30))],
    ["anything", randomBytes(500)],
  ])("are unknown to %s", (_what, kept) => {
    const barren = new Barren(tableOf(ids), kept);
    expect([...ids.keys()].every((object) => barren.size(object) === -1)).toBe(true);
  });
});
