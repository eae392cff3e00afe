/** Terms: what an engine is shown, and what it recognises there. */
import type { Secret } from "../bytes/secret.ts";
import type { ContentId, Rule, Rulepack, Span } from "./rule.ts";

/** Bytes shown to an engine: a whole content, or a window of one too large to hold at once. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Byte offset of `bytes[0]` in its content. */
  readonly offset: number;
  /** Line and column (1-based, columns in UTF-16 units) of `bytes[0]`. */
  readonly line: number;
  readonly column: number;
  /** What nobody has looked at yet; a match counts only when it touches one of these. Absent: all of it. */
  readonly fresh?: readonly Span[];
}

/** Where in its content a match stands. Lines and columns are 1-based, columns UTF-16 units, the end exclusive. */
export interface Location {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly byteOffset: number;
}

/** One named part of a score. Positive speaks for a leak, negative against. */
export interface Reason {
  readonly name: string;
  readonly weight: number;
}

/** Facts about a secret that need no network: checksum, account, host, encryption, expiry. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Another part of a multi-part credential, found beside its secret. */
export interface Component {
  readonly rule: string;
  readonly secret: Secret;
}

/** A `leaksweep:allow` comment that covers a match. */
export interface Allowance {
  /** Only this rule, when it names one. */
  readonly rule?: string;
  readonly reason?: string;
}

/** A match's surroundings as other scanners reckon them: lines from 1, columns as `foreign/place.ts` says, latin1. */
export interface Passage {
  /** The whole match. */
  readonly match: string;
  /** The lines that it stands on. */
  readonly line: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** Of what is encoded there: the match, and its line, as they are without the encoding. */
  readonly decoded?: { readonly match: string; readonly line: string };
}

/** Rule, span and secret, after pattern, checksum and screens. It knows nothing of paths. */
export interface Match {
  readonly rule: Rule;
  /** The private bytes, decoded; for an exposure the setting that leaves the door open; for a file nothing. */
  readonly secret: Secret;
  readonly at: Location;
  /** Decoders passed on the way, outermost first. */
  readonly decoded: readonly string[];
  /** Path inside an archive or document, when the bytes were a member of one. */
  readonly member?: string;
  readonly components: readonly Component[];
  readonly facts: Facts;
  readonly reasons: readonly Reason[];
  readonly allowance?: Allowance;
  /** Only where somebody asks for it: see `EngineOptions`. */
  readonly passage?: Passage;
}

/** Recognises secrets in bytes. Pure: same bytes, same matches; no I/O, no clock, no path. */
export interface Engine {
  readonly rulepack: Rulepack;
  /** How many containers deep whoever shows it contents is to open them; absent: none. */
  readonly archiveDepth?: number;
  /** Matches that touch the fresh spans of `piece`, ordered by offset; overlapping claims are settled. */
  match(piece: Piece): readonly Match[];
}

/** What an engine recognised in one content. A content without matches has no sighting. */
export interface Sighting {
  readonly content: ContentId;
  readonly matches: readonly Match[];
}
