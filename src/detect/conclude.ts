/** From claims to matches: what can only be decided, or told, when all claims on a text are known. */
import { linesAround, positions } from "../bytes/lines.ts";
import { Secret } from "../bytes/secret.ts";
import { touches } from "../bytes/span.ts";
import type { Allowance, Match, Passage, Piece, Span } from "../terms.ts";
import { type AllowComment, allowanceOf, allowComments } from "./allow.ts";
import type { Candidate } from "./candidate.ts";
import type { Claim } from "./claim.ts";
import type { EngineOptions } from "./match.ts";
import { pair } from "./pair.ts";
import { settle } from "./settle.ts";
import type { Sheet } from "./sheet.ts";

/** Where claims stand, and who wants to know of those that come to nothing. */
export interface Conclusion {
  readonly sheet: Sheet;
  readonly piece: Piece;
  readonly onDrop: (candidate: Candidate, objection: string) => void;
  readonly passage?: EngineOptions["passage"];
}

/**
 * The matches that all claims on a sheet come to: parts of one credential joined, quarrels over the same bytes settled,
 * and of what is left whatever touches the fresh spans of the piece.
 */
export function conclude(claims: readonly Claim[], { sheet, piece, onDrop, passage }: Conclusion): Match[] {
  if (claims.length === 0) return [];
  const settled = settle(pair(claims, sheet, onDrop), onDrop).filter(({ rule }) => !rule.component);
  return matchesOf(settled, sheet, { piece, passage });
}

function matchesOf(
  claims: readonly Claim[],
  sheet: Sheet,
  { piece, passage }: Pick<Conclusion, "piece" | "passage">,
): Match[] {
  const { fresh } = piece;
  const inPiece = ({ start, end }: Span): Span => ({ start: sheet.origin(start), end: sheet.origin(end) });
  const isFresh = (claim: Claim): boolean =>
    fresh === undefined || [claim, ...claim.parts].some((part) => touches(inPiece(part.view?.run ?? part), fresh));
  const secretOf = (claim: Claim): Secret =>
    new Secret(claim.view?.secret ?? sheet.bytes.subarray(claim.secret.start, claim.secret.end));
  const kept = claims.filter(isFresh);
  if (kept.length === 0) return [];
  const secretAt = sheet.locate();
  const allowed = allowances(sheet.bytes);
  return kept.map((claim) => {
    const { rule, secret, facts, reasons } = claim;
    const start = secretAt(secret.start);
    const end = secretAt(secret.end);
    const allowance = allowed(claim);
    return {
      rule,
      secret: secretOf(claim),
      at: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
        byteOffset: piece.offset + sheet.origin(secret.start),
      },
      decoded: claim.view?.decoded ?? [],
      components: claim.parts.map((part) => ({
        rule: part.rule.id,
        secret: secretOf(part),
      })),
      facts,
      reasons,
      ...(allowance === undefined ? {} : { allowance }),
      ...(passage === undefined
        ? {}
        : { passage: { ...passage(sheet.bytes, claim, piece.line), ...decodedOf(claim) } }),
    };
  });
}

function decodedOf({ view }: Claim): Pick<Passage, "decoded"> {
  if (view?.passage === undefined) return {};
  const { match, line } = view.passage;
  return { decoded: { match, line } };
}

/**
 * A function from a claim to the comment that allows it. A comment speaks of its own line or of the one below, so that
 * only these lines are read, and those of a text in one long line once.
 */
function allowances(bytes: Uint8Array): (claim: Claim) => Allowance | undefined {
  let read: { own: Span; span: Span; comments: readonly AllowComment[] } | undefined;
  return (claim) => {
    const last = Math.max(claim.start, claim.end - 1);
    if (read === undefined || claim.start < read.own.start || last >= read.own.end) {
      const own = linesAround(bytes, { start: claim.start, end: last }, 0);
      const span = linesAround(bytes, own, 1);
      const lines = bytes.subarray(span.start, span.end);
      read = { own, span, comments: allowComments(lines, positions(lines, home)) };
    }
    const { span, comments } = read;
    if (comments.length === 0) return undefined;
    const lineAt = positions(bytes.subarray(span.start, span.end), home);
    return allowanceOf(comments, {
      rule: claim.rule.id,
      first: lineAt(claim.start - span.start).line,
      last: lineAt(last - span.start).line,
    });
  };
}

/** Lines are counted from the first of those that are read; no column of them matters. */
const home = { line: 1, column: 1 };
