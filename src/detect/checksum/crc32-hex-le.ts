import { crc32 } from "node:zlib";
import type { Checksum } from "./checksum.ts";

/**
 * Grafana service accounts: `glsa_`, 32 characters, an underscore, and the CRC32 of all before it as eight hex digits,
 * bytes in little-endian order. Source: grafana/grafana, `pkg/components/satokengen`.
 */
export const crc32HexLe: Checksum = {
  name: "crc32-hex-le",
  raises: true,
  lowers: true,
  check(secret) {
    const { body = "", sum } = /^(?<body>glsa_[0-9A-Za-z]{32})_(?<sum>[0-9a-f]{8})$/.exec(secret)?.groups ?? {};
    if (sum === undefined) return undefined;
    return { state: Buffer.from(sum, "hex").readUInt32LE() === crc32(body) ? "valid" : "invalid" };
  },
};
