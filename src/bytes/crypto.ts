/**
 * Node's cryptography, loaded when somebody first asks: it is a fifth of what node loads for a hook, and a push in which
 * nothing is found needs none of it.
 */
export const crypto = (): typeof import("node:crypto") => process.getBuiltinModule("node:crypto");

/** The SHA-256 of a text's UTF-8, in lower-case hex. */
export const sha256 = (text: string): string => crypto().createHash("sha256").update(text).digest("hex");
