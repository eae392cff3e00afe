import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget, limitsFor } from "../../src/unpack/budget.ts";
import { formatOf } from "../../src/unpack/magic.ts";
import { unpackers } from "../../src/unpack/shelf.ts";
import { type UnpackOptions, unpack } from "../../src/unpack/unpack.ts";
import { made, samples, tarFile, words } from "./samples.ts";
import { zipFile } from "./zip-file.ts";

/** What two formats say of the words: with the name that they stand under. */
const named: Readonly<Record<string, string>> = {
  sqlite: 't.a = "the words in it\n"\n',
  pyc: 'a = "the words in it"\n',
};

interface Read {
  readonly texts: Record<string, string>;
  readonly unread: Record<string, string>;
}

async function read(bytes: Uint8Array, { depth = 5, now = () => 0 }: Partial<UnpackOptions> = {}): Promise<Read> {
  const found: Read = { texts: {}, unread: {} };
  for await (const member of unpack(bytes, { depth, now })) {
    if ("reason" in member) found.unread[member.path] = member.reason;
    else found.texts[member.path] = Buffer.from(member.bytes).toString();
  }
  return found;
}

describe.each(Object.keys(unpackers) as (keyof typeof unpackers)[])("a %s file", (format) => {
  it("is known by what it begins with, and says what is in it", async () => {
    const file = (await samples())[format];
    expect(formatOf(file)).toBe(format);
    const { texts, unread } = await read(file);
    expect(Object.values(texts)).toEqual([named[format] ?? "the words in it\n"]);
    expect(unread).toEqual({});
  });

  it("that is cut or changed ends in a reason or in less, and never in a throw", async () => {
    const file = (await samples())[format];
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(file.length - 1), fc.nat(255), async (cut, place, byte) => {
        const changed = Buffer.from(file);
        changed[place] = byte;
        for (const broken of [file.subarray(0, cut), changed]) {
          const members = unpackers[format].members(broken, new Budget(limitsFor(broken.length, 5), () => 0));
          for await (const member of members) expect(member).toHaveProperty("path");
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("containers in containers", () => {
  it("are opened, and the path leads through them", async () => {
    const inner = zipFile([{ name: "c/d.env", bytes: words }]);
    const outer = zipFile([
      { name: "inner.zip", bytes: inner },
      { name: "b.txt", bytes: Buffer.from("b") },
    ]);
    const { texts } = await read(gzipSync(await tarFile("x/outer.zip", outer)));
    expect(texts).toEqual({ "x/outer.zip!inner.zip!c/d.env": "the words in it\n", "x/outer.zip!b.txt": "b" });
  });

  it("deeper than is asked for are told of and left", async () => {
    let file: Buffer = zipFile([{ name: "leaf", bytes: words }]);
    for (let depth = 0; depth < 5; depth++) file = zipFile([{ name: `z${depth}`, bytes: file }]);
    const { texts, unread } = await read(file);
    expect(texts).toEqual({});
    expect(unread).toEqual({ "z4!z3!z2!z1!z0": "lies more than 5 containers deep" });
    expect(Object.keys((await read(file, { depth: 6 })).texts)).toEqual(["z4!z3!z2!z1!z0!leaf"]);
  });
});

describe("an archive that means harm", () => {
  it("expands no further than its budget, and says so", async () => {
    const zeros = Buffer.alloc(90 << 20);
    const { unread } = await read(gzipSync(zeros, { level: 9 }));
    expect(unread[""]).toBe("its contents were not all read: they expand to more than 64 MiB");
  });

  it("takes no longer than its budget", async () => {
    let time = 0;
    const file = zipFile([
      { name: "a", bytes: words },
      { name: "b", bytes: words },
    ]);
    const { unread } = await read(file, { now: () => (time += 40_000) });
    expect(unread[""]).toBe("its contents were not all read: opening them took longer than 60 s");
  });

  it("has names that lead out of it or are no text, which are names and nothing more", async () => {
    const names = ["../../etc/passwd", "/root/.ssh/id", "C:\\x\\y", "a\u0000b", "\u001b[31m"];
    const { texts } = await read(zipFile(names.map((name) => ({ name, bytes: words }))));
    expect(Object.keys(texts)).toEqual(names.map((name) => name.replaceAll("\\", "/")));
  });

  it("has the same name twice, and both are read", async () => {
    const twice = zipFile([
      { name: "a", bytes: words },
      { name: "a", bytes: Buffer.from("other") },
    ]);
    const members = [];
    for await (const member of unpack(twice, { depth: 1, now: () => 0 })) members.push(member);
    expect(members).toHaveLength(2);
  });

  it("says things beside its members, which are read", async () => {
    const members = [];
    const file = zipFile([{ name: "a", bytes: words, comment: "of the member" }], "of the archive");
    for await (const { path, ...member } of unpack(file, { depth: 1, now: () => 0 })) {
      members.push([path, "bytes" in member ? Buffer.from(member.bytes).toString() : ""]);
    }
    expect(members).toEqual([
      ["a", words.toString()],
      ["a", "of the member"],
      ["", "of the archive"],
    ]);
  });

  it("compresses by a method of another format, which is opened as that is", async () => {
    const { texts } = await read(
      zipFile([
        { name: "a", bytes: Buffer.from(made.bzip2, "base64"), method: 12 },
        { name: "b", bytes: Buffer.from(made.zstd, "base64"), method: 93 },
        { name: "c", bytes: Buffer.from(made.xz, "base64"), method: 95 },
        { name: "d", bytes: words, method: 0 },
      ]),
    );
    const text = words.toString();
    expect(texts).toEqual({ a: text, b: text, c: text, d: text });
  });

  it("compresses by a method that nobody reads, and that is told", async () => {
    const { unread } = await read(zipFile([{ name: "a", bytes: words, method: 98 }]));
    expect(unread).toEqual({ a: "is compressed by method 98, which is not known" });
  });

  it("has damage in a member, of which what comes before is read", async () => {
    const lines = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line * 7919}\n`).join(""));
    const file = zipFile([{ name: "a", bytes: lines }]);
    file.fill(0xff, file.length >> 1, (file.length >> 1) + 64);
    const { texts, unread } = await read(file);
    expect(texts.a).toContain("line 7919\n");
    expect(unread.a).toMatch(/^is damaged: /);
  });

  it("is encrypted, and that is told of each member", async () => {
    const { texts, unread } = await read(
      zipFile([
        { name: "open", bytes: words },
        { name: "shut", bytes: words, encrypted: true },
      ]),
    );
    expect(Object.keys(texts)).toEqual(["open"]);
    expect(unread).toEqual({ shut: "is encrypted" });
  });
});

it("what came before the damage is read", async () => {
  const lines = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line * 7919}\n`).join(""));
  const file = gzipSync(lines);
  const { texts, unread } = await read(file.subarray(0, file.length >> 1));
  expect(texts[""]).toContain("line 7919\n");
  expect(unread[""]).toMatch(/^is damaged: /);
});

it("a document is read as its text, too: runs of one paragraph are one line", async () => {
  const xml = "<w:p><w:r><w:t>key: ab</w:t></w:r><w:r><w:t>cd &amp; e</w:t></w:r></w:p><w:p><w:t>next</w:t></w:p>";
  const members = [];
  const file = zipFile([{ name: "word/document.xml", bytes: Buffer.from(xml) }]);
  for await (const member of unpack(file, { depth: 5, now: () => 0 })) members.push(member);
  expect(members.map((member) => ("bytes" in member ? Buffer.from(member.bytes).toString() : ""))).toEqual([
    xml,
    "key: abcd & e\nnext\n",
  ]);
});
