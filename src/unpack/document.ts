/**
 * What a document of an office says. Its text lies in XML, where each change of style begins a new run, so that a key
 * with one bold letter is in three pieces. Runs are joined, paragraphs and cells are lines. (ECMA-376; ODF 1.3.)
 */

/** The parts that hold text, by their names in the archive. */
const parts =
  /^(?:word\/(?:document|comments|footnotes|endnotes|header\d*|footer\d*)\.xml|ppt\/(?:slides|notesSlides|comments)\/[^/]+\.xml|xl\/(?:sharedStrings|comments\d*|worksheets\/[^/]+)\.xml|content\.xml)$/;

/** Elements that end a line: paragraphs, line breaks, shared strings, cells, rows. */
const ends = /<\/(?:w:p|a:p|text:p|text:h|si|c|row)>|<(?:w:br|a:br|text:line-break)\b[^>]*>/g;

const tabs = /<(?:w:tab|text:tab)\b[^>]*>/g;

const tags = /<[^>]*>/g;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of a part of a document, or `undefined` where the member is none. */
export function documentText(path: string, bytes: Uint8Array): Uint8Array | undefined {
  if (!parts.test(path)) return undefined;
  const xml = Buffer.from(bytes).toString("utf8");
  const text = xml.replace(ends, "\n").replace(tabs, "\t").replace(tags, "");
  return Buffer.from(text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, meant));
}

function meant(written: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name.toLowerCase()] ?? written;
  const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? "", 16);
  return code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : written;
}
