import { latin1 } from "../bytes/text.ts";
import type { Facts, Passage, Reason, Rule, Span } from "../terms.ts";
import type { Candidate, Text } from "./candidate.ts";
import { checksums } from "./checksum/shelf.ts";
import { bareHost, hostScope } from "./facts/host.ts";
import { urlFacts } from "./facts/url.ts";
import { checksumValid, checksumWrong } from "./score.ts";
import { objection } from "./screen.ts";
import { grave, type Suspect } from "./screens/screen.ts";
import { weigh } from "./weigh.ts";

/** A candidate that passed its checksum and all screens. Spans count from the first byte of its text. */
export interface Claim extends Candidate {
  /** The private bytes alone; of an exposure the setting that leaves the door open. */
  readonly secret: Span;
  readonly facts: Facts;
  readonly reasons: readonly Reason[];
  /** Other parts of its credential. */
  readonly parts: readonly Claim[];
  /** Set where it was found in a run without its encoding: spans are then those of what is written. */
  readonly view?: {
    readonly decoded: readonly string[];
    readonly run: Span;
    /** The private bytes, decoded. */
    readonly secret: Uint8Array;
    /** Its passage in that text, for whoever wants to know. */
    readonly passage?: Passage;
  };
}

/** Bytes of the secret's own line that screens see, before and after it. */
export const CONTEXT = { before: 200, after: 100 };

/** The claim of a candidate, or why it has none. */
export function claimOf(candidate: Candidate, { bytes }: Text): Claim | { readonly objection: string } {
  const { rule, groups } = candidate;
  const secret = groups.secret ?? { start: candidate.start, end: candidate.end };
  const text = latin1(bytes, secret.start, secret.end);
  const verdict = rule.checksum === undefined ? undefined : checksums.get(rule.checksum);
  const checked = verdict?.check(text);
  const proven = checked?.state === "valid" && verdict?.raises === true;
  // What its provider issued is no placeholder, whatever words the chance of its letters makes.
  const suspect = suspectOf(rule, text, { bytes, secret });
  const doubt = proven || rule.kind !== "secret" ? undefined : objection(suspect);
  if (typeof doubt === "string") return { objection: doubt };
  const wrong = checked?.state === "invalid" && verdict?.lowers === true;
  const state: Facts = checked === undefined || verdict?.raises !== true ? {} : { checksum: checked.state };
  return {
    ...candidate,
    secret,
    facts: {
      ...factsOf({ ...urlFacts(suspect.before, suspect.after), ...named(bytes, groups) }),
      ...checked?.facts,
      ...state,
    },
    reasons: [
      ...(proven ? [checksumValid] : wrong ? [checksumWrong] : []),
      ...(rule.public ? [grave("is made to be seen")] : []),
      ...(doubt === undefined ? [] : [doubt]),
      ...weigh(suspect),
    ],
    parts: [],
  };
}

function suspectOf(rule: Rule, text: string, { bytes, secret }: { bytes: Uint8Array; secret: Span }): Suspect {
  const before = latin1(bytes, Math.max(0, secret.start - CONTEXT.before), secret.start);
  const after = latin1(bytes, secret.end, Math.min(bytes.length, secret.end + CONTEXT.after));
  return {
    rule,
    secret: text,
    before: before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1),
    after: after.split(/[\r\n]/, 1)[0] ?? "",
  };
}

/** What the pattern named besides the secret: user, host, account. */
function named(bytes: Uint8Array, groups: Candidate["groups"]): Facts {
  const others = Object.entries(groups).filter(([name, { start, end }]) => name !== "secret" && end > start);
  return Object.fromEntries(
    others.map(([name, { start, end }]) => [name, Buffer.from(bytes.subarray(start, end)).toString("utf8")]),
  );
}

/** With a host, where it can be reached from. */
function factsOf(facts: Facts): Facts {
  if (facts.host === undefined) return facts;
  const host = bareHost(String(facts.host));
  return { ...facts, host, hostScope: hostScope(host) };
}
