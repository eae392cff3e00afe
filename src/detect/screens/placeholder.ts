import { grave, type Screen } from "./screen.ts";

/** `¦` in UTF-8. Samples in rule files and tests hold one, so that no scanner takes them for secrets; nobody types it. */
const BROKEN = "\xc2\xa6";

/** A block of armour is longer; words in its comments say nothing about the key. */
const LONGEST_WITH_WORDS = 300;

/** Something crossed out: `xxxxx`, `****`, `sk-…`, dots. Dashes are not in it: armour is made of them. */
const mask = /x{5}|\*{3}|\.{3}|#{4}|\?{4}|_{6}|\xe2\x80\xa6|(?:\xe2\x80\xa2){3}|(?:\xc2\xb7){3}/i;

/** The whole value is a hint in brackets: `<your key>`, `&lt;key&gt;`, `[PASSWORD]`, `{token}`. */
const brackets = /^(?:<.*>?|&lt;.*|%3C.*%3E|\[[a-z _.-]*\]|\{[a-z _.-]*\}|\([a-z _.-]*\))$/i;

/** In capitals these do not come by chance even in a block of armour. The last two are of AWS's sample key. */
const stamp = /EXAMPLE|PLACEHOLDER|REDACTED|IOSFODNN7|K7MDENG/;

/** `FakeStripeKey`: the word between others, which only its capital sets apart. */
const fake = /(?:^|[^A-Z])Fake(?=[A-Z])/;

/** Words that nobody puts into a password, and that chance does not put into a token. */
const words =
  /example|exemplo|ejemplo|placeholder|change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|redacted|obfuscated|sanitized|not[-_ ]?(?:a[-_ ])?real|foo[-_]?bar|deadbeef|lorem|dummy|(?:^|[^a-z])(?:fake|sample|todo|fixme|tbd|insert|enter|put)(?![a-z0-9])|^fake[-_]?(?:p|t|k|s|api)[a-z]*(?![a-z0-9])|^(?:<|%)?your(?![a-z]?\d)|[-_. ]your[-_. ]|(?:^|[-_.])(?:my|some|the|a|an)[-_. ]?(?:own|new|super|very|long|api|app|auth|access|client|db|database|jwt|root|admin|private|top)?[-_. ]?(?:secret|password|passwd|pass|pwd|token|key|credential)s?(?![a-z]*\d{3})|(?:clear|plain)[-_ ]?text[-_ ]?(?:pass|pwd|secret)|do[-_ ]not[-_ ]|(?:here|goes[-_ ]here)$|^(?:secret|password|passwd|token|api[-_]?key|key|test)[-_ ]?(?:value|string|text|key|token|password|secret|here|goes)?$/i;

/** Values of tutorials and default settings, whole. */
const stock = new Set(
  (
    "123 admin admin123 administrator anonymous anonymous@ abc abc123 asdf asdfgh bar baz changeit contrasena default empty false foo guest " +
    "hello hunter2 kennwort letmein mongo motdepasse mypassword mysecret mysql n/a none nil null optional pass pass123 passw0rd password password1 password123 passwort " +
    "passwd pw pwd postgres postgresql private public qwerty rabbitmq redis required root s3cr3t secret secret123 senha string " +
    "supersecret test test123 " +
    "test1234 tester testing testpass testpassword topsecret true undefined user username value verysecret wachtwoord " +
    "welcome xxx yyy zzz \xe5\xaf\x86\xe7\xa0\x81 \xe5\x8f\xa3\xe4\xbb\xa4"
  ).split(" "),
);

/** As a URL writes it, in other words: `pass%20word`. */
const escapes = /(?:%[0-9A-Fa-f]{2})+/g;

/** Passwords that are nothing but such words are examples, whatever stands between them. */
const stockParts = /^(?:(?:pass|passw(?:or)?d|user|secret)[^A-Za-z0-9]{0,3}){2,}$/i;

/** Stands where a secret will be put: crossed out, named as an example, or what every tutorial says. */
export const placeholder: Screen = {
  name: "placeholder",
  generic: false,
  objection({ rule, secret: written }) {
    const secret = rule.provider === "url" ? written.replace(escapes, unescaped) : written;
    if (secret.includes(BROKEN)) return "is a sample, broken up on purpose";
    if (brackets.test(secret)) return "is a hint in brackets";
    if (mask.test(secret)) return rule.generic ? "is crossed out" : grave("is crossed out");
    if (stock.has(secret.toLowerCase()) || stockParts.test(secret)) return grave("is a word of tutorials");
    const word =
      (secret.length > LONGEST_WITH_WORDS ? undefined : words.exec(secret)?.[0]) ??
      stamp.exec(secret)?.[0] ??
      fake.exec(secret)?.[0];
    return word === undefined ? undefined : grave(`says "${word.toLowerCase()}"`);
  },
};

/** Bytes that are no text stay as they are written. */
const unescaped = (escaped: string): string => {
  const bytes = Buffer.from(escaped.replaceAll("%", ""), "hex");
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? bytes.toString("latin1") : escaped;
};
