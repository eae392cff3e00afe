import { entropy } from "../../bytes/entropy.ts";
import type { Screen } from "./screen.ts";

/** Less mixed than the rule asks for. */
export const dull: Screen = {
  name: "dull",
  generic: false,
  objection: ({ secret, rule }) =>
    rule.entropy !== undefined && entropy(Buffer.from(secret, "latin1")) < rule.entropy
      ? `is below entropy ${rule.entropy}`
      : undefined,
};
