import { substituting } from "./substitution.ts";

/** Percent-encoding (RFC 3986) in URLs, forms and their logs. */
export const percent = substituting({
  name: "percent",
  texts: ["%"],
  mark: /%[0-9A-Fa-f]{2}/g,
  overLines: false,
  of: (mark) => String.fromCharCode(Number.parseInt(mark.slice(1), 16)),
});
