/**
 * What a forge is to a sweep: lists of what can be read, texts that git does not hold, and who may clone what. The
 * contract is here, `github/` keeps it; a sweep never learns what an API looks like.
 */
import type { Login } from "../git/remote.ts";

/** `repository`, `wiki` and `gist` are cloned. The others are texts of a repository, read through the forge's API. */
export type TargetKind = "repository" | "wiki" | "gist" | TextKind;

export type TextKind = "issues" | "discussions" | "releases" | "actions-logs" | "gist-comments";

/** What is looked up: whose repositories, which people. */
export type ListingKind =
  | "org-repositories"
  | "org-members"
  | "org-collaborators"
  | "repository-contributors"
  | "user-repositories"
  | "user-gists";

/** What is known of a target beside its address. */
export interface Traits {
  readonly fork?: boolean;
  readonly archived?: boolean;
  readonly private?: boolean;
  readonly template?: boolean;
  /** The forge lists it and gives it to nobody: a repository that was taken down. */
  readonly disabled?: boolean;
  readonly wiki?: boolean;
  readonly discussions?: boolean;
}

/** A target as a listing found it. */
export interface FoundTarget {
  /** Stable over renames where the forge has an id; else the address. */
  readonly key: string;
  readonly kind: TargetKind;
  /** `owner/name`; for other surfaces of a repository, with their kind behind a `#`. */
  readonly name: string;
  readonly owner: string;
  /** What git clones, without credentials; for texts what the API calls the repository: `owner/name`, or a gist's id. */
  readonly url: string;
  /** Page for people. */
  readonly web?: string;
  /** Key of the repository that this one is a fork of, or that the texts belong to. */
  readonly parent?: string;
  readonly traits: Traits;
  readonly kilobytes?: number;
  /** When the forge last saw a push, as it says it. */
  readonly pushed?: string;
}

export interface ListingPage {
  readonly targets: readonly FoundTarget[];
  /** Logins of people, where people were asked for. */
  readonly people: readonly string[];
  /** How many more people there are whom the forge knows by no account. */
  readonly nameless?: number;
  /**
   * Of so many addresses in the whole list the forge looks for accounts; those beyond may have some. Absent: of all. An
   * account can have several addresses.
   */
  readonly mostNamed?: number;
  /** Address of the next page; absent after the last. */
  readonly next?: string;
  /** How many there are in all, where the forge says so. */
  readonly stated?: number;
}

/** One text that somebody wrote on a forge. */
export interface ForgeText {
  /** Unique within its target: `12/comments/345.md`. */
  readonly path: string;
  readonly body: string;
  readonly url: string;
  readonly author: string;
  /** RFC 3339. */
  readonly date: string;
}

/** Some texts, and how to go on after them. Whoever has stored both has lost nothing. */
export interface TextPage {
  readonly texts: readonly ForgeText[];
  /** The very one of the page before where only a later page can be gone on from. */
  readonly cursor: TextCursor;
  /** What was to be read on the way and could not be. */
  readonly faults: readonly string[];
  /** What is there no more, such as a log that expired. */
  readonly passed: readonly string[];
  /** Folder whose texts are all as they were where the cursor came from: none is new, written anew or deleted. */
  readonly intact?: string;
}

/** A text that was read, by its path. */
export interface ReadText extends Pick<ForgeText, "path"> {
  readonly url: string | null;
  /** Of the last answer to this question. */
  readonly etag?: string;
}

export interface Standing {
  readonly isThere: boolean;
  /** To ask by next time. */
  readonly etag?: string;
}

export interface Asker {
  /** Asks whether one text is still there. Throws `Unreadable` where the forge does not say. */
  ask(text: ReadText, signal: AbortSignal): Promise<Standing>;
  /** Whether the answer for a text has a tag, and the text will be asked for often enough for one to be of use. */
  givesTag(path: string): boolean;
}

/** Where reading of a target's texts stands. Opaque to all but the forge that made it. */
export type TextCursor = Readonly<Record<string, string>>;

export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly reset: Date;
}

export interface Forge {
  /** One page of a listing: the first, or the one at `next`. */
  list(kind: ListingKind, subject: string, options: { next?: string; signal: AbortSignal }): Promise<ListingPage>;
  /** Texts that are new since `cursor`, page by page. With nothing new this costs one conditional request a stream. */
  texts(target: { kind: TextKind; url: string }, cursor: TextCursor, signal: AbortSignal): AsyncIterable<TextPage>;
  /** Whether texts of a target that were read are still there. */
  standing(target: { kind: TextKind; url: string }): Asker;
  /** Commits that a force push or the deletion of a branch left behind in a repository. */
  lostHeads(
    repository: string,
    cursor: TextCursor,
    signal: AbortSignal,
  ): Promise<{ ids: readonly string[]; cursor: TextCursor }>;
  /** Whether the forge has a commit of a repository, wherever in it. Throws where it does not say. */
  hasCommit(repository: string, id: string, signal: AbortSignal): Promise<boolean>;
  /** Key of the repository that a fork was made from, where the forge says it. */
  parentOf(repository: string, signal: AbortSignal): Promise<string | undefined>;
  /** What git needs to clone `url`; nothing for an address that is not this forge's own. */
  loginFor(url: string, signal: AbortSignal): Promise<Login | undefined>;
  rateLimit(signal: AbortSignal): Promise<RateLimit | undefined>;
  /** How many requests were sent so far. */
  readonly calls: () => number;
}

/** Thrown when something can't be read now and trying again at once won't help. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Thrown when there is nothing to be read, and that is as it should be: a wiki that nobody wrote. */
export class Absent extends Error {
  override readonly name = "Absent";
}

/** Thrown instead of waiting long: whoever asked can do other work until then. */
export class Later extends Error {
  override readonly name = "Later";
  readonly until: Date;

  constructor(until: Date, reason: string) {
    super(reason);
    this.until = until;
  }
}
