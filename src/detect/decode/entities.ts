import { substituting } from "./substitution.ts";

const named: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  colon: ":",
  commat: "@",
  equals: "=",
  gt: ">",
  lt: "<",
  nbsp: " ",
  num: "#",
  percnt: "%",
  quot: '"',
  sol: "/",
};

/** Character references of HTML and XML. */
export const entities = substituting({
  name: "html",
  texts: ["&"],
  mark: /&(?:#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|amp|apos|colon|commat|equals|gt|lt|nbsp|num|percnt|quot|sol);/g,
  overLines: false,
  of(mark) {
    const name = mark.slice(1, -1);
    if (!name.startsWith("#")) return named[name];
    const code = /^#[xX]/.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code < 0x20 || code > 0x10ffff ? undefined : Buffer.from(String.fromCodePoint(code)).toString("latin1");
  },
});
