import { createHash } from "node:crypto";
import { grave, type Screen } from "./screen.ts";

/**
 * Values that standards, manuals and emulators print, the same everywhere: first 16 hex digits of their SHA-256, for
 * this file should hold no token either, and where they come from.
 */
const published: ReadonlyMap<string, string> = new Map([
  ["6c96130f130ab0d6", "RFC 6749 and 6750, access token"],
  ["00cf4c781dc37003", "RFC 6749, refresh token"],
  ["ca7459e2b26776de", "RFC 6749, client of HTTP Basic"],
  ["53f5da0aaa93d64c", "RFC 6749, client secret"],
  ["e9974c507d2a8021", "RFC 6749, client secret"],
  ["b8e148545b13c78b", "RFC 6750, bearer token"],
  ["cf4d418ed3de92d7", "RFC 7617, Aladdin"],
  ["687da00b09c83361", "RFC 7617, test"],
  ["13d31e961a1ad8ec", "RFC 7519, signature"],
  ["051d093c4bdedbf2", "jwt.io, signature of its HS256 sample"],
  ["08831f80b56414a9", "jwt.io, older sample"],
  ["0998bb2db31482a8", "jwt.io, admin sample"],
  ["eaa5581c2e8d2f44", "jwt.io, newest sample"],
  ["d9bf94f9b7432f05", "PyJWT, signature of its sample"],
  ["60a09e4357868c1e", "Hardhat and Anvil, first account"],
  ["bc1a50966c9e6486", "Hardhat and Anvil, first account"],
  ["19e703902b896be4", "AngularJS, header of a sample"],
  ["2f21fd9c81678e39", "Algolia, search key of the npm index"],
  ["0011cc25eb432071", "Azure storage emulator, account key"],
  ["aa6547439583c3a2", "Azure Cosmos DB emulator, key"],
  ["2037abcaffb2b777", "Google, key of its public samples"],
  ["3f370c9dd8225c63", "Google, key of its public samples"],
  ["e4a5542bb7fd7b67", "Google, key of its public samples"],
  ["a19f89ab3555eac1", "Google, key of its public samples"],
  ["0b476bdf9acf2123", "Google, key of its public samples"],
  ["eb540d2b6ee2a0a4", "Google, key of its public samples"],
  ["37f8f09bdf12c2f2", "Google, key of its public samples"],
  ["8731261cb72d8626", "Google, key of its public samples"],
  ["49f777db995e8260", "Google, key of its public samples"],
  ["27a9a42931dff7eb", "Google, key of its public samples"],
  ["dc0fcf046c61640c", "Google, key of its public samples"],
  ["4c98242dcadc8b29", "Google, key of its public samples"],
  ["ea9bb1082cf95663", "Google, key of its public samples"],
  ["3a8b61d0f636b007", "Google, key of its public samples"],
  ["a6c814bc555ae62c", "Google, key of its public samples"],
]);

const digest = (text: string): string => createHash("sha256").update(text, "latin1").digest("hex").slice(0, 16);

/** Printed in a standard or a manual. Of a JWT the signature decides. */
export const specimen: Screen = {
  name: "published",
  generic: false,
  objection({ secret }) {
    const origin = published.get(digest(secret)) ?? published.get(digest(secret.slice(secret.lastIndexOf(".") + 1)));
    return origin === undefined ? undefined : grave(`is published (${origin})`);
  },
};
