/**
 * Node's cryptography, loaded when somebody first asks: it is a fifth of what node loads for a hook, and a push in which
 * nothing is found needs none of it.
 */
export const crypto = (): typeof import("node:crypto") => process.getBuiltinModule("node:crypto");
