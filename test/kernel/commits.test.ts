import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCommit } from "../../src/git/history/objects.ts";
import { type OidBytes, OidTable } from "../../src/git/oid-table.ts";
import { type CommitParts, HistoryKernel } from "../../src/kernel/history.ts";
import { textsOf } from "../../src/sources/texts.ts";

const known = 6;
const idOf = (idBytes: number, number: number): string =>
  String(number)
    .repeat(2 * idBytes)
    .slice(0, 2 * idBytes);

const tableOf = (idBytes: OidBytes): OidTable => {
  const table = new OidTable(idBytes, 8);
  for (let number = 0; number < known; number++) table.addHex(idOf(idBytes, number));
  return table;
};

const shown: { bytes: Buffer; parts: CommitParts | undefined }[] = [];
const kernel = new HistoryKernel({
  learn: () => expect.fail("a commit has no entries"),
  absent: () => expect.fail("a commit has no entries"),
  showTree: () => expect.fail("a commit is no tree"),
  showCommit: (_node, bytes, parts) => shown.push({ bytes: Buffer.from(bytes), parts }),
});

/** What the walker says of one commit that a pack holds whole. */
function parts(bytes: Buffer, table: OidTable): CommitParts | undefined {
  const stream = deflateSync(bytes);
  kernel.begin(table.parts, new Uint8Array(known), { nodes: 1, input: stream.length, arena: 1 << 20 });
  kernel.bytes.set(stream, kernel.inputAt);
  kernel.words.set([kernel.inputAt, kernel.inputAt + stream.length, bytes.length, 0, 0], kernel.nodesAt >> 2);
  kernel.walkCommits(0);
  const [said, ...more] = shown.splice(0);
  expect([said?.bytes, more]).toEqual([bytes, []]);
  return said?.parts;
}

/** The same, from a reading line by line; only what the walker would say of a commit that names what is here. */
function judged(bytes: Buffer, table: OidTable): Omit<CommitParts, "authorStart" | "authorEnd"> & { author: string } {
  const header = readCommit(bytes);
  if (!header) throw new Error("no commit");
  const { people, message } = textsOf(header);
  const [tree, ...parents] = [header.tree, ...header.parents].map((id) => table.indexOf(id));
  return {
    tree: tree ?? -1,
    parents,
    time: header.time,
    committerEnd: people.end,
    message,
    author: header.author,
  };
}

const told = (bytes: Buffer, { authorStart, authorEnd, ...rest }: CommitParts) => ({
  ...rest,
  author: bytes.toString("utf8", authorStart, authorEnd),
});

const person = fc.oneof(
  fc.constantFrom(
    "Ann <ann@example.org> 1700000000 +0000",
    "Jos\u00e9 <j> 12 -0330",
    "",
    "x",
    "a > 5 <b> 77 +0100",
    "b <> 1234567890123 +0000",
    "> 7",
  ),
  fc.string(),
);

const line = (idBytes: number) =>
  fc.oneof(
    fc.nat(known + 1).map((number) => `tree ${idOf(idBytes, number)}`),
    fc.nat(known + 1).map((number) => `parent ${idOf(idBytes, number)}`),
    person.map((text) => `author ${text}`),
    person.map((text) => `committer ${text}`),
    fc.constantFrom(
      "encoding latin1",
      "gpgsig -----",
      " goes on",
      "mergetag object",
      "HG:extra x",
      "gpgsig-sha256 y",
      "tree",
      " ",
      "tree x",
      "encoding",
    ),
  );

/** Commits as git writes them, and others whose lines are lost, doubled, swapped or made up. */
const commit = (idBytes: number) =>
  fc
    .tuple(
      fc.nat(known - 1),
      fc.array(fc.nat(known - 1), { maxLength: 3 }),
      person,
      person,
      fc.array(fc.constantFrom("encoding latin1", "gpgsig a", " b"), { maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(9), fc.nat(1), line(idBytes)), { maxLength: 2 }),
      fc.oneof(fc.constant("\n\nA message\n"), fc.constant(""), fc.constant("\n"), fc.string()),
    )
    .map(([tree, parents, author, committer, more, edits, message]) => {
      const lines = [
        `tree ${idOf(idBytes, tree)}`,
        ...parents.map((parent) => `parent ${idOf(idBytes, parent)}`),
        `author ${author}`,
        `committer ${committer}`,
        ...more,
      ];
      for (const [at, removed, text] of edits) lines.splice(at, removed, text);
      return Buffer.from(lines.join("\n") + message);
    });

describe.each([20, 32] as const)("a walk through commits with ids of %i bytes", (idBytes) => {
  it("reads in each what a reading line by line reads, or leaves it to that", () => {
    const table = tableOf(idBytes);
    let read = 0;
    fc.assert(
      fc.property(commit(idBytes), (bytes) => {
        const said = parts(bytes, table);
        if (!said) return;
        read++;
        const header = readCommit(bytes);
        expect(told(bytes, said)).toEqual(judged(bytes, table));
        // What has headers of its own, and what names something that is not here, is left.
        expect(header && textsOf(header).hasHeaders).toBe(false);
        expect([said.tree, ...said.parents]).not.toContain(-1);
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    );
    expect(read).toBeGreaterThan(5);
  });

  it("reads what git writes", () => {
    const table = tableOf(idBytes);
    const bytes = Buffer.from(
      `tree ${idOf(idBytes, 1)}\nparent ${idOf(idBytes, 2)}\nparent ${idOf(idBytes, 3)}\nauthor Ann <a@b.org> 1700000001 +0100\ncommitter Bob <b@b.org> 1700000002 -0500\nencoding latin1\ngpgsig -----BEGIN\n \n abc\n -----END\n\nSubject\n\nBody\n`,
    );
    const said = parts(bytes, table);
    expect(said && told(bytes, said)).toEqual({
      tree: 1,
      parents: [2, 3],
      time: 1_700_000_002,
      author: "Ann <a@b.org> 1700000001 +0100",
      committerEnd: bytes.indexOf("\nencoding"),
      message: bytes.indexOf("Subject"),
    });
  });
});
