/**
 * A result that shows a reporter everything it can meet: a finding of every status and of every place, exposures,
 * skips, accepted findings, and names that want to be more than names.
 */
import { Secret } from "../../src/bytes/secret.ts";
import type { RenderOptions } from "../../src/report/reporter.ts";
import type { Finding, Occurrence, Result, Rule, Where } from "../../src/terms.ts";
import { bytes } from "../kit.ts";

/** How a report is drawn unless a test says otherwise. What to do about a finding is triage's to say. */
export const options: Omit<RenderOptions, "remedy"> = {
  redact: true,
  colour: false,
  width: 80,
  version: "1.2.3",
  ended: new Date("2024-05-01T12:00:10Z"),
  detail: "normal",
};

/** A commit or blob id, 40 digits made of one short word. */
const id = (word: string): string => word.repeat(40).slice(0, 40);

/** A rule as triage and reports see it; its pattern is never run. */
export function aRule(parts: Partial<Rule> = {}): Rule {
  return {
    id: "github.pat-classic",
    name: "GitHub personal access token (classic)",
    provider: "github",
    kind: "secret",
    severity: "critical",
    confidence: "high",
    generic: false,
    keywords: [],
    pattern: { source: "", reach: { before: 0, after: 0 }, exec: () => undefined },
    component: false,
    unscreened: [],
    references: [],
    revoke: { url: "https://github.com/settings/tokens", steps: "Delete the token, then create a new one." },
    ...parts,
  };
}

/** Forty characters of one line. */
const at = (line: number, column: number): Partial<Occurrence> => ({
  startLine: line,
  startColumn: column,
  endLine: line,
  endColumn: column + 40,
});

/** One line of a file that is present in one commit. */
export function anOccurrence(parts: Partial<Occurrence> = {}): Occurrence {
  const version = { commit: id("9f8e7d6"), blob: id("b10b") };
  return {
    path: "deploy.sh",
    where: "content",
    first: version,
    last: version,
    versions: 1,
    ...version,
    status: "present",
    startLine: 12,
    startColumn: 8,
    endLine: 12,
    endColumn: 48,
    byteOffset: 301,
    decoded: [],
    member: null,
    url: null,
    ...parts,
  };
}

/** A new secret, present on main since Ann committed it. Its fingerprint is only a name here. */
export function aFinding(parts: Partial<Finding> = {}): Finding {
  return {
    fingerprint: "ls1:aaaaaaaaaaaaaaaaaaaaaaaa",
    rule: aRule(),
    secret: new Secret(bytes("gh¦p_R2d7QmWx0bT5uYk8LzPc3NvAe6HsJf1gKi9O")),
    confidence: "high",
    score: 0.97,
    reasons: [
      { name: "pattern", weight: 2 },
      { name: "checksum", weight: 3 },
    ],
    verdict: "new",
    status: "present",
    liveness: "unchecked",
    facts: { checksum: "valid" },
    introduced: {
      commit: id("1a2b3c4"),
      date: "2021-03-02T09:30:00+01:00",
      author: { name: "Ann", email: "ann@example.org" },
    },
    refs: ["refs/heads/main"],
    components: [],
    occurrences: [anOccurrence()],
    ...parts,
  };
}

const removedByBob = {
  commit: id("5d6e7f8"),
  date: "2021-03-03T18:00:00Z",
  author: { name: "Bob", email: "bob@example.org" },
};

const azure = aRule({
  id: "azure.cognitive-services-key",
  name: "Azure Cognitive Services key",
  provider: "azure",
  severity: "high",
  revoke: {
    url: "https://portal.azure.com/",
    steps: "Open the resource, choose Keys and Endpoint, and regenerate both keys.",
  },
});

const privateKey = aRule({
  id: "ssh.private-key",
  name: "OpenSSH private key",
  provider: "ssh",
  severity: "high",
  revoke: { steps: "Take the public key out of every authorized_keys file and account, then make a new pair." },
});

const password = aRule({
  id: "generic.password",
  name: "Password beside its name",
  provider: "generic",
  severity: "medium",
});
const noRevoke = ({ revoke: _, ...rest }: Rule): Rule => rest;

const mongo = aRule({
  id: "exposure.mongodb-noauth",
  name: "MongoDB started without access control",
  provider: "exposure",
  kind: "exposure",
  severity: "low",
  revoke: { steps: "Start mongod with `--auth`, create users, and close the port to the internet." },
});

/** Names that try to forge lines, colours, directions, commands and columns. */
export const nastyPaths: readonly string[] = [
  "one\nline too many.env",
  "red \u001b[31malert\u001b[0m \u0007.env",
  "right\u202eto left\u2066.env",
  "C1 \u009b2J and \u2028 separators\u200b.env",
  `it's "quoted" & $(touch x).env`,
  "::error file=a,line=1::owned.env",
  "##vso[task.setvariable variable=x]y ##[error]z.env",
  "設定/本番環境の秘密.env",
  "🔑👩‍👩‍👧 café ❤️.env",
  `${"deeply/nested/".repeat(21)}a.env`,
  "lone \ud800 surrogate \ufffd.env",
];

/** Not in history yet. */
function fresh(parts: Partial<Finding>): Finding {
  const { introduced: _, ...rest } = aFinding(parts);
  return rest;
}

const inName = (where: Where, path: string): Occurrence =>
  anOccurrence({ where, path, ...at(1, 1), byteOffset: 0, ...(where === "config" && { commit: null, blob: null }) });

const findings: readonly Finding[] = [
  aFinding({
    refs: ["refs/heads/dev", "refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1.0"],
    occurrences: [
      anOccurrence(),
      anOccurrence({ path: "ops/ci/deploy-to-production.yml", ...at(3, 22), versions: 14 }),
      anOccurrence({ path: "backup.zip", member: "inner.tar!etc/app.env", decoded: ["base64"], ...at(1, 8) }),
      anOccurrence({ path: "old/deploy.sh", status: "removed", commit: id("77aa001") }),
      ...Array.from({ length: 12 }, (_, index) => anOccurrence({ path: `copies/${index + 1}.sh`, status: "removed" })),
    ],
  }),
  aFinding({
    fingerprint: "ls1:bbbbbbbbbbbbbbbbbbbbbbbb",
    rule: azure,
    secret: new Secret(bytes("0123456789abcdef¦0123456789abcdef")),
    status: "removed",
    removed: removedByBob,
    facts: { host: "westeurope.api.cognitive.microsoft.com" },
    occurrences: [anOccurrence({ path: "src/speech.py", status: "removed", ...at(40, 18) })],
  }),
  aFinding({
    fingerprint: "ls1:cccccccccccccccccccccccc",
    rule: privateKey,
    secret: new Secret(
      bytes("-----BEG¦IN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXkt\n-----END OPENSSH PRIVATE KEY-----\n"),
    ),
    status: "removed",
    removed: { ...removedByBob, date: "2021-09-12T18:00:00Z" },
    facts: { keyEncrypted: false, comment: "ann@laptop" },
    occurrences: [
      anOccurrence({
        path: "keys/id (old).pem",
        status: "removed",
        ...at(1, 1),
        endLine: 3,
        endColumn: 34,
      }),
    ],
  }),
  aFinding({
    fingerprint: "ls1:dddddddddddddddddddddddd",
    rule: azure,
    secret: new Secret(bytes("fedcba9876543210¦fedcba9876543210")),
    status: "unreachable",
    refs: [],
    occurrences: [anOccurrence({ path: "", status: "unreachable", commit: null })],
  }),
  fresh({
    fingerprint: "ls1:eeeeeeeeeeeeeeeeeeeeeeee",
    rule: noRevoke(password),
    secret: new Secret(bytes("correct horse battery staple")),
    confidence: "medium",
    score: 0.61,
    status: "uncommitted",
    facts: { name: "DB_PASSWORD" },
    refs: [],
    occurrences: [anOccurrence({ path: ".env.local", status: "uncommitted", commit: null, blob: null })],
    components: [{ rule: "generic.user", secret: new Secret(bytes("ann-the-admin")) }],
  }),
  ...(["message", "tag", "note", "path", "ref", "author", "config"] as const).map((where, index) =>
    aFinding({
      fingerprint: `ls1:${"fghijkm".charAt(index).repeat(24)}`,
      secret: new Secret(bytes(`gh¦p_${"FGHIJKM".charAt(index).repeat(36)}`)),
      facts: {},
      refs: where === "note" ? ["refs/notes/commits"] : ["refs/heads/main"],
      occurrences: [
        inName(
          where,
          {
            message: "",
            tag: "v1.0",
            note: "1a/2b3c4d",
            path: bytes(`tokens/gh¦p_${"I".repeat(36)}`).toString(),
            ref: bytes(`refs/heads/try-gh¦p_${"J".repeat(36)}`).toString(),
            author: "",
            config: ".git/config",
          }[where],
        ),
      ],
    }),
  ),
  ...nastyPaths.map((path, index) =>
    aFinding({
      fingerprint: `ls1:${"nopqrstuvwxyz".charAt(index).repeat(24)}`,
      rule: noRevoke(password),
      secret: new Secret(bytes(`staple of the horse ${index}`)),
      confidence: "medium",
      score: 0.5,
      facts: { name: path.slice(0, 30) },
      introduced: {
        commit: id("1a2b3c4"),
        date: "2021-03-02T09:30:00+01:00",
        author: { name: path.slice(0, 40), email: `${path.slice(0, 8)}@example.org` },
      },
      refs: [`refs/heads/${path.slice(0, 20)}`],
      occurrences: [anOccurrence({ path, ...at(1, 1), member: index % 2 ? path : null })],
    }),
  ),
  aFinding({
    fingerprint: "ls1:222222222222222222222222",
    verdict: "known",
    verdictReason: "revoked in 2021",
    secret: new Secret(bytes("staple of the first horse")),
  }),
  aFinding({
    fingerprint: "ls1:333333333333333333333333",
    verdict: "allowed",
    verdictReason: "a sample of the manual\n::error::x",
    secret: new Secret(bytes("staple of the second horse")),
  }),
];

const { secret: _, ...door } = aFinding({
  fingerprint: "lx1:444444444444444444444444",
  rule: mongo,
  confidence: "medium",
  facts: { setting: "--noauth" },
  occurrences: [anOccurrence({ path: "docker-compose.yml", ...at(7, 24) })],
});

const shutDoor: Finding = {
  ...door,
  fingerprint: "lx1:555555555555555555555555",
  status: "removed",
  removed: removedByBob,
  occurrences: [anOccurrence({ path: "start.sh", status: "removed" })],
};

export const fullResult: Result = {
  target: { kind: "git", path: "/srv/app", url: null, range: null },
  rules: id("5a"),
  complete: false,
  tally: { commits: 1234, blobs: 56789, bytes: 3_412_345_678, texts: 2468, files: 12, skipped: 9, seconds: 2.14 },
  skips: [
    { by: "policy", reason: "excluded by vendor/**", path: "vendor/a.js" },
    { by: "fault", reason: "the object is missing", blob: id("dead"), path: "video/intro.mp4" },
    { by: "policy", reason: "excluded by vendor/**", path: "vendor/b.js" },
    { by: "policy", reason: "excluded by vendor/**", path: "vendor/c.js" },
    { by: "policy", reason: "excluded by vendor/**", path: "vendor/\u001b]0;owned\u0007.js" },
    { by: "fault", reason: "the object is missing", blob: id("beef") },
    { by: "policy", reason: "larger than 10 MB", path: "big.bin" },
    { by: "fault", reason: "cannot be read: EACCES", path: "secret\nfile" },
    { by: "fault", reason: "the history is shallow below these commits", commit: id("cafe") },
  ],
  findings: [...findings, door, shutDoor],
};

/** A repository in which all is well. */
export const cleanResult: Result = {
  ...fullResult,
  complete: true,
  skips: [],
  tally: { ...fullResult.tally, skipped: 0, seconds: 71 },
  findings: [],
};
