import { fromBase32 } from "./base32.ts";
import type { Checksum } from "./checksum.ts";

/**
 * AWS access key ids: base32 whose first bits are the account number. Nothing in it is a checksum, so it says what
 * the key opens and not whether it was issued. Ids that begin with I or J after the prefix are older than this and
 * tell nothing. Source: "A short note on AWS key ID" (T. Be'ery, 2023), the answer of `sts get-access-key-info`.
 */
export const awsKeyId: Checksum = {
  name: "aws-key-id",
  raises: false,
  lowers: false,
  check(secret) {
    const id = /^(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA)([A-Z2-7]{16})$/.exec(secret)?.[1];
    if (id === undefined) return undefined;
    if (/^[IJ]/.test(id)) return { state: "valid" };
    const bits = Buffer.from(fromBase32(id)).readUIntBE(0, 6);
    const account = Math.floor((bits % 2 ** 47) / 2 ** 7);
    if (account > 999_999_999_999) return { state: "invalid" };
    return { state: "valid", facts: { awsAccount: String(account).padStart(12, "0") } };
  },
};
