import { base64 } from "./base64.ts";
import { concatenation } from "./concatenation.ts";
import type { Decoder } from "./decoder.ts";
import { entities } from "./entities.ts";
import { escapes } from "./escapes.ts";
import { folded } from "./folded.ts";
import { hex } from "./hex.ts";
import { percent } from "./percent.ts";
import { quotedPrintable } from "./quoted-printable.ts";

/** Every decoder, in the order in which they are asked. */
export const decoders: readonly Decoder[] = [
  ...base64,
  hex,
  percent,
  escapes,
  entities,
  quotedPrintable,
  concatenation,
  folded,
];
