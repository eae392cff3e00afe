import type { Checksum } from "./checksum.ts";

/** Field types of the format. */
const field = { end: 0, location: 1, identifier: 2, verification: 4, signature: 6 } as const;

/**
 * PyPI tokens: `pypi-` and a macaroon in its version 2 binary form (libmacaroons, doc/format.txt), which begins with
 * the location, pypi.org or test.pypi.org, and ends with a signature of 32 bytes. The signature cannot be checked without PyPI's key, but
 * nobody writes a whole macaroon by hand. A broken one may be of a form that we do not know.
 */
export const pypiMacaroon: Checksum = {
  name: "pypi-macaroon",
  raises: true,
  lowers: false,
  check(secret) {
    const text = /^pypi-((?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[\w-]+)={0,2}$/.exec(secret)?.[1];
    return text === undefined ? undefined : { state: isMacaroon(Buffer.from(text, "base64url")) ? "valid" : "invalid" };
  },
};

/** Version, then packets: the macaroon's own, those of each caveat, each lot closed, an end, and the signature. */
function isMacaroon(bytes: Uint8Array): boolean {
  if (bytes[0] !== 2) return false;
  let at = 1;
  let identified = false;
  for (;;) {
    const type = bytes[at++];
    if (type === field.end) {
      // An end right after an end closes the caveats.
      if (!identified) break;
      identified = false;
      continue;
    }
    if (type !== field.location && type !== field.identifier && type !== field.verification) return false;
    identified ||= type === field.identifier;
    const length = varint(bytes, at);
    if (length === undefined) return false;
    at = length.next + length.value;
    if (at >= bytes.length) return false;
  }
  return bytes[at] === field.signature && bytes[at + 1] === 32 && bytes.length === at + 34;
}

/** A number of one or two bytes, low seven bits first; longer ones do not occur in tokens. */
function varint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  const [low, high] = [bytes[at], bytes[at + 1]];
  if (low === undefined) return undefined;
  if (low < 0x80) return { value: low, next: at + 1 };
  return high === undefined || high >= 0x80 ? undefined : { value: (low & 0x7f) | (high << 7), next: at + 2 };
}
