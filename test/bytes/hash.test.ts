import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { blobId } from "../../src/bytes/hash.ts";

it("names a blob as git does", () => {
  const bytes = Buffer.from("what is up, doc?\0\r\n");
  expect(blobId(bytes)).toBe(
    execFileSync("git", ["hash-object", "--stdin"], { input: bytes, encoding: "utf8" }).trim(),
  );
});

it("knows the id of nothing, in both hashes", () => {
  expect(blobId(Buffer.alloc(0))).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  expect(blobId(Buffer.alloc(0), "sha256")).toMatch(/^473a0f4c/);
});
