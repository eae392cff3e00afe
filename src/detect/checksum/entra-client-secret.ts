import type { Checksum } from "./checksum.ts";
import { digits } from "./digits.ts";
import { marvin32 } from "./marvin32.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";

/**
 * Client secrets of Entra applications: three characters, `8Q~`, 31 more, and the first three of six digits of their
 * Marvin32 over an alphabet of 66. Source: microsoft/security-utilities, `AadClientAppIdentifiableCredentials`.
 */
export const entraClientSecret: Checksum = {
  name: "entra-client-secret",
  raises: true,
  lowers: true,
  check(secret) {
    const { body, sum } = /^(?<body>[\w~.-]{3}8Q~[\w~.-]{31})(?<sum>[\w~.-]{3})$/.exec(secret)?.groups ?? {};
    if (body === undefined || sum === undefined) return undefined;
    const right = digits(marvin32(Buffer.from(body, "latin1"), "AadPwd00"), alphabet, 6).slice(0, 3);
    return { state: right === sum ? "valid" : "invalid" };
  },
};
