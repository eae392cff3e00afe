/**
 * Who claims what: the meeting point of matches, which know bytes, and places, which know history. Sources ask
 * `holds` which marks a content carries at a place; what was answered is remembered here, so that the runs they
 * trace can be turned into occurrences afterwards.
 */
import { groupBy } from "../bytes/group.ts";
import type { Allowance, Confidence, ContentId, Holds, Mark, Match, Place, Reason, Where } from "../terms.ts";
import { canonical, exposureFingerprint, settingOf } from "./fingerprint.ts";

/** What the detector says of a match at a place. */
export interface Judgement {
  readonly kept: boolean;
  readonly score: number;
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
}

/** A match that was kept at a place. */
interface Kept {
  readonly match: Match;
  readonly judgement: Judgement;
}

/** What a content says of a mark at a place: the best match there, and what allows it and all others there. */
export interface Claim extends Kept {
  readonly allowance?: Allowance;
  /** All matches of the mark there, the best among them. */
  readonly copies: readonly Match[];
}

/** Numbers for secrets, over all sources of one scan: equal secrets have one mark. */
export class Marks {
  readonly #numbers = new Map<string, Mark>();

  /**
   * A secret is known by its canonical bytes, an exposure or file by its fingerprint. `path` counts from the target's root.
   */
  of({ rule, secret }: Match, path: string): Mark {
    const key =
      rule.kind === "secret"
        ? `secret\0${Buffer.from(canonical(secret)).toString("latin1")}`
        : exposureFingerprint({ rule: rule.id, path, setting: settingOf(secret) });
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

export interface ClaimsOptions {
  readonly marks: Marks;
  readonly judge: (match: Match, place: Place) => Judgement;
  /** Put before the path of every file: the folder of a submodule, with its slash. */
  readonly prefix: string;
  /** Paths in which nothing counts. */
  readonly excluded: (path: string) => boolean;
  /** What a file is for its path alone, which counts from the target's root. Absent: nothing. */
  readonly named?: (path: string) => readonly Match[];
}

/** The matches of one source and, once it has been traced, the claims they make. */
export class Claims {
  readonly #options: ClaimsOptions;
  readonly #matches = new Map<ContentId, Match[]>();
  readonly #claims = new Map<string, Claim>();
  /** Excluded paths at which something was matched: left out, but not in silence. */
  readonly left = new Set<string>();

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  add(content: ContentId, matches: readonly Match[]): void {
    const known = this.#matches.get(content);
    if (!known) this.#matches.set(content, [...matches]);
    else for (const match of matches) known.push(match);
  }

  /** The `Holds` of this source. */
  readonly holds: Holds = (content, place) => {
    const { marks, judge, excluded, named } = this.#options;
    const path = this.pathOf(place);
    const matches = this.#matches.get(content) ?? [];
    const all = named !== undefined && place.where === "content" ? [...matches, ...named(path)] : matches;
    if (excluded(place.path)) {
      if (all.length > 0) this.left.add(path);
      return [];
    }
    const kept = all
      .map((match) => ({ match, judgement: judge(match, place) }))
      .filter(({ judgement }) => judgement.kept);
    const byMark = groupBy(kept, ({ match }) => marks.of(match, path));
    for (const [mark, copies] of byMark) this.#claims.set(keyOf(mark, content, place), claimOf(copies));
    return [...byMark.keys()];
  };

  /** The path of a place as reports and fingerprints have it: that of a file counts from the target's root. */
  pathOf({ where, path }: Pick<Place, "where" | "path">): string {
    return inFiles.has(where) ? this.#options.prefix + path : path;
  }

  /** The claim to a mark in a content at a place, once `holds` has been asked about the two. */
  claim(mark: Mark, content: ContentId, place: Place): Claim | undefined {
    return this.#claims.get(keyOf(mark, content, place));
  }
}

/** Where a path is that of a file; elsewhere it is empty or a name. */
const inFiles: ReadonlySet<Where> = new Set<Where>(["content", "path", "config"]);

/**
 * The copy with the highest score, the first of equals, speaks for all. A comment speaks for its own line only: one
 * copy without a comment, or with one for another rule, and the place is not allowed.
 */
function claimOf(copies: readonly Kept[]): Claim {
  const best = copies.reduce((one, other) => (other.judgement.score > one.judgement.score ? other : one));
  const covers = ({ match: { allowance } }: Kept): boolean =>
    allowance !== undefined && (allowance.rule ?? best.match.rule.id) === best.match.rule.id;
  const { allowance } = best.match;
  const matches = copies.map(({ match }) => match);
  return { ...best, copies: matches, ...(allowance && copies.every(covers) && { allowance }) };
}

const keyOf = (mark: Mark, content: ContentId, { where, path }: Place): string =>
  `${mark}\0${content}\0${where}\0${path}`;
