import { describe, expect, it } from "vitest";
import { pushLines, receiveLines, updateArguments } from "../../src/gate/pushed.ts";

const [a, b, none] = ["a".repeat(40), "b".repeat(40), "0".repeat(40)];

describe("git's lines", () => {
  it.each([
    [`refs/heads/x ${a} refs/heads/y ${b}\n`, [{ local: "refs/heads/x", oid: a, name: "refs/heads/y", before: b }]],
    [`HEAD@{1 day ago} ${a} refs/heads/y ${none}\n`, [{ local: "HEAD@{1 day ago}", oid: a, name: "refs/heads/y" }]],
    [`(delete) ${none} refs/heads/y ${b}\n`, [{ local: "(delete)", name: "refs/heads/y", before: b }]],
    ["", []],
  ])("of a pre-push hook are read: %j", (text, refs) => {
    expect(pushLines(text)).toEqual(refs);
  });

  it("of a pre-receive hook are read, each of them", () => {
    expect(receiveLines(`${none} ${a} refs/heads/x\n${b} ${none} refs/tags/y\n`)).toEqual([
      { name: "refs/heads/x", oid: a },
      { name: "refs/tags/y", before: b },
    ]);
    expect(updateArguments("refs/heads/x", b, a)).toEqual({ name: "refs/heads/x", oid: a, before: b });
  });

  it.each(["refs/heads/x", `x ${a} refs/heads/y ${a.slice(1)}`, `--upload-pack=x ${a}`])(
    "of another form are refused: %j",
    (text) => {
      expect(() => pushLines(text)).toThrow(/Cannot read what git says/);
    },
  );
});
