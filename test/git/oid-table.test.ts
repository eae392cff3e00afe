import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OidBytes, OidTable } from "../../src/git/oid-table.ts";

/** Ids that often share their first bytes, so that they fight for the same slots. */
const oid = (idBytes: OidBytes) =>
  fc
    .tuple(
      fc.constantFrom(0, 1, 0xff),
      fc.uint8Array({ minLength: idBytes - 4, maxLength: idBytes - 4 }),
      fc.nat({ max: 3 }),
    )
    .map(([first, rest, last]) => Uint8Array.from([first, 0, 0, ...rest, last]));

describe.each([20, 32] as const)("an OidTable of %i-byte ids", (idBytes) => {
  it("numbers ids like a Map of hexadecimal strings does", () => {
    fc.assert(
      fc.property(fc.array(oid(idBytes), { maxLength: 60 }), fc.array(oid(idBytes)), (added, others) => {
        const table = new OidTable(idBytes, 4);
        const model = new Map<string, number>();
        for (const bytes of added) {
          const hex = Buffer.from(bytes).toString("hex");
          if (!model.has(hex)) model.set(hex, model.size);
          expect(table.add(bytes)).toBe(model.get(hex));
        }
        expect(table.count).toBe(model.size);
        for (const [hex, index] of model) expect(table.hex(index)).toBe(hex);
        for (const bytes of [...added, ...others]) {
          const hex = Buffer.from(bytes).toString("hex");
          expect(table.find(bytes)).toBe(model.get(hex) ?? -1);
          expect(table.indexOf(hex)).toBe(model.get(hex) ?? -1);
        }
      }),
    );
  });

  it.each([0, 1, 10, 25])("made for %i ids takes as many as come", (expected) => {
    const table = new OidTable(idBytes, expected);
    const ids = Array.from({ length: 500 }, (_, number) => {
      const id = Buffer.alloc(idBytes);
      id.writeUInt32BE(number, idBytes - 4);
      return id;
    });
    for (const id of ids) table.add(id);
    expect(ids.map((_, index) => table.hex(index))).toEqual(ids.map((id) => id.toString("hex")));
  });

  it("reads ids in the middle of other bytes, binary and hexadecimal", () => {
    const table = new OidTable(idBytes);
    const hex = "5f".repeat(idBytes - 1).concat("Ee");
    expect(table.addHex(Buffer.from(`id ${hex} blob`), 3)).toBe(0);
    expect(table.find(Buffer.from(`0000${hex}00`, "hex"), 2)).toBe(0);
    expect(table.add(Buffer.from(`0000${hex}00`, "hex"), 2)).toBe(0);
    expect(table.hex(0)).toBe(hex.toLowerCase());
  });

  it("holds no id that is cut short or no hexadecimal", () => {
    const table = new OidTable(idBytes);
    const hex = "ab".repeat(idBytes);
    table.addHex(hex);
    expect(table.find(Buffer.from(hex, "hex"), 1)).toBe(-1);
    expect(table.indexOf(hex.slice(1))).toBe(-1);
    expect(table.indexOf(`${hex}ab`)).toBe(-1);
    expect(table.indexOf("g".repeat(2 * idBytes))).toBe(-1);
    expect(() => table.add(Buffer.from(hex, "hex"), 1)).toThrow(RangeError);
    expect(() => table.addHex("xyz")).toThrow(RangeError);
    expect(() => table.hex(1)).toThrow(RangeError);
  });
});

it("an OidTable keeps a hundred thousand ids in under 5 MB and finds each", () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => {
    const bytes = new Uint8Array(20);
    new DataView(bytes.buffer).setUint32(0, Math.imul(i, 0x9e3779b1));
    new DataView(bytes.buffer).setUint32(4, i);
    return bytes;
  });
  const before = process.memoryUsage().arrayBuffers;
  const table = new OidTable(20, ids.length);
  for (const id of ids) table.add(id);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5e6);
  expect(ids.every((id, i) => table.find(id) === i)).toBe(true);
});
