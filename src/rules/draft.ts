/** Writes the first version of a rule from a token's shape: what `leaksweep rules new` puts into a file. */
import { stringify } from "yaml";
import { readShape } from "./context/shape.ts";

/** What the author of a rule knows. */
export interface Draft {
  readonly provider: string;
  /** The part of the id behind the dot; without it the draft is a row. */
  readonly kind?: string;
  /** What people call the token, or for a row the provider. */
  readonly name: string;
  readonly severity: string;
  /** In the notation of `shape.ts`. */
  readonly shape: string;
  /** Names beside a value that has no form of its own; for rows only. */
  readonly names: readonly string[];
}

/** Shortest literal by which a token can be told from others without a name beside it. */
const MARK = 3;

/** Whether a shape says by itself whose token it is: it holds a literal that an engine can look for. */
export const isMarked = (shape: string): boolean =>
  [...shape.matchAll(/"([^"]+)"/g)].some(([, literal = ""]) => literal.length >= MARK);

/** The YAML of one entry, a list of one. Throws a RangeError for a shape that `readShape` does not know. */
export function writeDraft(draft: Draft): string {
  const shape = readShape(draft.shape);
  if (shape === undefined) throw new RangeError(`"${draft.shape}" is no shape`);
  const { provider, kind, name, severity } = draft;
  if (kind === undefined) {
    const names = draft.names.join() === provider ? {} : { names: draft.names };
    const joined = draft.names.some((one) => one.length < 5) ? { joined: true } : {};
    return stringify([{ provider, title: name, ...names, shape: draft.shape, ...joined, severity }], {
      lineWidth: 120,
    });
  }
  // What may stand in a token must not stand behind it, or the match is only the head of something longer.
  const end = /[A-Za-z0-9]\]\{[^}]*\}$/.test(shape.pattern) ? "\\b" : "(?:[^\\w+/=-]|$)";
  const entry = {
    id: `${provider}.${kind}`,
    name,
    severity,
    confidence: "high",
    pattern: `\\b(?<secret>${shape.pattern})${end}`,
    entropy: shape.entropy,
    revoke: { steps: "Say here where to delete the token, and what to look at afterwards." },
    references: [],
    samples: { generate: `${provider}_${kind}`.toUpperCase().replaceAll("-", "_") },
  };
  return stringify([entry], { lineWidth: 120 });
}
