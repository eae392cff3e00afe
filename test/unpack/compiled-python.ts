// Made by Python 3.11 from `a = "the words in it"`.
const made =
  "pw0NCgAAAAAAAAAAAAAAAOMAAAAAAAAAAAAAAAABAAAAAAAAAPMKAAAAlwBkAFoAZAFTACkCeg90aGUgd29yZHMgaW4gaXROKQHaAWGpAPMAAAAA" +
  "2gD6CDxtb2R1bGU+cgYAAAABAAAAcw4AAADwAwEBAdgEFYABgAGAAXIEAAAA";

/** A compiled file, under the magic number of another version where one is given. */
export function compiledPython({ magic = 3495 }: { readonly magic?: number } = {}): Buffer {
  const file = Buffer.from(made, "base64");
  file.writeUInt16LE(magic, 0);
  return file;
}
