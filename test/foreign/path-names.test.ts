import { expect, it } from "vitest";
import { nameTestOf } from "../../src/foreign/path-names.ts";
import { pathTest } from "../../src/foreign/rule.ts";

const patterns = [
  "\\.pem$",
  "(?i)\\.(pem|p12|key)$",
  "(^|/)id_rsa(\\.pub)?$",
  "(?:^|/)\\.env(?:\\.\\w+)?$",
  "id_rsa",
  "(^|/)secrets/",
  "^config/.*secret.*\\.ya?ml$",
  "secrets/[^/]+/key",
  "\\.pem$|vault/",
  "(\\.pem|vault/x)$",
  "a.b$",
  "[^/]x$",
  "\\bkey\\b",
  "^key$",
  "",
  ".*",
  "é\\.pem$",
  "\\pL\\.pem$",
];
const paths = [
  ...["a.pem", "A.PEM", "x/y.key", "keys/id_rsa", "id_rsa.pub", "old_id_rsa_dir/x/y", ".env", "sub/.env.local", "env"],
  ...["secrets/a", "x/secrets/y/key", "config/a/my-secret.yml", "config/secret/x.yaml", "vault/x", "a/b", "aéx", "a b"],
  ...["key", "a/key.txt", "monkey", "é.pem", "ü.pem", "x/é/y.txt"],
];

it.each(patterns)("whoever matches %j has a name that tells", (pattern) => {
  const isMeant = pathTest({ path: pattern, at: "" });
  const { fileMay, folderMay } = nameTestOf(pattern);
  for (const path of paths.filter(isMeant)) {
    const folders = path.split("/").map((name) => Buffer.from(name).toString("latin1"));
    const file = folders.pop() ?? "";
    expect(fileMay(file) || folders.some(folderMay), path).toBe(true);
  }
});

it.each([
  ["\\.pem$", "a.txt", "x.pem.d"],
  ["(^|/)id_rsa$", "id_dsa", "id_rsa.d"],
  ["^config/.*secret.*\\.ya?ml$", "secret.json", "secret"],
  ["secrets/[^/]+/key", "a", "src"],
])("%j follows neither other files nor what lies in other folders", (pattern, file, folder) => {
  const { fileMay, folderMay } = nameTestOf(pattern);
  expect([fileMay(file), folderMay(folder)]).toEqual([false, false]);
});
