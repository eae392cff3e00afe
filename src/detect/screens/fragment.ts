import { grave, type Screen } from "./screen.ts";

/** The first bytes of a JWT's header, in base64url: `{"alg"`, `{"typ"`. */
const header = /^eyJ(?:hbGciOi|0eXAiOi)/;

/** Shortest signature that any algorithm makes, in base64url. */
const SIGNATURE = 40;

/** A JSON Web Token without all of its signature: cut off by whoever printed it, or never signed. It opens nothing. */
export const fragment: Screen = {
  name: "fragment",
  generic: true,
  objection({ secret }) {
    if (!header.test(secret)) return undefined;
    const [, claims = "", signature = "", ...more] = secret.split(".");
    if (more.length > 0) return undefined;
    return claims === "" || signature.length < SIGNATURE ? grave("is a part of a JSON Web Token") : undefined;
  },
};
