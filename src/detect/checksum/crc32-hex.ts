import { crc32 } from "node:zlib";
import type { Checksum } from "./checksum.ts";

/** What the CRC32 is taken of, and the eight hex digits that should be it. */
const forms: readonly RegExp[] = [
  // Atlassian: everything before the digits, the equals sign included. Seen true on ATATT3, ATCTT3 and ATBB tokens.
  /^(?<body>AT[A-Z]{2}[0-9A-Za-z_=-]{20,1000})(?<sum>[0-9A-F]{8})$/,
  // Cloudflare: "Token formats" in its documentation names prefix and checksum; which sum is seen from tokens.
  /^cf(?:k|ut|at)_(?<body>[0-9A-Za-z]{40})(?<sum>[0-9a-f]{8})$/,
  // Zuplo: the 32 characters between the underscores. Seen true on tokens.
  /^zpka_(?<body>[0-9a-z]{32})_(?<sum>[0-9a-f]{8})$/,
];

/** Atlassian, Cloudflare and Zuplo: CRC32 in eight hex digits, the most significant first, at the end. */
export const crc32Hex: Checksum = {
  name: "crc32-hex",
  raises: true,
  lowers: true,
  check(secret) {
    for (const form of forms) {
      const { body = "", sum } = form.exec(secret)?.groups ?? {};
      if (sum !== undefined) return { state: Number.parseInt(sum, 16) === crc32(body) ? "valid" : "invalid" };
    }
    return undefined;
  },
};
