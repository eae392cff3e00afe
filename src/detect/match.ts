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
import { Secret } from "../bytes/secret.ts";
import { merge, subtract, touches } from "../bytes/span.ts";
import { LeaksweepError } from "../errors.ts";
import type { Engine, Match, Piece, Rulepack, Span } from "../terms.ts";
import { allowanceOf, allowComments } from "./allow.ts";
import { type Candidate, type Find, keyOf } from "./candidate.ts";
import { checksums } from "./checksum/shelf.ts";
import { type Claim, claimOf } from "./claim.ts";
import { pair, surroundings } from "./pair.ts";
import { settle } from "./settle.ts";
import { type Sheet, sheetsOf } from "./sheet.ts";

/** What `explain` listens to. */
export interface EngineOptions {
  /** Called for each candidate that comes to nothing, with the one reason; spans count from its text's first byte. */
  readonly onDrop?: (candidate: Candidate, objection: string) => void;
}

/** An engine that finds candidates with `find`. Throws `rule.invalid` for a checksum that nobody knows. */
export function engineOf(rulepack: Rulepack, find: Find, { onDrop = () => {} }: EngineOptions = {}): Engine {
  for (const { id, checksum } of rulepack.rules) {
    if (checksum === undefined || checksums.has(checksum)) continue;
    throw new LeaksweepError("rule.invalid", `Cannot use rule "${id}": there is no checksum named "${checksum}"`, {
      hint: `Known are ${[...checksums.keys()].sort().join(", ")}.`,
    });
  }
  const around = surroundings(rulepack);
  const claimsOf = (sheet: Sheet): Claim[] => {
    const claims: Claim[] = [];
    for (const candidate of candidatesOf(sheet, find, around)) {
      const claim = claimOf(candidate, sheet);
      if ("objection" in claim) onDrop(candidate, claim.objection);
      else claims.push(claim);
    }
    return settle(pair(claims, sheet, onDrop), onDrop).filter(({ rule }) => !rule.component);
  };
  return {
    rulepack,
    match: (piece) =>
      sheetsOf(piece)
        .flatMap((sheet) => matchesOf(claimsOf(sheet), sheet, piece))
        .sort(byOffset),
  };
}

const byOffset = (a: Match, b: Match): number =>
  a.at.byteOffset - b.at.byteOffset || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);

/** The candidates that touch the sheet's spans, and all that bears on them. */
function candidatesOf(sheet: Sheet, find: Find, around: ReadonlyMap<string, number>): Candidate[] {
  const found = new Map<string, Candidate>();
  let wanted = merge(sheet.spans);
  let searched: readonly Span[] = [];
  while (wanted.length > 0) {
    const fresh = find(sheet, wanted).filter((candidate) => !found.has(keyOf(candidate)));
    for (const candidate of fresh) found.set(keyOf(candidate), candidate);
    searched = merge([...searched, ...wanted]);
    const beyond = fresh.map((candidate) => {
      const lines = around.get(candidate.rule.id);
      return lines === undefined ? candidate : linesAround(sheet.bytes, candidate, lines);
    });
    wanted = subtract(beyond, searched);
  }
  return [...found.values()];
}

/** The claims that touch what is fresh in the piece, as matches. */
function matchesOf(claims: readonly Claim[], sheet: Sheet, piece: Piece): Match[] {
  const { fresh } = piece;
  const inPiece = ({ start, end }: Span): Span => ({ start: sheet.origin(start), end: sheet.origin(end) });
  const isFresh = (claim: Claim): boolean =>
    fresh === undefined || [claim, ...claim.parts].some((part) => touches(inPiece(part), fresh));
  const kept = claims.filter(isFresh);
  if (kept.length === 0) return [];
  const secretAt = sheet.locate();
  const coverAt = sheet.locate();
  const lineAt = (offset: number) => coverAt(offset).line;
  const comments = allowComments(sheet.bytes, sheet.locate());
  return kept.map((claim) => {
    const { rule, secret, facts, reasons } = claim;
    const start = secretAt(secret.start);
    const end = secretAt(secret.end);
    // Lines of the whole match are only counted when there is a comment: matches overlap, and counting goes forward.
    const allowance =
      comments.length === 0
        ? undefined
        : allowanceOf(comments, {
            rule: rule.id,
            first: lineAt(claim.start),
            last: lineAt(Math.max(claim.start, claim.end - 1)),
          });
    return {
      rule,
      secret: new Secret(sheet.bytes.subarray(secret.start, secret.end)),
      at: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
        byteOffset: piece.offset + sheet.origin(secret.start),
      },
      decoded: [],
      components: claim.parts.map((part) => ({
        rule: part.rule.id,
        secret: new Secret(sheet.bytes.subarray(part.secret.start, part.secret.end)),
      })),
      facts,
      reasons,
      ...(allowance === undefined ? {} : { allowance }),
    };
  });
}
