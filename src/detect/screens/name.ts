import { grave, nameIn, type Screen } from "./screen.ts";

/** Names with `key` in them that open nothing. */
const harmlessKey =
  /(?:primary|foreign|partition|sort|range|unique|composite|natural|surrogate|candidate|cache|index|lookup|map|dict|group|row|object|bucket|translation|i18n|locale|message|label|event|storage|state|query|meta|idempotency|routing|registry|reg|config|setting|property|attr|json|field|data|column|entity|schema|sequence|selector|hot|arrow|shortcut|access(?:or|ib)|issuer|product|site|recaptcha|measurement|item|list|react|sub|super|parent)[-_.]?keys?$|keys?[-_.]?(?:word|board|frame|name|size|length|len|store|chain|file|path|down|up|press|code|map|type|event|stroke|id|ref|alias|vault|space|note|pair|ring|usage|spec|format|prefix|suffix|pattern|algorithm|alg|version|value|path|label|hash|of|url|uri|arn|count|index|list|set|column|field|schema|signature|meshing|selector|dir)/i;

/** Words after or around `token`, `secret`, `password` that make it something else. */
const harmless =
  /tokeni[sz]|token[-_.]?(?:type|url|uri|endpoint|expir\w*|ttl|count|limit|name|length|size|id|file|path|field|header|kind|index|class|source|symbol|address|format|version|issuer|audience|location|contract|list|map)|(?:next|page|continuation|sync|cancel\w*|csrf|xsrf|request[-_]?verification|authenticity|unknown|sub|start|end|public|pagination|nft|stop)[-_.]?token|nonce|secrets?[-_.]?(?:name|id|arn|ref|path|key[-_.]?ref|length|size|version|file|store|type|url|uri|manager|namespace|label|engine|backend|mount|provider)|passwords?[-_.]?(?:field|label|hint|length|policy|url|reset|file|path|input|placeholder|regex|pattern|confirm\w*|strength|rules?|encoder|hash\w*|prompt|message|text|error|form|expir\w*|min|max|column|type|id|name|forgot\w*|changed?|updated?|attempts?|requirements?|valid\w*|checks?|variable|env(?:var)?|param(?:eter)?)$|credentials?[-_.]?(?:id|name|type|file|path|url|provider|store|source|helper|ref)s?$|author(?!i[sz]|_?tok)|auth[-_.]?(?:source|result|url|uri|type|method|mode|provider|endpoint|server|domain|scheme|mechanism|service|flow|name)|accessor|accessib|api[-_.]?(?:name|url|uri|version|host|base|path|endpoint|id|group|type|server|domain|root|port|prefix|schema|spec|doc|gateway)/i;

/** Stands under a name that is not that of a secret: `primaryKey`, `token_url`, `csrf-token`, `secretName`. */
export const name: Screen = {
  name: "name",
  generic: true,
  objection({ before }) {
    const found = nameIn(before);
    const last = found.slice(found.lastIndexOf(".") + 1);
    // A keystore's password is one, whatever a keystore is.
    if (/(?:pass(?:word|wd|phrase)?|pwd)$/i.test(last)) return undefined;
    const reason = harmlessKey.exec(last)?.[0] ?? harmless.exec(last)?.[0];
    return reason === undefined ? undefined : `stands under "${last}"`;
  },
};

/** Words of a name that say of its value that nothing opens with it. */
const made =
  /\b(?:fake|dummy|mock(?:ed)?|bogus|wrong|bad|invalid|incorrect|malformed|nonexistent|non existent|non matching)\b/;

/** Stands under a name that says itself that the value was made up: `invalidToken`, `wrong_password`. */
export const pretended: Screen = {
  name: "pretended",
  generic: true,
  objection({ before }) {
    const found = nameIn(before);
    const said = made.exec(
      found
        .replace(/([a-z0-9])(?=[A-Z])/g, "$1 ")
        .replace(/[_.-]+/g, " ")
        .toLowerCase(),
    );
    return said ? grave(`is called ${said[0]}`) : undefined;
  },
};

/** A point on a curve of 256 bits: what it opens is told by another number. */
const compressed = /^(?:0x)?(?:0[23][0-9a-f]{64}|04[0-9a-f]{128})$/i;

/** A public key, or half of a pair that is made to be seen. */
export const publicKey: Screen = {
  name: "public",
  generic: true,
  objection({ secret, before }) {
    if (/(?:^|[^a-z])pub(?:lic)?[-_.]?\w*$|public[-_.]?(?:key|token)/i.test(nameIn(before)))
      return "is public by its name";
    return /(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+)\s+$/.test(before) ||
      /^(?:AAAAB3NzaC1|AAAAC3NzaC1|AAAAE2VjZHNh)/.test(secret) ||
      compressed.test(secret)
      ? "is a public key"
      : undefined;
  },
};
