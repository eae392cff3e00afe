import { crc32 } from "node:zlib";
import type { Checksum } from "./checksum.ts";

/**
 * Confluent Cloud API secrets: `cflt`, 54 characters, then the CRC32 of those, four little-endian bytes in base64
 * without padding. Seen true on one token only, so a wrong one says nothing.
 */
export const crc32Base64Le: Checksum = {
  name: "crc32-base64-le",
  raises: true,
  lowers: false,
  check(secret) {
    const { body = "", sum } = /^cflt(?<body>[0-9A-Za-z+/]{54})(?<sum>[0-9A-Za-z+/]{6})$/.exec(secret)?.groups ?? {};
    if (sum === undefined) return undefined;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(crc32(body));
    return { state: bytes.toString("base64").slice(0, 6) === sum ? "valid" : "invalid" };
  },
};
