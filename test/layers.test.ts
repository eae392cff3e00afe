import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";

/** A room may import itself, `terms`, `levels`, `errors` and the rooms named here. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  terms: ["bytes"],
  bytes: [],
  kernel: [],
  rules: ["bytes"],
  detect: ["bytes", "kernel"],
  git: ["bytes", "kernel"],
  triage: ["bytes"],
  report: ["bytes"],
  crew: ["bytes", "kernel", "rules", "detect", "git", "sources"],
  unpack: ["bytes", "git"],
  sources: ["bytes", "git", "unpack"],
  memory: ["bytes", "git", "report", "sources"],
  page: [],
  serve: [],
  foreign: ["bytes", "rules"],
  gitleaks: ["bytes", "foreign", "git", "report", "rules", "sources", "triage", "config", "scan"],
  completions: [],
  gate: ["bytes", "git", "sources", "triage", "report", "config", "scan"],
  sweep: ["bytes", "git", "sources", "triage", "report", "scan", "config"],
  cli: [
    "sweep",
    "bytes",
    "rules",
    "detect",
    "git",
    "sources",
    "triage",
    "report",
    "scan",
    "prove",
    "explain",
    "config",
    "gate",
    "foreign",
    "gitleaks",
    "completions",
    "serve",
  ],
};

/** A package from npm may be imported by these rooms and files only. */
const thirdParty: Readonly<Record<string, readonly string[]>> = {
  commander: ["cli", "completions"],
  "csv-stringify/sync": ["report"],
  "junit-report-builder": ["report"],
  sarif: ["report"],
  minimatch: ["bytes", "detect", "triage", "sources"],
  "p-limit": ["sources", "triage", "sweep"],
  picocolors: ["cli", "report"],
  sshpk: ["detect"],
  yauzl: ["unpack"],
  "modern-tar": ["unpack"],
  "unbzip2-stream": ["unpack"],
  "xz-decompress": ["unpack"],
  fzstd: ["unpack"],
  "simple-git": ["git"],
  ora: ["cli"],
  re2js: ["rules", "foreign"],
  "smol-toml": ["foreign"],
  yaml: ["rules", "config", "foreign"],
  zod: ["rules", "config"],
  lilconfig: ["config"],
  "drizzle-orm": ["sweep"],
  "drizzle-orm/pg-core": ["sweep"],
  "drizzle-orm/pglite": ["sweep"],
  "drizzle-orm/pglite/migrator": ["sweep"],
  "drizzle-orm/node-postgres": ["sweep"],
  "drizzle-orm/node-postgres/migrator": ["sweep"],
  "@electric-sql/pglite": ["sweep"],
  pg: ["sweep"],
  "pg-boss": ["sweep"],
  "proper-lockfile": ["sweep"],
  "env-paths": ["sweep", "cli"],
  "@octokit/rest": ["sources"],
  "@octokit/plugin-throttling": ["sources"],
  "@octokit/plugin-retry": ["sources"],
  "@octokit/auth-app": ["sources"],
  "@octokit/request-error": ["sources"],
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));

const imports = (file: string): string[] =>
  [...readFileSync(`src/${file}`, "utf8").matchAll(/(?:from |import\()"([^"]+)"/g)].map(([, path = ""]) => path);

const room = (file: string): string => posix.basename(file.split("/")[0] ?? "", ".ts");

it.each(Object.entries(mayImport))("%s imports only %j", (name, allowed) => {
  for (const file of files.filter((file) => file.startsWith(`${name}/`))) {
    for (const path of imports(file).filter((path) => path.startsWith("."))) {
      const target = room(posix.join(posix.dirname(file), path));
      expect([name, "terms", "levels", "errors", ...allowed], file).toContain(target);
    }
  }
});

it("third-party packages are imported only in their rooms", () => {
  for (const file of files) {
    for (const path of imports(file).filter((path) => !path.startsWith(".") && !path.startsWith("node:"))) {
      expect(thirdParty[path], `${file} imports ${path}`).toContain(room(file));
    }
  }
});

it("no file is longer than 400 lines", () => {
  for (const file of files) {
    expect(readFileSync(`src/${file}`, "utf8").trimEnd().split("\n").length, file).toBeLessThanOrEqual(400);
  }
});

it("two files open sockets: the one that asks providers, and the one that serves a page", () => {
  const allowed = ["triage/verify/http.ts", "serve/server.ts"];
  for (const file of files.filter((file) => !allowed.includes(file))) {
    for (const path of imports(file)) expect(path, file).not.toMatch(/^node:(net|tls|http|https|http2|dgram|dns)$/);
  }
});

it("no module holds a mutable variable", () => {
  // The kernel's are registers of one instance.
  for (const file of files.filter((file) => !file.startsWith("kernel/assembly/")))
    expect(readFileSync(`src/${file}`, "utf8"), file).not.toMatch(/^(export )?let /m);
});
