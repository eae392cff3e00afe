import { describe, expect, it } from "vitest";
import type { Finding, Occurrence, Status, Where } from "../../src/terms.ts";
import { remedy } from "../../src/triage/remedy.ts";
import { aFinding, anOccurrence, aRule } from "../report/sample-result.ts";

const at = (where: Where, status: Status, parts: Partial<Occurrence> = {}): Occurrence =>
  anOccurrence({ where, status, ...parts, ...(status === "uncommitted" && { commit: null, blob: null }) });

const kinds = (finding: Finding): string[] => remedy(finding).map(({ kind }) => kind);
const commands = (finding: Finding): string[] => remedy(finding).flatMap(({ command }) => command ?? []);

describe("remedy", () => {
  it.each<[Where, Status, string[]]>([
    ["content", "present", ["revoke", "remove", "purge", "publish"]],
    ["content", "removed", ["revoke", "purge", "publish"]],
    ["content", "unreachable", ["revoke", "expire"]],
    ["content", "uncommitted", ["move", "revoke"]],
    ["message", "present", ["revoke", "purge", "publish"]],
    ["tag", "present", ["revoke", "remove"]],
    ["note", "present", ["revoke", "remove"]],
    ["path", "removed", ["revoke", "purge", "publish"]],
    ["ref", "present", ["revoke", "remove"]],
    ["author", "present", ["revoke", "purge", "publish"]],
    ["config", "present", ["revoke", "remove"]],
    ["message", "unreachable", ["revoke", "expire"]],
  ])("of a %s that is %s", (where, status, expected) => {
    expect(kinds(aFinding({ status, occurrences: [at(where, status)] }))).toEqual(expected);
  });

  it("revokes first, where and how the rule says", () => {
    expect(remedy(aFinding())[0]).toEqual({
      kind: "revoke",
      text: "Delete the token, then create a new one.",
      url: "https://github.com/settings/tokens",
    });
  });

  it("of a key store takes the file away, in which there is no line to take out", () => {
    const occurrences = [at("content", "present", { path: "app/release.jks" })];
    const steps = remedy(aFinding({ rule: aRule({ id: "private-key.java-keystore" }), occurrences }));
    expect(steps.find(({ kind }) => kind === "remove")?.text).toBe(
      "Delete app/release.jks and keep it in a secret store, and commit.",
    );
    expect(steps.find(({ kind }) => kind === "purge")?.command).toContain("--invert-paths");
  });

  it("does not revoke what is dead", () => {
    expect(kinds(aFinding({ liveness: "dead" }))).not.toContain("revoke");
  });

  it("names the files that still hold the secret, but not all of many", () => {
    const occurrences = ["a", "b", "c", "d"].map((path) => at("content", "present", { path }));
    const text = remedy(aFinding({ occurrences })).find(({ kind }) => kind === "remove")?.text;
    expect(text).toBe("Take it out of a, b and 2 more, read it from the environment or a secret store, and commit.");
  });

  it("speaks of no commit and no history where there is none", () => {
    const occurrences = [at("content", "present", { commit: null, blob: null })];
    const steps = remedy(aFinding({ occurrences }));
    expect(steps.map(({ kind }) => kind)).toEqual(["revoke", "remove"]);
    expect(steps[1]?.text).not.toContain("commit");
  });

  it("replaces the text of a secret on one line, so that no file is lost", () => {
    expect(commands(aFinding())).toEqual(["git filter-repo --replace-text ../secrets.txt"]);
  });

  it.each<[string, Partial<Occurrence>]>([
    ["spans lines", { endLine: 40 }],
    ["is encoded", { decoded: ["base64"] }],
    ["lies in an archive", { member: "a.env" }],
  ])("purges the file, by its exact path, of a secret that %s", (_, parts) => {
    const occurrences = [at("content", "removed", { path: "my keys/-id.pem", ...parts })];
    expect(commands(aFinding({ status: "removed", occurrences }))).toEqual([
      "git filter-repo --invert-paths --path='my keys/-id.pem'",
    ]);
  });

  it("lists no more paths in a command than a person reads", () => {
    const occurrences = ["a", "b", "c", "d", "e"].map((path) => at("content", "removed", { path, endLine: 40 }));
    expect(commands(aFinding({ status: "removed", occurrences }))).toEqual([
      "git filter-repo --invert-paths --paths-from-file ../paths.txt",
    ]);
  });

  it("drops a stash instead of rewriting history for it", () => {
    const finding = aFinding({ status: "removed", refs: ["refs/stash"], occurrences: [at("content", "removed")] });
    expect(kinds(finding)).toEqual(["revoke", "expire"]);
  });

  it("names the ref of the notes", () => {
    const finding = aFinding({ refs: ["refs/notes/review"], occurrences: [at("note", "present")] });
    expect(commands(finding)).toEqual(["git update-ref -d refs/notes/review"]);
  });

  it("gives each step once, for occurrences of every kind", () => {
    const occurrences = [
      ...[1, 2].map((startLine) => at("content", "present", { startLine, endLine: startLine })),
      ...[1, 2].map(() => at("message", "present")),
      at("content", "unreachable"),
    ];
    expect(kinds(aFinding({ occurrences }))).toEqual(["revoke", "remove", "purge", "purge", "expire", "publish"]);
  });

  it("never holds the secret", () => {
    for (const { text, command = "" } of remedy(aFinding())) expect(text + command).not.toMatch(/ghp_/);
  });
});

describe("remedy of an exposure", () => {
  const rule = aRule({ kind: "exposure", revoke: { steps: "Set a password." } });

  it.each<[Status, string]>([
    ["present", "Correct deploy.sh, and roll the change out."],
    ["removed", "The files no longer say so: make sure that no running service still does."],
  ])("that is %s closes the door, and purges nothing", (status, last) => {
    const steps = remedy(aFinding({ rule, status, occurrences: [at("content", status)] }));
    expect(steps.map(({ text }) => text)).toEqual(["Set a password.", last]);
  });
});
