import { grave, nameIn, type Screen } from "./screen.ts";

const extension =
  /\.(?:pem|key|crt|cer|der|csr|p12|pfx|jks|keystore|keytab|pub|asc|gpg|json|ya?ml|toml|xml|txt|html?|css|scss|less|[cm]?[jt]sx?|vue|py|rb|go|rs|java|kt|cs|cpp|hpp|[ch]|php|sh|ps1|bat|sql|md|rst|conf|cnf|cfg|ini|properties|env|log|png|jpe?g|gif|svg|ico|pdf|zip|tgz|gz|tar|jar|war|exe|dll|so|db|sqlite|lock|bin|dat|csv|tmpl|tpl|plist)$/i;

const top =
  "com|net|org|io|dev|app|local|localhost|internal|intranet|lan|svc|cloud|example|test|invalid|co|edu|gov|mil|info|biz|eu|de|uk|fr|jp|cn|ru|us|ca|au|ch|at|nl|se";
const host = new RegExp(
  `^(?:[a-z][a-z0-9+.-]*://)?(?:[\\w.-]+@)?[\\w-]+(?:\\.[\\w-]+)*\\.(?:${top})(?::\\d+)?(?:[/?]\\S*)?$`,
  "i",
);

/** Forms that say by themselves what they are. */
const forms: readonly (readonly [string, RegExp])[] = [
  ["is a URL", /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@]*(?::\d+)?(?:[/?#][^\s@]*)?$/i],
  ["is a host or an address", host],
  ["is a path", /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/](?:[\w.@ -]+[\\/])*[\w.@ -]*$/],
  ["is a file name", extension],
  ["is a version", /^\D{0,4}\d+\.\d+(?:\.\d+)*(?:[-+._][\w.]+)*$/],
  ["is a number or a date", /^[+-]?[\d.,:_/ TZ-]{1,19}$/],
  ["is a coordinate of a package", /^[\w.-]+(?::[\w.-]+){2,}$/],
  ["is an ARN", /^arn:/],
  ["is a selector", /^[#.][a-z][\w-]*$/i],
  ["is markup", /^<[a-z!/]/i],
];

/** Microseconds and nanoseconds since 1970, in this century. */
const moment = /^1\d{15}(?:\d{3})?$/;

/** Whether a number may be one of those that some services give out to log in with: no time, and called a secret. */
const isGivenOut = (text: string, name: string): boolean =>
  /^\d{15,}$/.test(text) && !moment.test(text) && /token|secret/i.test(name);

/** Where one word of an identifier ends and the next begins. */
const words = (text: string): string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .match(/[A-Za-z]+|\d+/g) ?? [];

/** Whether letters could be a word: a vowel, no heap of consonants. */
const isWord = (letters: string): boolean => /[aeiou]/i.test(letters) && !/[bcdfghjklmnpqrstvwxz]{5}/i.test(letters);

/** Capitals and digits without a separator, as long as keys are: no name, whatever can be read in it. */
const blocky = /^[A-Z0-9]{16,}$/;

/** Both cases, a digit and a sign: people who make up a password are made to take all four. */
const isMixed = (text: string): boolean => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9.:]/].every((kind) => kind.test(text));

/**
 * Whether a value is put together from words, as people name things: few and short numbers, letters that can be
 * spoken. Base64 of chance has a new word, by this reading, at every change of case, and most are no words.
 */
function isName(text: string): boolean {
  const parts = words(text);
  const letters = parts.filter((part) => /[a-z]/i.test(part));
  const long = letters.filter((part) => part.length >= 4);
  const numbers = parts.filter((part) => /\d/.test(part));
  const digits = numbers.join("").length;
  const average = letters.join("").length / Math.max(1, letters.length);
  if (blocky.test(text) || isMixed(text) || numbers.length > 2 || digits > text.length / 5) return false;
  return long.length > 0 && long.every(isWord) && average >= 3.2;
}

/** Names joined by dots, as in `x25519.PrivateKey`: no more than one number in each, every longer stretch a word. */
function isMember(text: string): boolean {
  if (!/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(text)) return false;
  const parts = text.split(".").map(words);
  const long = parts.flat().filter((part) => /^[a-z]{4,}$/i.test(part));
  return (
    long.length > 0 && long.every(isWord) && parts.every((own) => own.filter((part) => /\d/.test(part)).length <= 1)
  );
}

/** Variables of the environment, whose values stand without quotes. */
const allCaps = /^[A-Z][A-Z0-9_]*$/;

/** Nothing more on the line but a comment: no code goes on there. */
const alone = /^\s*(?:$|#|\/\/)/;

/** A name, an address, a path: something that programs are full of. */
export const identifier: Screen = {
  name: "identifier",
  generic: true,
  objection({ rule, secret, before, after }) {
    const form = forms.find(([, pattern]) => pattern.test(secret));
    const name = nameIn(before);
    if (form !== undefined) return isGivenOut(secret, name) ? grave(form[0]) : form[0];
    if (isMember(secret)) return "is a member of something";
    // Passwords are made of words too: where one may stand, only what has neither digit nor sign is taken for a
    // name, and what has as many joints as the names of functions do.
    const plain = /key|token|secret|api|cred|auth/i.test(name)
      ? /^[\w.:$\\/@-]+(?: [\w.:$\\/@-]+)*$/
      : /^(?:[A-Za-z]+(?:[-_. ][A-Za-z]+)*|[a-z0-9]+(?:[-_][a-z0-9]+){2,})$/;
    if (!plain.test(secret) || !isName(secret)) return undefined;
    // Without quotes it is the name of a variable, in quotes or alone behind a setting it may be what somebody types.
    const typed =
      rule.provider !== "generic" ||
      rule.unscreened.includes("bare") ||
      /["'`]$/.test(before) ||
      allCaps.test(name) ||
      (alone.test(after) && /pass|pwd/i.test(name));
    return typed ? grave("is made of words") : "is made of words";
  },
};
