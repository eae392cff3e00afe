import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf } from "../../src/unpack/sqlite/schema.ts";
import { unpack } from "../../src/unpack/unpack.ts";
import { databaseFile } from "./database-file.ts";

async function read(file: Uint8Array) {
  const texts = new Map<string, string>();
  const unread = new Map<string, string>();
  for await (const member of unpack(file, { depth: 5, now: () => 0 })) {
    if ("reason" in member) unread.set(member.path, member.reason);
    else texts.set(member.path, Buffer.from(member.bytes).toString("utf8"));
  }
  return { texts, unread };
}

describe("the tables of a database", () => {
  it("are lines of names and values, numbers and nothing left out", async () => {
    const file = await databaseFile(
      ["create table users (id integer primary key, email text, password text, note text)"],
      [["insert into users values (?, ?, ?, ?)", [7, "ann@acme.io", 'two "words"', null]]],
    );
    const { texts, unread } = await read(file);
    expect(Object.fromEntries(texts)).toEqual({
      users: 'users.email = "ann@acme.io"\nusers.password = "two "words""\n',
    });
    expect(unread.size).toBe(0);
  });

  it("that keep settings say the name of a setting where the column's would stand", async () => {
    const file = await databaseFile(
      ["create table wp_options (option_id integer primary key, option_name text, option_value text)"],
      [["insert into wp_options values (1, ?, ?)", ["smtp_password", "in it"]]],
    );
    const { texts } = await read(file);
    expect(texts.get("wp_options")).toContain('wp_options.smtp_password = "in it"\n');
  });

  it("without a rowid have their primary key first, and its names", async () => {
    const file = await databaseFile(
      ["create table t (a text, b text, c text, primary key (c)) without rowid"],
      [["insert into t values ('one', 'two', 'three')", []]],
    );
    expect((await read(file)).texts.get("t")).toBe('t.c = "three"\nt.a = "one"\nt.b = "two"\n');
  });

  it("that are large are told in parts, of which none is larger than a few megabytes", async () => {
    const rows = Array.from({ length: 6 }, (_, index) => `${index}`.repeat(1 << 20));
    const file = await databaseFile(
      ["create table t (a text)"],
      rows.map((row) => ["insert into t values (?)", [row]] as const),
    );
    const { texts } = await read(file);
    expect([...texts.keys()]).toEqual(["t", "t (2)"]);
    expect([...texts.values()].join("")).toBe(rows.map((row) => `t.a = "${row}"\n`).join(""));
  });

  it("may hold containers, which are opened", async () => {
    const file = await databaseFile(
      ["create table files (path text, body blob)"],
      [["insert into files values ('a', ?)", [gzipSync("in a blob")]]],
    );
    expect((await read(file)).texts.get("files.body")).toBe("in a blob");
  });

  it.each(["UTF-8", "UTF-16le", "UTF-16be"])("say all texts, whatever they are, in %s", async (encoding) => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).map((each) => each.replaceAll("\0", "-"));
    const long = fc.tuple(text, fc.integer({ min: 1, max: 400 })).map(([each, times]) => each.repeat(times));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, long), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(512, 1024, 4096, 65536),
        fc.constantFrom("", "without rowid"),
        async (rows, pageSize, rowid) => {
          const file = await databaseFile(
            [
              `pragma page_size = ${pageSize}`,
              `pragma encoding = '${encoding}'`,
              `create table t (n integer, a text, b text, primary key (n)) ${rowid}`,
            ],
            rows.map(([a, b], index) => ["insert into t values (?, ?, ?)", [index, a, b]] as const),
          );
          const { texts, unread } = await read(file);
          const told = [...texts.values()].join("");
          expect(unread.size).toBe(0);
          for (const [a, b] of rows) expect(told).toContain(`t.a = "${a}"\nt.b = "${b}"\n`);
        },
      ),
      { numRuns: 25 },
    );
  });
});

it("a broken page costs its own rows, and is told of", async () => {
  const rows = Array.from({ length: 200 }, (_, index) => `row ${index}: ${"x".repeat(100)}`);
  const file = await databaseFile(
    ["pragma page_size = 1024", "create table t (a text)"],
    rows.map((row) => ["insert into t values (?)", [row]] as const),
  );
  const broken = Buffer.from(file);
  broken.fill(0xff, 5 * 1024, 6 * 1024);
  const { texts, unread } = await read(broken);
  const left = rows.filter((row) => texts.get("t")?.includes(row));
  expect(left.length).toBeGreaterThan(150);
  expect(left.length).toBeLessThan(200);
  expect(unread.get("")).toBe("is damaged: page 6 is none of a table");
});

it.each([
  ["create table t (a, b)", ["a", "b"]],
  [
    "CREATE TABLE \"my (table\" (\"a b\" text default (1 + 2), [c,d] int, `e` text check (e in ('x', ',')))",
    ["a b", "c,d", "e"],
  ],
  ["create table t (a text, -- not, this\n b text /* , or (that */, constraint u unique (a, b))", ["a", "b"]],
  ["create table t (a text, b text generated always as (a || 'x') virtual, c text as (a) stored)", ["a", "c"]],
  ["create table t (a text, b text primary key, c text) without rowid", ["b", "a", "c"]],
  ["create table t", []],
  ["", []],
])("the columns of %s", (statement, columns) => expect(columnsOf(statement)).toEqual(columns));
