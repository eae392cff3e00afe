import type { Screen } from "./screen.ts";

/** One string after another, before and after: `["user", "password", "2fa-token"]`. */
const before = /["'`]\s*,\s*["'`]$/;
const after = /^\\*["'`]\s*(?:,\s*(?:\\*["'`]|$)|\])/;

/** The argument after a variable, which has its value from elsewhere: `decode(env.JWT_SECRET, "base64")`. */
const argument = /[\w)\]]\s*,\s*[@bLNuU]?["'`]$/;

/** Calls that give a value to a name, which may be a constant: `props.put(DB_PASSWORD, "…")`. */
const giving =
  /(?:put|set\w*|add\w*|define|property|header|env|with\w*|append|store\w*)\(\s*[\w.[\]"'$]+\s*,\s*[@bLNuU]?["'`]$/i;

/** Stands after a name as one word of a list or one argument of many, and not as the name's value. */
export const listed: Screen = {
  name: "listed",
  generic: true,
  objection(suspect) {
    if (argument.test(suspect.before) && !giving.test(suspect.before)) return "is the argument after a variable";
    if (/^[,;:)\]}]["'`]?[\s\w]/.test(suspect.secret)) return "stands between two strings";
    return before.test(suspect.before) && after.test(suspect.after) ? "is one of a list of strings" : undefined;
  },
};
