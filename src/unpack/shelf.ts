import { bzip2, gzip, xz, zstd } from "./compressed.ts";
import { bundle, loose, pack } from "./git/git.ts";
import type { Format } from "./magic.ts";
import { pdf } from "./pdf.ts";
import { pyc } from "./pyc/pyc.ts";
import { sqlite } from "./sqlite/sqlite.ts";
import { tar } from "./tar.ts";
import type { Unpacker } from "./unpacker.ts";
import { zip } from "./zip.ts";

/** The unpacker of each format. */
export const unpackers: Readonly<Record<Format, Unpacker>> = {
  zip,
  gzip,
  bzip2,
  xz,
  zstd,
  tar,
  pdf,
  sqlite,
  pyc,
  pack,
  bundle,
  loose,
};
