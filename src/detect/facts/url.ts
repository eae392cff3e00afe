/** What the URL tells in whose query a secret stands: whose host it opens, and until when. */
import type { Facts } from "../../terms.ts";

/** A URL from its scheme up to something in its query. */
const address =
  /[a-z][a-z0-9+.-]{1,12}:\/\/(?:[^\s/?#"'<>`@]*@)?([^\s/?#"'<>`:@]{1,253})(?::\d{1,5})?[/?][^\s"'<>`]*$/i;

/** Everything of a query up to here, and from here on. */
const queryBefore = /\?([^\s"'<>`?]*)$/;
const queryAfter = /^[^\s"'<>`#]*/;

/**
 * `host` and `expires` (ISO 8601), as far as they are told.
 *
 * @param before What stands before the secret on its line, and `after` behind it.
 */
export function urlFacts(before: string, after: string): Facts {
  const query = queryBefore.exec(before)?.[1];
  if (query === undefined) return {};
  const host = address.exec(before)?.[1];
  const rest = queryAfter.exec(after)?.[0] ?? "";
  const expires = expiry(new URLSearchParams(`${query}${rest}`.replaceAll("&amp;", "&")));
  return { ...(host !== undefined && { host }), ...(expires !== undefined && { expires }) };
}

/**
 * When a signed URL ends: shared access signatures of Azure say it (`se`), CloudFront and the old signatures of S3 and
 * Cloud Storage count seconds since 1970 (`Expires`), the newer ones from a time of signing on (`X-Amz-`, `X-Goog-`).
 */
function expiry(query: URLSearchParams): string | undefined {
  const written = query.get("se");
  if (written !== null) return isoOf(Date.parse(written));
  const second = query.get("Expires");
  if (second !== null && /^\d{9,11}$/.test(second)) return isoOf(Number(second) * 1000);
  for (const vendor of ["Amz", "Goog"]) {
    const signed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`X-${vendor}-Date`) ?? "");
    const lasting = query.get(`X-${vendor}-Expires`) ?? "";
    if (signed === null || !/^\d{1,8}$/.test(lasting)) continue;
    const [, year, month, day, hour, minute, at] = signed.map(Number) as [number, ...number[]];
    return isoOf(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, at) + Number(lasting) * 1000);
  }
  return undefined;
}

const isoOf = (time: number): string | undefined => (Number.isNaN(time) ? undefined : new Date(time).toISOString());
