import { matchesGlob } from "../bytes/glob.ts";
import type { Confidence, Match, Place, Reason, Rule } from "../terms.ts";
import { pathReasons, settings } from "./paths.ts";
import { confidenceOf, scoreOf } from "./score.ts";
import { bare } from "./weigh.ts";

/** What a match means at one place. */
export interface Judgement {
  readonly kept: boolean;
  /** Why it is dropped there. */
  readonly objection?: string;
  readonly score: number;
  readonly confidence: Confidence;
  /** All that the score is made of besides the rule's own confidence; those of the match first. */
  readonly reasons: readonly Reason[];
}

/**
 * Judges a match at a place: whether its rule may speak there, and how much it is worth. The same content is judged
 * once for each path it lies at, and a finding takes the best of its places.
 */
export function judge(match: Match, archive: Place): Judgement {
  const { rule } = match;
  const place = inside(archive, match);
  const spot = { weak: isWeak(rule), kind: rule.kind, column: match.at.startColumn };
  const reasons = [
    ...match.reasons,
    ...bareReasons(match, place),
    ...factReasons(match),
    // A rule that is all about paths has said of this one what there is to say.
    ...(rule.kind === "file" ? [] : pathReasons(place.path, spot)),
  ];
  const score = scoreOf(rule.confidence, reasons);
  const judged = { score, confidence: confidenceOf(score), reasons };
  const objection = objectionAt(match, place);
  return objection === undefined ? { ...judged, kept: true } : { ...judged, kept: false, objection };
}

/** Where a match stands as far as a name says what it is: in an archive, the file in there. */
const inside = (place: Place, { member }: Match): Place =>
  member === undefined ? place : { ...place, path: member.slice(member.lastIndexOf("!") + 1) };

/** Rules whose matches stand in tests by the hundred and mean nothing there: tokens signed for a test, open doors. */
const isWeak = ({ generic, kind, provider }: Rule): boolean => generic || kind === "exposure" || provider === "jwt";

/** In files of settings all values stand without quotes, and what counts against one elsewhere is made up for. */
function bareReasons({ reasons }: Match, { path }: Place): Reason[] {
  const isBare = reasons.some(({ name }) => name === bare.name);
  return isBare && settings.test(path) ? [{ name: "as values stand in a file of settings", weight: -bare.weight }] : [];
}

/** Names that lead nowhere (RFC 2606, RFC 6761). */
const reserved = /(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid)$/i;

/** Below medium, whatever the rule: a login at no host. */
const nowhere: Reason = { name: "host reserved for examples", weight: -0.55 };

/** As good as no password: everybody tries it, so those who write it down do not mean to hide it. */
const ownName: Reason = { name: "password is the user's name", weight: -0.3 };

function factReasons({ facts: { host, user }, secret }: Match): Reason[] {
  const reasons = typeof host === "string" && reserved.test(host) ? [nowhere] : [];
  const same = typeof user === "string" && Buffer.from(secret.reveal()).equals(Buffer.from(user));
  return same ? [...reasons, ownName] : reasons;
}

/** Files whose values are ciphertext by their format: state of Aspir8. */
const ciphertexts = /(?:^|\/)aspirate-state\.json$/;

/** Files whose long values are hashes of public packages by their format, whatever stands beside them. */
const hashes =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|go\.sum|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|packages\.lock\.json|flake\.lock|pubspec\.lock|mix\.lock|Podfile\.lock|\.terraform\.lock\.hcl)$/;

function objectionAt({ rule }: Match, { path, where }: Place): string | undefined {
  // A setting that somebody writes about opens no door.
  if (rule.kind === "exposure" && where !== "content") return "is in no file";
  if (rule.paths !== undefined && !(where === "content" && matchesGlob(path, rule.paths))) {
    return "is in no file that this rule knows";
  }
  if (rule.fits !== undefined && !(where === "content" && rule.fits(path))) return "is in no file that this rule knows";
  // A URL with a password is one in a lock file too.
  if (rule.generic && rule.provider === "generic" && hashes.test(path)) return "is in a lock file";
  return rule.generic && ciphertexts.test(path) ? "is encrypted by the format of its file" : undefined;
}
