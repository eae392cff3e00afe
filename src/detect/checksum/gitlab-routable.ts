import { crc32 } from "node:zlib";
import type { Facts } from "../../terms.ts";
import type { Checksum } from "./checksum.ts";

const form =
  /^(?<prefix>[\w-]{3,30}-(?:t\d_)?)?(?<payload>[\w-]{20,300})\.(?<version>[0-9a-z]{2}\.)?(?<size>[0-9a-z]{2})(?<sum>[0-9a-z]{7})$/;

/** Random bytes before the routing part (version 1) or behind it (the form without a version). */
const RANDOM = 16;

/** Keys of the routing part whose values are ids. */
const ids: Readonly<Record<string, string>> = {
  g: "gitlabGroup",
  o: "gitlabOrganization",
  p: "gitlabProject",
  u: "gitlabUser",
};

/**
 * GitLab's routable tokens: prefix, payload in base64url, in a newer form a version, the payload's length in two
 * base36 digits, and the CRC32 of all before in seven. The payload says in clear whose token it is. Source:
 * gitlabhq/gitlabhq, `lib/authn/token_field/generator/routable_token.rb`.
 */
export const gitlabRoutable: Checksum = {
  name: "gitlab-routable",
  raises: true,
  lowers: true,
  check(secret) {
    const { version, size = "", sum } = form.exec(secret)?.groups ?? {};
    if (sum === undefined) return undefined;
    if (crc32(secret.slice(0, -7)).toString(36).padStart(7, "0") !== sum) return { state: "invalid" };
    const text = secret.slice(0, secret.indexOf("."));
    const payload = Buffer.from(text.slice(-Number.parseInt(size, 36)), "base64url");
    const routing = version === undefined ? payload.subarray(0, -RANDOM - 1) : payload.subarray(RANDOM, -1);
    return { state: "valid", facts: facts(routing.toString("latin1")) };
  },
};

/** What lines like `u:1c` tell; values are base36. */
function facts(routing: string): Facts {
  const known: Record<string, number> = {};
  for (const line of routing.split("\n")) {
    const [key = "", value = ""] = line.split(":");
    const name = ids[key];
    if (name !== undefined && /^[0-9a-z]{1,10}$/.test(value)) known[name] = Number.parseInt(value, 36);
  }
  return known;
}
