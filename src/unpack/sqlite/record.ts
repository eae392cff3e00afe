/** The values of a row (https://www.sqlite.org/fileformat2.html, section 2.1). */
import { type Encoding, varint } from "./pages.ts";

/** Text, as UTF-8, or a blob. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly text: boolean;
}

/** Integers are numbers, exact up to 2^53; NULL and what has a fraction is `undefined`. */
export type Value = Content | number | undefined;

/** The values in the order in which they are stored; those behind the end of a cut record are missing. */
export function valuesOf(record: Buffer, encoding: Encoding): readonly Value[] {
  const [headerEnd, first] = varint(record, 0);
  const values: Value[] = [];
  let body = headerEnd;
  for (let at = first; at < headerEnd && at < record.length; ) {
    const [type, next] = varint(record, at);
    const size = sizeOf(type);
    if (body + size > record.length) break;
    const bytes = record.subarray(body, body + size);
    values.push(type < 12 ? integerOf(type, bytes) : contentOf(bytes, { text: type % 2 === 1, encoding }));
    body += size;
    at = next;
  }
  return values;
}

/** Bytes of a value by its serial type. */
const sizeOf = (type: number): number =>
  type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8][type] ?? 0);

/** Types 1 to 6 are integers of so many bytes; 8 and 9 are zero and one, of none. */
function integerOf(type: number, bytes: Buffer): number | undefined {
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length);
  if (type === 6) return Number(bytes.readBigInt64BE());
  return type === 8 || type === 9 ? type - 8 : undefined;
}

function contentOf(
  bytes: Buffer,
  { text, encoding }: { readonly text: boolean; readonly encoding: Encoding },
): Content {
  if (!text || encoding === "utf8") return { bytes, text };
  const little = encoding === "utf16le" ? bytes : Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
  return { bytes: Buffer.from(little.toString("utf16le")), text };
}
