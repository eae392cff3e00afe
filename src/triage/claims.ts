/**
 * Who claims what: the meeting point of matches, which know bytes, and places, which know history. Sources ask
 * `holds` which marks a content carries at a place; what was answered is remembered here, so that the runs they
 * trace can be turned into occurrences afterwards.
 */
import type { Confidence, ContentId, Holds, Mark, Match, Place, Reason } from "../terms.ts";
import { canonical } from "./fingerprint.ts";

/** What the detector says of a match at a place. */
export interface Judgement {
  readonly kept: boolean;
  readonly score: number;
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
}

/** A match that was kept at a place. */
export interface Claim {
  readonly match: Match;
  readonly judgement: Judgement;
}

/** Numbers for secrets, over all sources of one scan: equal secrets have one mark. */
export class Marks {
  readonly #numbers = new Map<string, Mark>();

  /** A secret is known by its canonical bytes; an exposure has none and is known by rule, path and setting. */
  of({ rule, secret }: Match, { path }: Place): Mark {
    const bytes = Buffer.from(canonical(secret)).toString("latin1");
    const key = rule.kind === "secret" ? `secret\0${bytes}` : `exposure\0${rule.id}\0${path}\0${bytes}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

export interface ClaimsOptions {
  readonly marks: Marks;
  readonly judge: (match: Match, place: Place) => Judgement;
  /** Paths in which nothing counts. */
  readonly excluded: (path: string) => boolean;
}

/** The matches of one source and, once it has been traced, the claims they make. */
export class Claims {
  readonly #options: ClaimsOptions;
  readonly #matches = new Map<ContentId, readonly Match[]>();
  readonly #claims = new Map<string, Claim>();

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  add(content: ContentId, matches: readonly Match[]): void {
    this.#matches.set(content, [...(this.#matches.get(content) ?? []), ...matches]);
  }

  /** The `Holds` of this source. */
  readonly holds: Holds = (content, place) => {
    const { marks, judge, excluded } = this.#options;
    if (excluded(place.path)) return [];
    const held = new Set<Mark>();
    for (const match of this.#matches.get(content) ?? []) {
      const judgement = judge(match, place);
      if (!judgement.kept) continue;
      const mark = marks.of(match, place);
      held.add(mark);
      this.#remember(keyOf(mark, content, place), { match, judgement });
    }
    return [...held];
  };

  /** The best claim to a mark in a content at a place: the highest score, then the first in the content. */
  claim(mark: Mark, content: ContentId, place: Place): Claim | undefined {
    return this.#claims.get(keyOf(mark, content, place));
  }

  #remember(key: string, claim: Claim): void {
    const best = this.#claims.get(key);
    if (!best || claim.judgement.score > best.judgement.score) this.#claims.set(key, claim);
  }
}

const keyOf = (mark: Mark, content: ContentId, { where, path }: Place): string =>
  `${mark}\0${content}\0${where}\0${path}`;
