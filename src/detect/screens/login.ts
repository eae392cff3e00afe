import { placeholder } from "./placeholder.ts";
import { grave, type Screen } from "./screen.ts";

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** User and password, readable. */
const pair = /^[\x21-\x39\x3b-\x7e]{1,80}:(?<password>[\x20-\x7e]{1,120})$/;

/** Passwords put together from nothing but such words are examples: `secret-passwd`, `pass@host`. */
const word = /^(?:secret|passw(?:or)?d|pass|pwd|user|host|test|demo|admin|here)$/i;

/** A login in base64, as HTTP Basic and Docker write it, whose password is no secret: `user:pass`, `alice:changeme`. */
export const login: Screen = {
  name: "login",
  generic: true,
  objection(suspect) {
    if (suspect.secret.length < 8 || !base64.test(suspect.secret)) return undefined;
    const text = Buffer.from(suspect.secret, "base64").toString("latin1");
    const password = pair.exec(text)?.groups?.password;
    if (password === undefined) return undefined;
    const words = password.split(/[^A-Za-z]+/).filter((part) => part !== "");
    const made = words.length > 0 && words.every((part) => word.test(part)) && !/\d/.test(password);
    const reason = made ? "is made of such words" : placeholder.objection({ ...suspect, secret: password });
    const told = typeof reason === "string" ? reason : reason?.name;
    return told === undefined ? undefined : grave(`holds a password that ${told}`);
  },
};
