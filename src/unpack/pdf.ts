/**
 * Text of a PDF (ISO 32000-1): its streams are inflated, and of those that draw text the strings are joined as they are
 * shown, a line for each move to another one. Fonts with an encoding of their own make no sense here, and encrypted
 * files none at all: the reader is told so.
 */

import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import type { Budget } from "./budget.ts";
import { bufferOf, gather, type Unpacker } from "./unpacker.ts";

/** Bytes before a stream in which its dictionary is looked for. */
const dictionary = 1024;

export const pdf: Unpacker = {
  async *members(bytes, budget) {
    const buffer = bufferOf(bytes);
    if (buffer.includes("/Encrypt ")) yield { path: "", reason: "is encrypted" };
    let number = 0;
    for (let at = buffer.indexOf("stream"); at >= 0; at = buffer.indexOf("stream", at + 6)) {
      const start = dataStart(buffer, at);
      if (start === undefined) continue;
      const end = buffer.indexOf("endstream", start);
      number++;
      budget.takeMember();
      const before = buffer.toString("latin1", Math.max(0, at - dictionary), at);
      const head = before.slice(before.lastIndexOf(" obj") + 1);
      const text = await textOf(head, buffer.subarray(start, end < 0 ? undefined : end), budget);
      if (text !== undefined) yield { path: `stream ${number}`, bytes: text };
      if (end < 0) return;
      at = end;
    }
  },
};

/** Where the data begin behind the keyword at `at`; `undefined` where it is none. */
function dataStart(buffer: Buffer, at: number): number | undefined {
  if (buffer[at + 6] === 0x0a) return at + 7;
  return buffer[at + 6] === 0x0d && buffer[at + 7] === 0x0a ? at + 8 : undefined;
}

async function textOf(head: string, data: Buffer, budget: Budget): Promise<Uint8Array | undefined> {
  if (/\/Subtype\s*\/Image|\/FontFile|\/DCTDecode|\/JPXDecode/.test(head)) return undefined;
  if (!/\/FlateDecode|\/Fl\b/.test(head)) return shown(data);
  // What cannot be inflated is under another filter as well, or its end is not where it seems to be.
  const { bytes } = await gather(Readable.from([data]).pipe(createInflate()), budget);
  return bytes.length > 0 ? shown(bytes) : undefined;
}

/** A string in round or angle brackets, or an operator that shows text or moves on. */
const tokens =
  /\(((?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S])*\))*)\)|<([0-9A-Fa-f\s]*)>|(?<![\w/])(TJ|Tj|Td|TD|T\*|Tm|ET)(?!\w)|'|"/g;

/** What a content stream shows; other streams (metadata, JavaScript, attachments) as they are. */
function shown(content: Uint8Array): Uint8Array {
  const source = Buffer.from(content).toString("latin1");
  if (!/(?<!\w)BT(?!\w)[\s\S]*?T[jJ]/.test(source)) return content;
  let text = "";
  for (const [token, round, angle, operator] of source.matchAll(tokens)) {
    if (round !== undefined) text += round.replace(/\\(?:([0-7]{1,3})|\r?\n|([\s\S]))/g, unescaped);
    else if (angle !== undefined) text += Buffer.from(angle.replace(/\s/g, ""), "hex").toString("latin1");
    else if ((operator !== undefined && operator !== "TJ" && operator !== "Tj") || token === "'" || token === '"') {
      text += text.endsWith("\n") ? "" : "\n";
    }
  }
  return Buffer.from(text, "latin1");
}

const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

const unescaped = (_written: string, octal?: string, letter?: string): string =>
  octal !== undefined ? String.fromCharCode(Number.parseInt(octal, 8) & 0xff) : (letters[letter ?? ""] ?? letter ?? "");
