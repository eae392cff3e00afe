import { randomBytes } from "node:crypto";
import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Shelf } from "../../src/memory/shelf.ts";
import { tempDir } from "../kit.ts";

const text = (bytes: number): string => randomBytes(bytes / 2).toString("hex");

it("what is put there is there, for its owner alone", async () => {
  const folder = join(tempDir(), "made");
  await new Shelf(folder).put("a", "words");
  expect(await new Shelf(folder).get("a")).toEqual(Buffer.from("words"));
  expect(await new Shelf(folder).get("b")).toBeUndefined();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it("what is used least makes room, and files of others are left alone", async () => {
  const folder = tempDir();
  writeFileSync(join(folder, "notes.gz"), text(10_000));
  const shelf = new Shelf(folder, { all: 3000, one: 2000 });
  for (const [age, name] of ["a", "b", "c"].entries()) {
    await shelf.put(name, text(2000));
    const time = 1000 + age;
    utimesSync(join(folder, `${name}.leaksweep.gz`), time, time);
  }
  expect(await shelf.get("a")).toBeUndefined();
  expect(await shelf.get("b")).toBeDefined(); // and so it is newer than c
  await shelf.put("d", text(2000));
  expect([await shelf.get("b"), await shelf.get("c")].map((held) => held !== undefined)).toEqual([true, false]);
  expect(readdirSync(folder)).toContain("notes.gz");
});

it("what is larger than there is room for is not put there", async () => {
  const shelf = new Shelf(tempDir(), { all: 3000, one: 500 });
  await shelf.put("a", text(4000));
  expect(await shelf.get("a")).toBeUndefined();
});

it("runs that put the same at once leave one whole file", async () => {
  const folder = tempDir();
  const shelves = Array.from({ length: 20 }, () => new Shelf(folder));
  await Promise.all(shelves.map((shelf, number) => shelf.put("a", `${number}`.repeat(5000))));
  expect(String(await new Shelf(folder).get("a"))).toMatch(/^(\d+)\1*$/);
  expect(readdirSync(folder)).toEqual(["a.leaksweep.gz"]);
});
