/**
 * Content → matches, the same for every engine. An engine finds candidates; here they become claims (checksum,
 * screens), find the other parts of their credential, settle who may claim which bytes, and at last, for the few that
 * are left, learn their line and column and become matches. Nothing here sees a path.
 *
 * A piece may be mostly old: only its fresh spans count. Yet whether a fresh match stands may hang on bytes that are
 * not fresh: a stronger claim that overlaps it, or its partner some lines away. So the spans in which candidates are
 * looked for grow around what was found until nothing new comes, and then only matches that touch fresh bytes are
 * kept. What is reported is exactly what a look at the whole piece would report there.
 */
import { linesAround } from "../bytes/lines.ts";
import { merge, subtract, touches } from "../bytes/span.ts";
import { LeaksweepError } from "../errors.ts";
import type { Engine, Match, Passage, Piece, Rule, Rulepack, Span } from "../terms.ts";
import { type Candidate, type Finder, keyOf, type Text } from "./candidate.ts";
import { checksums } from "./checksum/shelf.ts";
import { type Claim, claimOf } from "./claim.ts";
import { conclude } from "./conclude.ts";
import { surroundings } from "./pair.ts";
import { type Sheet, sheetsOf, type View } from "./sheet.ts";
import { behind, DEPTH, type Encoded, type LastRuns, type Run, runsOf } from "./views.ts";

/** What whoever makes an engine may want to know besides matches. */
export interface EngineOptions {
  /** Called for each candidate that comes to nothing, with the one reason; spans count from its text's first byte. */
  readonly onDrop?: (candidate: Candidate, objection: string) => void;
  /** How often a text may be encoded; 0 looks at none that is. */
  readonly decodeDepth?: number;
  /** Makes the passage of each match, from its text, which begins at `line`; without it matches have none. */
  readonly passage?: (text: Uint8Array, match: Span, line: number) => Passage;
}

/** An engine that finds candidates with `finder`. Throws `rule.invalid` for a checksum that nobody knows. */
export function engineOf(rulepack: Rulepack, finder: Finder, options: EngineOptions = {}): Engine {
  const { read } = recognizer(rulepack, finder, options);
  return {
    rulepack,
    match: (piece) =>
      finder.silent?.({ bytes: piece.bytes, first: piece.offset === 0 })
        ? []
        : sheetsOf(piece)
            .flatMap((sheet) => read(sheet, piece))
            .sort(byOffset),
  };
}

/** What came of runs. */
export interface RunMemory {
  /** Claims on the runs of one text, by key. */
  readonly known: Map<string, Claim[]>;
  /** Runs of the same text. */
  readonly last: LastRuns;
  /** Contents of runs of which nothing came, in any text. */
  readonly barren: Set<string>;
}

/** A memory for a new text, with what is known of runs in any. */
export const runMemory = (barren = new Set<string>()): RunMemory => ({ known: new Map(), last: new Map(), barren });

export interface Recognizer {
  /** What is recognised on one sheet of a piece. */
  read(sheet: Sheet, piece: Piece): Match[];
  /**
   * Claims on what is encoded in a text, where it is written.
   *
   * @param memory For who asks more than once; it is added to.
   */
  decoded(text: Text, encoded: Encoded, memory?: RunMemory): Claim[];
}

/** What finds candidates with `finder` and decides on them. Throws `rule.invalid` for a checksum that nobody knows. */
export function recognizer(rulepack: Rulepack, finder: Finder, options: EngineOptions = {}): Recognizer {
  const { onDrop = () => {}, decodeDepth = DEPTH, passage } = options;
  checkRules(rulepack);
  const claimsIn = claimer(rulepack, finder, options);
  const claimsOf = (run: Run, barren: Set<string>): Claim[] => {
    const content = run.content();
    if (barren.has(content)) return [];
    const claims = run.views().flatMap((view) => placed(claimsIn(view, wholeOf(view)), view, passage));
    if (claims.length === 0) remember(barren, content);
    return claims;
  };
  const decoded: Recognizer["decoded"] = (text, encoded, { known, last, barren } = runMemory()) =>
    runsOf(text, encoded, decodeDepth, last).flatMap((run) => {
      const claims = known.get(run.key) ?? claimsOf(run, barren);
      known.set(run.key, claims);
      return claims;
    });
  return {
    decoded,
    read(sheet, piece) {
      const drops: Parameters<typeof onDrop>[] = [];
      let claims = claimsIn(sheet, sheet.spans, (...drop) => void drops.push(drop));
      const runs = [...sheet.spans, ...claims.map(({ secret }) => secret)];
      const marks = behind(decodeDepth > 0 ? finder.marked(sheet, merge(runs)) : []);
      const hidden = decoded(sheet, { runs, marks });
      // What is found undecoded beside the fresh bytes may be stronger than what is found decoded.
      if (hidden.length > 0) claims = claimsIn(sheet, [...sheet.spans, ...hidden.map(({ secret }) => secret)]);
      else for (const drop of drops) onDrop(...drop);
      return conclude([...claims, ...hidden], { sheet, piece, onDrop, passage });
    },
  };
}

/** Claims in a text that touch some spans, or bear on those that do. */
type ClaimsIn = (text: Text, spans: readonly Span[], drop?: NonNullable<EngineOptions["onDrop"]>) => Claim[];

function claimer(rulepack: Rulepack, finder: Finder, { onDrop = () => {} }: EngineOptions): ClaimsIn {
  let found: ReadonlyMap<string, number> | undefined;
  const around = (rule: Rule): number | undefined => {
    found ??= surroundings(rulepack); // all rules are read for it, which a text without a candidate need not pay for
    return found.get(rule.id);
  };
  return (text, spans, drop = onDrop) => {
    const claims: Claim[] = [];
    for (const candidate of candidatesOf(text, spans, { finder, around })) {
      const claim = claimOf(candidate, text);
      if ("objection" in claim) drop(candidate, claim.objection);
      else claims.push(claim);
    }
    return claims;
  };
}

/** The longest run that is remembered, and how many are, at most. */
const mostRemembered = { bytes: 1024, runs: 20_000 };

function remember(barren: Set<string>, content: string): void {
  if (content.length > mostRemembered.bytes) return;
  if (barren.size >= mostRemembered.runs) barren.clear();
  barren.add(content);
}

/**
 * Throws `rule.invalid` for a rule whose checksum nobody knows. Built-in ones are not looked at: all of them would have
 * to be made for it, and the tests make an engine of them all.
 */
function checkRules(rulepack: Rulepack): void {
  for (const { id, checksum } of rulepack.growth?.own ?? rulepack.rules) {
    if (checksum === undefined || checksums.has(checksum)) continue;
    throw new LeaksweepError("rule.invalid", `Cannot use rule "${id}": there is no checksum named "${checksum}"`, {
      hint: `Known are ${[...checksums.keys()].sort().join(", ")}.`,
    });
  }
}

/** Matches by where they stand. */
export const byOffset = (a: Match, b: Match): number =>
  a.at.byteOffset - b.at.byteOffset || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);

const wholeOf = ({ bytes }: Text): readonly Span[] => [{ start: 0, end: bytes.length }];

/** Claims in a view that owe something to its decoding, where they stand in the sheet. */
function placed(
  claims: readonly Claim[],
  { bytes, changed, decoded, run, place }: View,
  passage: EngineOptions["passage"],
): Claim[] {
  return claims
    .filter((claim) => touches(claim, changed))
    .map((claim) => {
      const { secret } = claim;
      const view = {
        decoded,
        run,
        secret: bytes.subarray(secret.start, secret.end),
        ...(passage && { passage: passage(bytes, claim, 0) }),
      };
      return { ...claim, ...place(claim), secret: place(secret), view };
    });
}

/** The candidates that touch the spans, and all that bears on them. */
function candidatesOf(
  sheet: Text,
  spans: readonly Span[],
  { finder, around }: { finder: Finder; around: (rule: Rule) => number | undefined },
): Candidate[] {
  const found = new Map<string, Candidate>();
  let wanted = merge(spans);
  let searched: readonly Span[] = [];
  while (wanted.length > 0) {
    const fresh = finder.candidates(sheet, wanted).filter((candidate) => !found.has(keyOf(candidate)));
    for (const candidate of fresh) found.set(keyOf(candidate), candidate);
    searched = merge([...searched, ...wanted]);
    const beyond = fresh.map((candidate) => {
      const lines = around(candidate.rule);
      return lines === undefined ? candidate : linesAround(sheet.bytes, candidate, lines);
    });
    wanted = subtract(beyond, searched);
  }
  return [...found.values()];
}
