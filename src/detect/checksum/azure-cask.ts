import type { Checksum } from "./checksum.ts";
import { base62, digits } from "./digits.ts";
import { marvin32 } from "./marvin32.ts";

const form =
  /^(?<body>[0-9A-Za-z]{52}JQQJ9[9DH](?<year>[0-9A-Za-z])(?<month>[A-L])[0-9A-Za-z]{16}[0-9A-Za-z]{4})(?<sum>[0-9A-Za-z]{4}(?:[0-9A-Za-z]{2}==)?)$/;

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Azure's common annotated security keys, 84 characters and the 88 of their long form: 60 bytes in base64, then their
 * Marvin32. The four bytes of that stand as base62, cut to what base64 can hold; some providers write them as base64.
 * The letters after `JQQJ9x` tell year and month of issue. Source: microsoft/security-utilities,
 * `LegacyCommonAnnotatedSecurityKey`; seen true on keys that Azure issued.
 */
export const azureCask: Checksum = {
  name: "azure-cask",
  raises: true,
  lowers: true,
  check(secret) {
    const { body, sum, year = "", month = "" } = form.exec(secret)?.groups ?? {};
    if (body === undefined || sum === undefined) return undefined;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(marvin32(Buffer.from(body, "base64"), "Default0"));
    const given = sum.replace("==", "");
    const valid = asBase62(bytes).startsWith(given) || bytes.subarray(0, 3).toString("base64") === given;
    const issued = `${2024 + base64.indexOf(year)}-${String(base64.indexOf(month) + 1).padStart(2, "0")}`;
    return { state: valid ? "valid" : "invalid", facts: { issued } };
  },
};

/** Six base62 digits, leading zero bytes kept as zeros, the last one rounded down to the bits of four bytes. */
function asBase62(bytes: Buffer): string {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  const text = "0".repeat(zeros < 0 ? 3 : zeros) + digits(bytes.readUInt32BE(), base62, 1);
  return Buffer.from(text.padEnd(6, "0").slice(0, 6), "base64").toString("base64").replace(/=+$/, "");
}
