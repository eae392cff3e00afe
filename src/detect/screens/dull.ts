import { entropy } from "../../bytes/entropy.ts";
import { type Screen, slight } from "./screen.ts";

/** Less mixed than the rule asks for. */
export const dull: Screen = {
  name: "dull",
  generic: false,
  objection: ({ secret, rule }) =>
    rule.entropy !== undefined && entropy(Buffer.from(secret, "latin1")) < rule.entropy
      ? { ...slight(`is below entropy ${rule.entropy}`), weight: -0.45 }
      : undefined,
};
