import { constants, deflateSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Kernel } from "../../src/kernel/kernel.ts";

const kernel = new Kernel();
kernel.layOut({ entries: 0, links: 0, keywords: 0, gates: 0, nodes: 0, input: 1 << 20, arena: 1 << 20 });

/** What the kernel makes of a stream, or undefined where it refuses it. */
function inflated(stream: Uint8Array, length: number): Uint8Array | undefined {
  const from = kernel.at("inputAt");
  kernel.bytes.set(stream, from);
  if (kernel.inflate(from, from + stream.length, length) < 0) return undefined;
  return kernel.bytes.slice(kernel.at("arenaAt"), kernel.at("arenaAt") + length);
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .array(fc.constantFrom("secret", "\n", "a", "aaaaaaaa", "\0", "the same line once more"), { maxLength: 400 })
    .map((words) => Buffer.from(words.join(""))),
);

it.each([
  ["by default", {}],
  ["fast", { level: 1 }],
  ["stored", { level: 0 }],
  ["by letters alone", { strategy: constants.Z_HUFFMAN_ONLY }],
  ["by runs", { strategy: constants.Z_RLE }],
  ["with the fixed code", { strategy: constants.Z_FIXED }],
  ["in small blocks", { memLevel: 1 }],
])("inflates what zlib deflated %s", (_, options) => {
  fc.assert(
    fc.property(content, (bytes) => {
      expect(inflated(deflateSync(bytes, options), bytes.length)).toEqual(new Uint8Array(bytes));
    }),
  );
});

it("inflates long texts with codes of every length", () => {
  // Each byte half as frequent as the one before: the longest codes there are.
  const skewed = Buffer.from(
    Array.from({ length: 200_000 }, (_, i) => Math.min(40, Math.clz32((i * 2654435761) >>> 0) * 3 + (i % 3))),
  );
  expect(inflated(deflateSync(skewed, { level: 9 }), skewed.length)).toEqual(new Uint8Array(skewed));
});

it("refuses a broken stream or makes what zlib makes of it, and never dies", () => {
  fc.assert(
    fc.property(content, fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 4 }), (bytes, flips) => {
      const stream = deflateSync(bytes);
      for (const [place, bit] of flips)
        stream[place % stream.length] = (stream[place % stream.length] ?? 0) ^ (1 << bit);
      const made = inflated(stream, bytes.length);
      if (made === undefined) return;
      expect(new Uint8Array(inflateRawSync(stream.subarray(2)))).toEqual(made);
    }),
    { numRuns: 500 },
  );
});

it("refuses a stream that ends too early or makes another length", () => {
  const stream = deflateSync(Buffer.from("a line of text, and another line of text"));
  expect(inflated(stream.subarray(0, 10), 40)).toBeUndefined();
  expect(inflated(stream, 39)).toBeUndefined();
  expect(inflated(stream, 41)).toBeUndefined();
});

it("survives random bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(5000), (bytes, length) => {
      inflated(Uint8Array.from([0x78, 0x9c, ...bytes]), length);
    }),
    { numRuns: 500 },
  );
});
