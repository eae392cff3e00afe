/**
 * Signature Version 4 of AWS: a request that proves knowledge of a secret key without sending it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac } from "node:crypto";
import { sha256 } from "../../bytes/crypto.ts";
import { Unfit } from "./template.ts";

/** The parts of a request that are signed. */
interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Signing {
  readonly key: { readonly id: string; readonly secret: string };
  /** As AWS calls it: `sts`. */
  readonly service: string;
  readonly now: Date;
}

/**
 * The headers that sign `request`: `x-amz-date` and `authorization`. The region is read from the host, and is us-east-1
 * where that names none.
 *
 * @throws Unfit for the id of a temporary key: without its session token AWS says of a good one that it is unknown.
 */
export function signature(
  { method, url, headers, body = "" }: Unsigned,
  { key, service, now }: Signing,
): Readonly<Record<string, string>> {
  if (/^ASIA/.test(key.id)) throw new Unfit("it is a temporary key, which works with its session token only");
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const region = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/.exec(url.hostname)?.[1] ?? "us-east-1";
  const scope = `${day}/${region}/${service}/aws4_request`;
  const all = Object.entries({ ...headers, host: url.host, "x-amz-date": time }).sort(byName);
  const names = all.map(([name]) => name).join(";");
  const canonical = [
    method,
    url.pathname,
    queryOf(url),
    ...all.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const proof = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signing = [day, region, service, "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${key.secret}`));
  const signed = hmac(signing, proof).toString("hex");
  return {
    "x-amz-date": time,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${names}, Signature=${signed}`,
  };
}

/** Pairs sorted by name, then by value, every byte escaped that RFC 3986 does not leave alone. */
const queryOf = ({ searchParams }: URL): string =>
  [...searchParams]
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number => (one < other ? -1 : 1);

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text, "utf8").digest();
