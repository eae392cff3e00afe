import { crc32 } from "node:zlib";
import type { Checksum } from "./checksum.ts";
import { base62, digits } from "./digits.ts";

/**
 * GitHub (`ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_`) and npm (`npm_`): 30 characters, then their CRC32 in six base62
 * digits. Announced by GitHub in "Behind GitHub's new authentication token formats" (2021) and for npm in "Announcing
 * npm's new access token format" (2021); seen true on tokens of both.
 */
export const base62Crc32: Checksum = {
  name: "base62-crc32",
  raises: true,
  lowers: true,
  check(secret) {
    const { body = "", sum } =
      /^(?:gh[pousr]|npm)_(?<body>[0-9A-Za-z]{30})(?<sum>[0-9A-Za-z]{6})$/.exec(secret)?.groups ?? {};
    if (sum === undefined) return undefined;
    return { state: digits(crc32(body), base62, 6) === sum ? "valid" : "invalid" };
  },
};
