import { deflateSync, gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import type { Format } from "../../src/unpack/magic.ts";
import { compiledPython } from "./compiled-python.ts";
import { databaseFile } from "./database-file.ts";
import { gitFiles } from "./git-files.ts";
import { zipFile } from "./zip-file.ts";

/** What every sample says. */
export const words = Buffer.from("the words in it\n");

/** An archive of one file. */
export const tarFile = async (name: string, body: Uint8Array): Promise<Buffer> =>
  Buffer.from(await packTar([{ header: { name, size: body.length }, body }]));

/** A page of a PDF whose one stream draws with these operators. */
const pdfFile = (operators: string): Buffer => {
  const data = deflateSync(Buffer.from(operators, "latin1"));
  const head = `%PDF-1.4\n1 0 obj\n<< /Length ${data.length} /Filter /FlateDecode >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), data, Buffer.from("\nendstream\nendobj\n%%EOF\n")]);
};

// Made by bzip2, xz and zstd of Debian, from `words`.
export const made = {
  bzip2: "QlpoOTFBWSZTWbQIZ1IAAAdRgAAQQAAGYZyAIAAiAAyEDQNADbG1icSYNeLuSKcKEhaBDOpA",
  xz: "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAPdGhlIHdvcmRzIGluIGl0CgD2tWHxPgzX8gABKBDlC2xgH7bzfQEAAAAABFla",
  zstd: "KLUv/SQQgQAAdGhlIHdvcmRzIGluIGl0ChTicqE=",
};

/** A file of each format that says `words`. */
export const samples = async (): Promise<Record<Format, Buffer>> => ({
  zip: zipFile([{ name: "a/b.env", bytes: words }]),
  gzip: gzipSync(words),
  bzip2: Buffer.from(made.bzip2, "base64"),
  xz: Buffer.from(made.xz, "base64"),
  zstd: Buffer.from(made.zstd, "base64"),
  tar: await tarFile("a/b.env", words),
  pdf: pdfFile("BT (the wor) Tj [(ds) -20 ( in it)] TJ ET"),
  sqlite: await databaseFile(["create table t (a text)", "insert into t values ('the words in it\n')"]),
  pyc: compiledPython(),
  ...gitFiles(words.toString()),
});
