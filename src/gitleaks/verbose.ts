import type { Row } from "../foreign/row.ts";
import { printable } from "../report/escape.ts";

/** A row for people, as `--verbose` shows it: a name and a value on each line, then an empty one. */
export function verboseText(row: Row): string {
  const isPath = row.Secret === "" && row.StartLine === 0;
  const said: readonly (readonly [name: string, value: string | number])[] = [
    ["Finding", row.Match],
    ...(isPath ? [] : [["Secret", row.Secret] as const]),
    ["RuleID", row.RuleID],
    ["Entropy", row.Entropy.toFixed(6)],
    ...(row.Tags.length > 0 ? [["Tags", row.Tags.join(", ")] as const] : []),
    ["File", row.File],
    ...(isPath ? [] : [["Line", row.StartLine] as const]),
    ...(row.Commit === ""
      ? []
      : ([
          ["Commit", row.Commit],
          ["Author", row.Author],
          ["Email", row.Email],
          ["Date", row.Date],
        ] as const)),
    ["Fingerprint", row.Fingerprint],
    ...(row.Link === undefined ? [] : [["Link", row.Link] as const]),
  ];
  return [...said.map(([name, value]) => `${`${name}:`.padEnd(12)} ${printable(String(value))}`), "", ""].join("\n");
}
