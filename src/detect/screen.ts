/**
 * Screens, the named reasons to drop a candidate that its pattern let through, or to doubt it. Those for all rules know what stands in
 * a secret's place; those for generic rules know what else programs are full of. A right checksum passes them all.
 */
import type { Reason } from "../terms.ts";
import { digest } from "./screens/digest.ts";
import { dull } from "./screens/dull.ts";
import { encrypted } from "./screens/encrypted.ts";
import { fragment } from "./screens/fragment.ts";
import { identifier } from "./screens/identifier.ts";
import { listed } from "./screens/listed.ts";
import { login } from "./screens/login.ts";
import { name, pretended, publicKey } from "./screens/name.ts";
import { notation } from "./screens/notation.ts";
import { placeholder } from "./screens/placeholder.ts";
import { specimen } from "./screens/published.ts";
import { expression, reference } from "./screens/reference.ts";
import type { Screen, Suspect } from "./screens/screen.ts";
import { sequence } from "./screens/sequence.ts";

/** Every screen, in the order in which they are asked. */
const screens: readonly Screen[] = [
  placeholder,
  reference,
  encrypted,
  sequence,
  dull,
  specimen,
  expression,
  listed,
  notation,
  fragment,
  login,
  name,
  pretended,
  publicKey,
  digest,
  identifier,
];

/**
 * The first objection that drops a candidate, for `explain`: a dropped one has exactly one reason. Otherwise what
 * speaks against it, the gravest doubt alone: what is a sequence and below the entropy is not twice as harmless.
 */
export function objection(suspect: Suspect): string | Reason | undefined {
  const { rule } = suspect;
  if (rule.unscreened.includes("*")) return undefined;
  let doubt: Reason | undefined;
  for (const screen of screens) {
    if ((screen.generic && !rule.generic) || rule.unscreened.includes(screen.name)) continue;
    const reason = screen.objection(suspect);
    if (typeof reason === "string") return reason;
    if (reason !== undefined && (doubt === undefined || reason.weight < doubt.weight)) doubt = reason;
  }
  return doubt;
}
