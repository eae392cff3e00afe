import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget, limitsFor } from "../../src/unpack/budget.ts";
import { pyc } from "../../src/unpack/pyc/pyc.ts";
import { unpack } from "../../src/unpack/unpack.ts";
import { tempDir } from "../kit.ts";
import { compiledPython } from "./compiled-python.ts";

async function read(file: Uint8Array): Promise<{ text: string; unread: string[] }> {
  const unread: string[] = [];
  let text = "";
  for await (const member of unpack(file, { depth: 5, now: () => 0 })) {
    if ("reason" in member) unread.push(member.reason);
    else text += Buffer.from(member.bytes).toString("utf8");
  }
  return { text, unread };
}

const hasPython = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 6))"]).status === 0;

describe.skipIf(!hasPython && process.env.LEAKSWEEP_REQUIRE_ALL === undefined)("what Python compiles", () => {
  const compiled = (source: string): Buffer => {
    const folder = tempDir();
    writeFileSync(join(folder, "m.py"), source);
    execFileSync("python3", ["-c", "import py_compile; py_compile.compile('m.py', cfile='m.pyc')"], { cwd: folder });
    return readFileSync(join(folder, "m.pyc"));
  };

  it("says which constant goes to which name", async () => {
    const source = [
      'PASSWORD = "one"',
      "class Settings:",
      '    key = "two"',
      "    def __init__(self, other):",
      '        secret = "three"',
      '        self.token = "four"',
      '        other.options["item"] = "five"',
      'connect(host, user="six", password="seven")',
      'config = {"a": "eight", "b": host}',
      'both = {"c": "nine", "d": "ten"}',
      'ONE = "a" * 2, ("eleven", b"twelve")',
    ].join("\n");
    const { text, unread } = await read(compiled(source));
    expect(unread).toEqual([]);
    const expected = ["PASSWORD one", "key two", "secret three", "token four", "item five", "user six"];
    for (const pair of [...expected, "password seven", "a eight", "c nine", "d ten"]) {
      const [name, value] = pair.split(" ");
      expect(text).toContain(`${name} = "${value}"\n`);
    }
    for (const alone of ["eleven", "twelve"]) expect(text).toContain(`- "${alone}"\n`);
  });

  it("holds every text that the source has, whatever it is", async () => {
    const texts = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), {
      minLength: 1,
      maxLength: 300,
    });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const lines = values.map((value, index) => `name_${index} = ${JSON.stringify(value)}`);
        const { text, unread } = await read(compiled(lines.join("\n")));
        expect(unread).toEqual([]);
        for (const [index, value] of values.entries()) expect(text).toContain(`name_${index} = "${value}"\n`);
      }),
      { numRuns: 15 },
    );
  });
});

it("a file of a version whose instructions are not known still says its constants", async () => {
  const { text } = await read(compiledPython({ magic: 3627 }));
  expect(text).toBe('- "the words in it"\n');
});

it("tuples that hold each other many times over are told once", async () => {
  // (("w", "w"), the same), and so on: each level refers twice to the one before.
  const levels = Array.from({ length: 40 }, (_, level) => {
    const before = Buffer.from([0x72, level, 0, 0, 0]);
    return Buffer.concat([Buffer.from([0xa9, 2]), before, before]);
  });
  const word = Buffer.from([0xfa, 4, ...Buffer.from("word")]);
  const constants = Buffer.concat([Buffer.from([0x29, levels.length + 1]), word, ...levels]);
  // The five numbers, no instructions, the constants, no names; the rest is not there.
  const rest = Buffer.concat([
    Buffer.from([0x73, 0, 0, 0, 0]),
    constants,
    ...Array.from({ length: 6 }, () => Buffer.from([0x29, 0])),
  ]);
  const file = Buffer.concat([
    compiledPython().subarray(0, 16),
    Buffer.from([0x63]),
    Buffer.alloc(20),
    rest,
    Buffer.alloc(4),
    Buffer.from([0x29, 0, 0x29, 0]),
  ]);
  expect(await read(file)).toEqual({ text: '- "word"\n', unread: [] });
});

it("a file that is cut or changed ends in a reason or in less, and never in a throw", async () => {
  const file = compiledPython();
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.nat(file.length - 1), fc.nat(255), async (cut, place, byte) => {
      const changed = Buffer.from(file);
      changed[place] = byte;
      for (const broken of [file.subarray(0, cut), changed]) {
        const members = pyc.members(broken, new Budget(limitsFor(broken.length, 5), () => 0));
        for await (const member of members) expect(member).toHaveProperty("path");
      }
    }),
    { numRuns: 500 },
  );
});
