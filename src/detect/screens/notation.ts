import { grave, type Screen } from "./screen.ts";

/** Forms that code and its manuals are full of, in quotes, and that say by themselves what they are. */
const forms: readonly (readonly [string, RegExp])[] = [
  ["is an option of a command", /^(?:--\[?[A-Za-z]|-[a-z][a-z-]*[:=])/],
  ["is code between two strings", /^\.\s?\$/],
  ["is a form of arguments", /\[(?::\w+|\w+[-:])\]/],
  // Rules of validators, and pairs of shell variables: `required|min:8|confirmed`, `prog,link`.
  ["is a list of words", /^[a-z_]{3,}(?::[\w.,]+)?(?:[|,][a-z_]{3,}(?::[\w.,:]+)?)+$/],
  ["is a rule of a validator", /^(?:required|nullable|password)(?:\|[\w:,.|]+|:[a-z]+)$/],
  // Of an Authorization header whose secret never travels: AWS4-HMAC-SHA256, TC3-HMAC-SHA256, GOOG4-RSA-SHA256.
  ["names a scheme of signatures", /^[A-Z]{2,5}\d?-(?:HMAC|RSA|ECDSA-P256)-SHA\d{1,3}$/],
  ["is a setting", /=(?:true|false|none|null|nil)$/i],
];

/** The verb, and no name: `pass "--verbose"`. Where somebody's name is told too, a password may follow. */
const verb = /(?:^|[^\w.$-])pass[ \t]{1,4}\\?["'`]$/i;
const somebody = /user|login|account/i;

/** Something that code or its manual says beside the word for a password, or where that word is a verb. */
export const notation: Screen = {
  name: "notation",
  generic: true,
  objection({ secret, before }) {
    const form = forms.find(([, pattern]) => pattern.test(secret));
    if (form !== undefined) return form[0];
    return verb.test(before) && !somebody.test(before) ? grave("is told to be passed") : undefined;
  },
};
