import { expect, it } from "vitest";
import { objection } from "../../src/detect/screen.ts";
import { whole } from "../kit.ts";
import { patternOf, ruleOf } from "./rule.ts";

const rule = ruleOf({ id: "acme.key", keywords: ["key"], pattern: patternOf("key", { before: 0, after: 3 }) });
const generic = { ...rule, id: "generic.value", provider: "generic", generic: true };

/** The objection to the part of `line` between ‹ and ›; a doubt begins with a question mark. */
function to(line: string, asked = rule): string | undefined {
  const [, before = "", secret = "", after = ""] = /^([^‹]*)‹([^›]*)›(.*)$/s.exec(whole(line)) ?? [];
  const reason = objection({ rule: asked, secret, before, after });
  return typeof reason === "object" ? `? ${reason.name}` : reason;
}

it.each([
  ["‹abc_xxxxxxxxxxxx›", "? is crossed out"],
  ["‹sk-ab...›", "? is crossed out"],
  ["‹********›", "? is crossed out"],
  ["‹<your-key>›", "is a hint in brackets"],
  ["‹&lt;KEY&gt;›", "is a hint in brackets"],
  ["‹[PASSWORD]›", "is a hint in brackets"],
  ["‹AKIAIOSFODNN7EX¦AMPLE›", '? says "example"'],
  ["‹changeme›", '? says "changeme"'],
  ["‹change_me_42›", '? says "change_me"'],
  ["‹fakepwd›", '? says "fakepwd"'],
  ["‹anonymous@›", "? is a word of tutorials"],
  ["‹pass pass›", "? is a word of tutorials"],
  ["‹your-api-key›", '? says "your"'],
  ["‹put-your-key-here›", undefined],
  ["‹my-secret-token›", undefined],
  ["‹password123›", "? is a word of tutorials"],
  ["‹1234567890abcdef›", "? is a sequence"],
  ["‹ghp_aaaaaaaaaaaa›", "? is a sequence"],
  ["‹qwertyuiop12›", "? is a sequence"],
  ["‹k3R9-k3R9-k3R9-k3R9-›", "? repeats itself"],
  ["‹kQ{{3R}}9xT2vW7zL8›", "? holds a template"],
  ["‹k3R9-k3R9-k3R9-9xT2vW7zL8qYb4N›", "? repeats itself"],
  ["‹ClearTextPassword1›", '? says "cleartextpass"'],
  ["‹#{db_password}›", "is a template"],
  ["‹{{ vault_password }}›", "is a template"],
  ["‹$(cat key.txt)›", "is a template"],
  ["‹<%= ENV['KEY'] %>›", "is a hint in brackets"],
  ["‹%(password)s›", "is a variable"],
  ["‹$PASSWORD›", "is a variable"],
  ["‹os.environ['KEY']›", "is looked up when the program runs"],
  ["‹process.env.API_KEY›", "is looked up when the program runs"],
  ["‹secrets.DEPLOY_TOKEN›", "is looked up when the program runs"],
  ["‹vault://kv/app#key›", "is the address of a secret"],
  ["‹op://vault/entry/field›", "is the address of a secret"],
  ["‹getPassword()›", "is a call"],
  ["‹ENC[AES256_GCM,data:W3Pi,iv:2qF9,tag:FzoL,type:str]›", "is encrypted"],
  ["‹$ANSIBLE_VAULT;1.1;AES256›", "is encrypted"],
  ["  secure: ‹k3Rv9xQ2mT7wZ1pL8sYb›", "stands where ciphertext is put"],
])("no rule takes %s for a secret: %s", (line, reason) => {
  if (reason === undefined) expect(to(line)).toMatch(/^[?] says/);
  else expect(to(line)).toBe(reason);
});

it.each([
  ["id = ‹73082700-1f09-405b-80d0-3131bfd6272d›", "is a UUID"],
  ["kms_key_id: ‹555ea4a3-d53a-4412-9c66-3a7cb667b0d6›", 'stands under "kms_key_id"'],
  ["md5 = ‹5c94767cedb5d6987c902ac850ded2c6›", "is the digest of something"],
  ['"integrity": "‹sha512-k3Rv9xQ2mT7wZ1pL8sYb4NcJ6dHg5FaUeVoKiXqWzMtB==›"', "is a hash"],
  ["password = ‹$2a$12$k3Rv9xQ2mT7wZ1pL8sYb4u›", "is a hash"],
  ["token = ‹tokenizer›.next()", "is an expression"],
  ["primaryKey=‹k3Rv9xQ2mT7wZ1pL›", 'stands under "primaryKey"'],
  ["next_page_token: '‹k3Rv9xQ2mT7wZ1pL›'", 'stands under "next_page_token"'],
  ['<input name="csrf-token" value="‹k3Rv9xQ2mT7wZ1pL›"', 'stands under "csrf-token"'],
  ["nonMatchingToken := ‹k3Rv9xQ2mT7wZ1pL›", "? is called non matching"],
  ["wrong_password = '‹tRq81-Salmon›'", "? is called wrong"],
  ["config.invalidSecret: '‹k3Rv9xQ2mT7wZ1pL›'", "? is called invalid"],
  ["public_key = '‹k3Rv9xQ2mT7wZ1pL8sYb4NcJ›'", "is public by its name"],
  ["key: ssh-ed25519 ‹k3Rv9xQ2mT7wZ1pL8sYb4NcJ›", "is a public key"],
  ["secret: ‹conf/server.pem›", "is a file name"],
  ["secret: ‹/run/app/token›", "is a path"],
  ['"src\\/Auth\\/RequirePassword.php":"‹94fda5e61422b9178028bffcfdd9be32›"', "is the digest of a file"],
  ["packaging/_tokenizer.py,‹sha256=J6v5H7Jzvb-g81xp_2QACKwO7LxHQA6ikryMU7zXwN8›,5273", "is a hash"],
  ['need to pass "‹--shared=true›"', "is an option of a command"],
  ["pass `‹-std=gnu99›` to the compiler", "is an option of a command"],
  ["'password' => '‹required|min:6|confirmed›'", "is a list of words"],
  ["'password' => '‹password:api›'", "is a rule of a validator"],
  ['if test "$linkmode,$pass" = "‹prog,link›"; then', "is a list of words"],
  ["'password' => '--password='‹.$connection[›'password']", "is code between two strings"],
  ["splituser('user[:passwd]‹@host[:port]›')", "is a form of arguments"],
  ["def parse(token=None, ‹add_nos=True›)", "is a setting"],
  ["After the reuse pass `‹queuedOldIndex[q]›`", "? is told to be passed"],
  ["Always pass `‹http.Status*›` constants", "? is told to be passed"],
  ["token_host = ‹login.acme.com›", "is a host or an address"],
  ["token: ‹https://login.acme.io/oauth›", "is a URL"],
  ["api_token = ‹v2.13.0-beta.1›", "is a version"],
  ["secret = ‹20240131-1200›", "is a number or a date"],
  ["acmeToken = '‹7430021949651162›'", "? is a number or a date"],
  ["token_time = ‹1732969284519347›", "is a number or a date"],
  ["tokens_read = ‹94300219›", "is a number or a date"],
  ["secret = ‹MyTestFixtureName›", "is made of words"],
  ["token: ‹PdfEncryptionKeySize.Key128Bit›", "is a member of something"],
  ["private_key: ‹ed25519.Ed25519PrivateKey›", "is a member of something"],
  ["'‹ssh2_auth_pubkey_file›'", "? is made of words"],
])("a generic rule drops %s: %s", (line, reason) => {
  expect(to(line, generic)).toBe(reason);
  expect(to(line, rule)).toBeUndefined();
});

it.each([
  "api_token = '‹dafa7817-e246-48f3-91a7-e87653d587b8›'",
  "client_secret: '‹k3Rv9xQ2mT7wZ1pL8sYb4NcJ6dHg5FaU›'",
  'password: "‹Sum¦mer2019!›"',
  "keystorePassword = '‹tRq81-Salmon›'",
  "hash_key = ‹5c94767cedb5d6987c902ac850ded2c6›",
  'login user "ann" pa¦ss "‹tRq81-Salmon›"',
  "pass¦word = '‹-tRq81=Salmon›'",
  "pass¦word = '‹ab,cd,EF12›'",
  "badge_token = '‹k3Rv9xQ2mT7wZ1pL›'",
  "https:/¦/ann:‹54611e68-8c13-4e88-840a-adb1b16b75ce›@acme.io",
])("a generic rule keeps %s", (line) => {
  expect(to(line, generic)).toBeUndefined();
});

it("knows samples that are broken up, and values that standards print", () => {
  expect(objection({ rule, secret: "k3Rv9\xc2\xa6xQ2mT7w", before: "", after: "" })).toMatch(/broken up/);
  expect(to("Bearer ‹2Yotn¦FZFEjr1zCsicMWpAA›")).toBe("? is published (RFC 6749 and 6750, access token)");
});

it("asks no screen that a rule has switched off, and its entropy last of those for all", () => {
  expect(to("‹changeme›", { ...rule, unscreened: ["placeholder"] })).toBeUndefined();
  expect(to("‹k3k3k9k3›", { ...rule, entropy: 3 })).toBe("? is below entropy 3");
  expect(to("‹k3k3k9k3›", { ...rule, entropy: 3, unscreened: ["dull"] })).toBeUndefined();
});
