import { crypto } from "../../bytes/crypto.ts";
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
  ["293257ab6495ebb1", "RFC 5849, client"],
  ["cb87c87e4a138d9a", "RFC 5849, client secret"],
  ["4c20e6f5cc11b937", "RFC 5849, temporary token"],
  ["6aa14267d94944e6", "RFC 5849, temporary secret"],
  ["bb9b1163338b2a51", "RFC 5849, token"],
  ["649e1f5c769e718b", "RFC 5849, token secret"],
  ["80f8b7c904d4a43f", "RFC 5849, client"],
  ["2ff8b0fb93aca981", "RFC 5849, token"],
  ["9d03b692e941d5ac", "draft of RFC 5849, token"],
  ["13d31e961a1ad8ec", "RFC 7519, signature"],
  ["051d093c4bdedbf2", "jwt.io, signature of its HS256 sample"],
  ["08831f80b56414a9", "jwt.io, older sample"],
  ["0998bb2db31482a8", "jwt.io, admin sample"],
  ["eaa5581c2e8d2f44", "jwt.io, newest sample"],
  ["d9bf94f9b7432f05", "PyJWT, signature of its sample"],
  ["2cafc0970149a84f", "Stripe, key of its manual"],
  ["f2d6ca16515033e5", "Stripe, key of its manual"],
  ["60a09e4357868c1e", "Hardhat and Anvil, first account"],
  ["bc1a50966c9e6486", "Hardhat and Anvil, first account"],
  ["19e703902b896be4", "AngularJS, header of a sample"],
  ["2f21fd9c81678e39", "Algolia, search key of the npm index"],
  ["0011cc25eb432071", "Azure storage emulator, account key"],
  ["aa6547439583c3a2", "Azure Cosmos DB emulator, key"],
  ["2037abcaffb2b777", "Firebase, key of its samples"],
  ["3f370c9dd8225c63", "Firebase, key of its samples"],
  ["e4a5542bb7fd7b67", "Firebase, key of its samples"],
  ["a19f89ab3555eac1", "Firebase, key of its samples"],
  ["0b476bdf9acf2123", "Firebase, key of its samples"],
  ["eb540d2b6ee2a0a4", "Firebase, key of its samples"],
  ["37f8f09bdf12c2f2", "Firebase, key of its samples"],
  ["8731261cb72d8626", "Firebase, key of its samples"],
  ["49f777db995e8260", "Firebase, key of its samples"],
  ["27a9a42931dff7eb", "Firebase, key of its samples"],
  ["dc0fcf046c61640c", "Firebase, key of its samples"],
  ["4c98242dcadc8b29", "Firebase, key of its samples"],
  ["ea9bb1082cf95663", "Firebase, key of its samples"],
  ["3a8b61d0f636b007", "Firebase, key of its samples"],
  ["a6c814bc555ae62c", "Firebase, key of its samples"],
  ["13fe7a38a57c4605", "Kubernetes, password of its manual"],
]);

const digest = (text: string): string =>
  crypto().createHash("sha256").update(text, "latin1").digest("hex").slice(0, 16);

/** Printed in a standard or a manual. Of a JWT the signature decides. */
export const specimen: Screen = {
  name: "published",
  generic: false,
  objection({ secret }) {
    const origin = published.get(digest(secret)) ?? published.get(digest(secret.slice(secret.lastIndexOf(".") + 1)));
    return origin === undefined ? undefined : grave(`is published (${origin})`);
  },
};
