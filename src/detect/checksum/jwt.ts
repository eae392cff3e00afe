import type { Facts } from "../../terms.ts";
import type { Checksum } from "./checksum.ts";

/**
 * JSON Web Tokens (RFC 7519): header and claims are base64url of JSON objects and the header names an algorithm.
 * Examples in documentation are as well formed as live tokens, so a right structure proves nothing; a wrong one
 * means that it is no JWT.
 */
export const jwt: Checksum = {
  name: "jwt",
  raises: false,
  lowers: true,
  check(secret) {
    const [header = "", claims = "", signature] = secret.split(".");
    if (signature === undefined || !/^[\w-]+$/.test(header)) return undefined;
    const head = objectOf(header);
    const body = objectOf(claims);
    if (typeof head?.alg !== "string") return { state: "invalid" };
    // The claims of an encrypted token (RFC 7516) are not there to be read, nor are detached ones.
    if (typeof head.enc === "string" || claims === "") return { state: "valid", facts: { algorithm: head.alg } };
    return body === undefined
      ? { state: "invalid" }
      : { state: "valid", facts: { algorithm: head.alg, ...told(body) } };
  },
};

function objectOf(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function told({ iss, exp }: Record<string, unknown>): Facts {
  const date = typeof exp === "number" ? new Date(exp * 1000) : undefined;
  return {
    ...(typeof iss === "string" && iss.length <= 200 ? { issuer: iss } : {}),
    ...(date !== undefined && !Number.isNaN(date.getTime()) ? { expires: date.toISOString() } : {}),
  };
}
