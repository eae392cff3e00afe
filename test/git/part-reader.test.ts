import fc from "fast-check";
import { expect, it } from "vitest";
import { PartReader } from "../../src/git/part-reader.ts";

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const size of [...sizes, text.length]) {
    yield Buffer.from(text.slice(at, at + size), "latin1");
    at += size;
  }
}

/** Reads `<n>\n<n bytes>\n` records, the awaited way or the ready one, whichever works first. */
async function records(reader: PartReader): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const line = reader.line() ?? (await reader.nextLine());
    if (line === undefined) return found;
    const room = Buffer.alloc(Number(line) + 1);
    const ready = reader.take(room.length);
    if (!ready && !(await reader.fill(room))) return found;
    found.push((ready ?? room).toString("latin1").slice(0, -1));
  }
}

it("records come out the same however the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 40, unit: "binary-ascii" })),
      fc.array(fc.nat({ max: 12 }), { maxLength: 200 }),
      async (bodies, sizes) => {
        const text = bodies.map((body) => `${body.length}\n${body}\n`).join("");
        expect(await records(new PartReader(cut(text, sizes)))).toEqual(bodies);
      },
    ),
  );
});

it("a line without its end and a body that is cut short are not given out", async () => {
  expect(await new PartReader(cut("abc", [1])).nextLine()).toBeUndefined();
  expect(await new PartReader(cut("abc", [1])).fill(Buffer.alloc(4))).toBe(false);
});

it("some bytes come as they arrive, never more than asked for, and none at the end", async () => {
  const reader = new PartReader(cut("abcdef", [2, 0, 3]));
  const parts: string[] = [];
  for (let part = await reader.some(4); part.length > 0; part = await reader.some(2)) parts.push(String(part));
  expect(parts).toEqual(["ab", "cd", "e", "f"]);
});
