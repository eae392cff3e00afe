/**
 * Every noun of the glossary, once. Types only: nothing here runs.
 *
 * The road of a byte, and the contract at each step:
 *
 *   Source --batches--> Batch --search(engine)--> Sighting --trace(holds)--> Trace --triage--> Finding
 *
 * A source never learns what a rule is and the engine never learns where bytes came from. They meet in two small
 * contracts. `Batch.search` lets a batch show an engine every span that nobody has looked at yet. `Source.trace` asks
 * one function, `Holds`, which marks a content carries at a place, and answers with the history of each mark.
 */
import type { Gate } from "./bytes/gate.ts";
import type { NamedFiles } from "./bytes/named-files.ts";
import type { Secret } from "./bytes/secret.ts";

/** Half-open range of byte offsets: `start` is in it, `end` is not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

// ---------------------------------------------------------------- rules

export type Severity = "critical" | "high" | "medium" | "low";
export type Confidence = "high" | "medium" | "low";
/** Names a content for the source it came from (an object id, a path). Opaque elsewhere. */
export type ContentId = string;

/** Where a pattern matched inside the text it was given; offsets are indices into that text. */
export interface PatternMatch extends Span {
  readonly groups: Readonly<Record<string, Span>>;
}

/** A pattern that is ready to run, on whichever regular-expression engine is safe for it. */
export interface Pattern {
  /** As written in the rule, `¦` removed. */
  readonly source: string;
  /** The most bytes of a match that can lie before the start of a keyword in it, and after that start. */
  readonly reach: { readonly before: number; readonly after: number };
  /** Absent where the pattern gives no such condition. */
  readonly gate?: Gate;
  /** The first match in `text` (bytes read as latin1) that starts at `from` or later. */
  exec(text: string, from: number): PatternMatch | undefined;
}

/** The other part of a multi-part credential: a match of `rule` at most `lines` lines away. */
export interface Near {
  readonly rule: string;
  readonly lines: number;
  /** Without it the match is dropped (`true`) or only scores lower (`false`). */
  readonly required: boolean;
}

export interface Rule {
  /** `provider.kind`, never renamed. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** A `secret` has private bytes; an `exposure` is a door left open, without any; a `file` is one for its path alone. */
  readonly kind: "secret" | "exposure" | "file";
  readonly severity: Severity;
  /** How sure the pattern alone makes us; reasons add to and take from it. */
  readonly confidence: Confidence;
  /** A generic rule gives way to any other that claims overlapping bytes. */
  readonly generic: boolean;
  /** Made from a row: a provider's name near a value of a shape. It counts as coverage of a provider, not as a rule. */
  readonly context?: boolean;
  /** Lower-case latin1 literals, one of which stands inside every match. */
  readonly keywords: readonly string[];
  readonly pattern: Pattern;
  /** Name of a function in `detect/checksum/`. */
  readonly checksum?: string;
  /** Minimum Shannon entropy of the secret, bits per byte. */
  readonly entropy?: number;
  readonly near?: Near;
  /** Globs; the rule speaks only of files whose path matches one. */
  readonly paths?: readonly string[];
  /** A test of paths that globs cannot tell: the rule speaks only of files that pass. */
  readonly fits?: (path: string) => boolean;
  /** It competes with no other rule for the bytes of a secret. */
  readonly alone?: boolean;
  /** What it finds is made to be seen by everybody. */
  readonly public?: boolean;
  /** It is found only to complete another rule's credential. */
  readonly component: boolean;
  /** Screens that do not apply, by name: a rule whose secrets look like what a screen drops. `*`: none does. */
  readonly unscreened: readonly string[];
  readonly revoke?: { readonly url?: string; readonly steps?: string } | undefined;
  readonly references: readonly string[];
}

/** Rules compiled together. */
export interface Rulepack {
  readonly rules: readonly Rule[];
  /** One of them by its place, where a rule can be made without the others. */
  readonly at?: (place: number) => Rule | undefined;
  /** Hex digest over all that decides what is found. */
  readonly hash: string;
}

// ---------------------------------------------------------------- detection

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

// ---------------------------------------------------------------- sources

/** Something that was meant to be read and was not. */
export interface Skip {
  readonly path?: string;
  readonly blob?: string;
  readonly commit?: string;
  /** `policy`: the user excluded it. `fault`: everything else; the run is incomplete. */
  readonly by: "policy" | "fault";
  readonly reason: string;
}

/** Counts that prove what was covered; `bytes` is the size of all contents read. */
export interface Tally {
  readonly commits: number;
  readonly blobs: number;
  readonly files: number;
  readonly texts: number;
  readonly bytes: number;
}

/** One lot of contents on its way to the engine: some files, some objects, or a family of deltas in a pack. */
export interface Batch {
  /** What is in this lot, for the result's tally. */
  readonly tally: Partial<Tally>;
  /** What of this lot could not be read. Complete once `search` has ended. */
  readonly skips: readonly Skip[];
  /** Share of the whole source that is done when this lot is, 0 to 1. */
  readonly progress: number;
  /** Shows `engine` every span that it has not seen, each content once. */
  search(engine: Engine): Iterable<Sighting> | AsyncIterable<Sighting>;
}

export type Where = "content" | "message" | "tag" | "note" | "path" | "ref" | "author" | "config";

/** One place where a content lies. */
export interface Place {
  readonly where: Where;
  /** Relative to the target's root, `/`-separated, latin1 bytes decoded as UTF-8. Empty when nobody knows. */
  readonly path: string;
}

/** Stands for one secret (or one exposure) in a trace. Numbers are given out by the asker; sources only carry them. */
export type Mark = number;

/** Which marks a content carries when it lies at `place`: matches, less what is dropped there. Pure. */
export type Holds = (content: ContentId, place: Place) => readonly Mark[];

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A commit as a reader wants it: who and when. `date` is RFC 3339 with the author's own offset. */
export interface CommitInfo {
  readonly commit: string;
  readonly date: string;
  readonly author: Person;
}

export type Status = "present" | "removed" | "unreachable" | "uncommitted";

/** One version of a content at a path. `commit` is absent outside history. */
export interface Version {
  readonly commit?: string;
  readonly content: ContentId;
  /** Set where the content is a git blob. */
  readonly blob?: string;
}

/** One mark at one place over an unbroken run of versions. */
export interface Run extends Place {
  readonly first: Version;
  readonly last: Version;
  readonly versions: number;
  readonly status: Status;
}

/** All that a source knows of one mark. */
export interface Trace {
  readonly status: Status;
  /** Earliest commit whose tree holds the mark while no parent's does. */
  readonly introduced?: CommitInfo;
  /** Commit that took it from the last path; absent while it is present. */
  readonly removed?: CommitInfo;
  /** From where the newest run can be reached; sorted, at most 20. */
  readonly refs: readonly string[];
  readonly runs: readonly Run[];
}

/** A way to read one target. */
export interface Source {
  /** For progress and messages: "history", "working tree". */
  readonly label: string;
  /**
   * Every content of the target, each once; `trace` tells of those that lie where `named` has a file, too. Throws
   * `LeaksweepError` when it cannot begin.
   */
  batches(signal: AbortSignal, named?: NamedFiles): AsyncIterable<Batch>;
  /** Where each mark is and was. Call once, after the last batch. */
  trace(holds: Holds, signal: AbortSignal): Promise<Traced>;
}

export interface Traced {
  readonly marks: ReadonlyMap<Mark, Trace>;
  readonly skips: readonly Skip[];
}

/** A match at a place, as the files of other scanners judge it. */
export interface Placed {
  readonly match: Match;
  /** Of the file, from the target's root. */
  readonly path: string;
  readonly where: Where;
  /** The commit that brought it in; absent outside history. */
  readonly commit?: string;
}

/** What a file of another scanner says of a match at a place: why it is allowed, or nothing. Pure. */
export type Permit = (placed: Placed) => Allowance | undefined;

// ---------------------------------------------------------------- result

export type Verdict = "new" | "known" | "allowed";
export type Liveness = "unchecked" | "live" | "dead" | "unknown";

/** One secret at one (where, path, member) over an unbroken run of versions. */
export interface Occurrence extends Location {
  readonly path: string;
  readonly where: Where;
  readonly first: { readonly commit: string | null; readonly blob: string | null };
  readonly last: { readonly commit: string | null; readonly blob: string | null };
  readonly versions: number;
  readonly commit: string | null;
  readonly blob: string | null;
  readonly status: Status;
  readonly decoded: readonly string[];
  readonly member: string | null;
  readonly url: string | null;
}

/** All occurrences of one secret. */
export interface Finding {
  readonly fingerprint: string;
  readonly rule: Rule;
  /** Only of a rule for secrets. */
  readonly secret?: Secret;
  readonly confidence: Confidence;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly verdict: Verdict;
  /** Why it is known or allowed, when somebody said. */
  readonly verdictReason?: string;
  readonly status: Status;
  readonly liveness: Liveness;
  /** Why it is unknown, or why nobody asked, when somebody wanted to. */
  readonly livenessReason?: string;
  readonly facts: Facts;
  readonly introduced?: CommitInfo;
  readonly removed?: CommitInfo;
  readonly refs: readonly string[];
  readonly components: readonly Component[];
  readonly occurrences: readonly Occurrence[];
}

/** One accepted secret: a line of a baseline. */
export interface BaselineEntry {
  readonly fingerprint: string;
  /** Id of the rule that found it, for readers; `-` where nobody knows. The fingerprint alone decides. */
  readonly rule: string;
  /** `known`: it was there when somebody first looked. `allowed`: somebody looked at this one and accepted it. */
  readonly state: "known" | "allowed";
  /** Who answers for it: one word, mostly an address. */
  readonly owner?: string;
  /** Last day (UTC, `YYYY-MM-DD`) on which it is accepted; absent: for good. */
  readonly until?: string;
  readonly reason?: string;
}

/** What is the matter between a baseline of so many entries and the findings of a run. */
export interface BaselineAudit {
  readonly entries: number;
  /** Accepted, and met nowhere by a run that read everything; empty for a run that cannot tell. */
  readonly stale: readonly BaselineEntry[];
  /** Accepted until a day that is over. */
  readonly expired: readonly BaselineEntry[];
}

export interface Target {
  readonly kind: "git" | "dir" | "stdin" | "staged" | "push" | "sweep";
  readonly path: string;
  readonly url: string | null;
  readonly range: string | null;
}

/** What one run found and what it covered. Reporters render it; nothing in it prints a secret by accident. */
export interface Result {
  readonly target: Target;
  readonly rules: string;
  /** No skip by fault. */
  readonly complete: boolean;
  readonly tally: Tally & { readonly skipped: number; readonly seconds: number };
  readonly skips: readonly Skip[];
  readonly findings: readonly Finding[];
  readonly baseline?: BaselineAudit;
  /** When an earlier run read all of it, RFC 3339; nothing has changed since. */
  readonly remembered?: string;
}
