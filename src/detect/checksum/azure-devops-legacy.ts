import { crc32 } from "node:zlib";
import { fromBase32 } from "./base32.ts";
import type { Checksum } from "./checksum.ts";

/** What the sum is combined with, for tokens of users and of applications. */
const magic: readonly number[] = [0xe0b9692d, 0x1019f92e];

/**
 * Azure DevOps personal access tokens of 52 base32 characters: of their 32 bytes the bytes 22, 8, 7 and 2 are the
 * CRC32 of the others, combined with a constant. Source: microsoft/security-utilities, `AdoLegacyPat`, Microsoft's own
 * reading of its tokens.
 */
export const azureDevopsLegacy: Checksum = {
  name: "azure-devops-legacy",
  raises: true,
  lowers: true,
  check(secret) {
    if (!/^[a-z2-7]{52}$/.test(secret)) return undefined;
    const bytes = fromBase32(secret);
    const [b22 = 0, b8 = 0, b7 = 0, b2 = 0] = [22, 8, 7, 2].map((at) => bytes[at]);
    const body = bytes.filter((_, at) => ![22, 8, 7, 2].includes(at));
    const given = Buffer.from([b22, b8, b7, b2]).readUInt32LE();
    return { state: magic.includes((crc32(body) ^ given) >>> 0) ? "valid" : "invalid" };
  },
};
