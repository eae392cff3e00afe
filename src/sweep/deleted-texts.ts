/**
 * Texts that were deleted on the forge. No list tells of them but one that is asked for by its pages, and that only when
 * none of these has changed. So of each other text in which a secret still stood it is asked whether it is there; how
 * many these are is a matter of findings, not of texts.
 */
import { type Asker, Later, Unreadable } from "../sources/forge.ts";
import type { Skip } from "../terms.ts";
import { isFatal, lastReason } from "./faults.ts";
import type { LotEnd } from "./text-lot.ts";
import { type StandingSecret, type Vanished, vanishedIn } from "./vanished-texts.ts";

/** Questions after which what was answered is put on record. */
const mostQuestions = 500;

/** Questions that may fail, each after some attempts, before a visit asks no more. */
const mostFailures = 5;

/** Tags to ask by next time, by path. */
type Tags = Readonly<Record<string, string>>;

interface Read {
  readonly asker: Asker;
  readonly read: Pick<LotEnd, "notes" | "paths">;
  /** Folders in which nothing was deleted. */
  readonly intact: ReadonlySet<string>;
  readonly etags: Tags;
  /** Texts that were asked for in vain before. */
  readonly unanswered: readonly string[];
}

/**
 * Texts that are to be asked for, in the order of paths. One that was read a moment ago is there, and asked for where
 * this gives a tag that it has not: the next sweep then asks at no cost.
 */
export function textsToAsk(
  secrets: readonly StandingSecret[],
  { asker, read, intact, etags, unanswered }: Read,
): readonly string[] {
  const fresh = new Set(read.paths);
  const paths = new Set<string>();
  for (const { place } of read.notes) for (const { path } of place.occurrences) paths.add(path);
  for (const { occurrences, isNew } of secrets) {
    for (const { path } of occurrences) {
      paths.add(path);
      if (isNew) fresh.add(path);
    }
  }
  const isAskedFor = (path: string): boolean =>
    fresh.has(path)
      ? asker.givesTag(path) && etags[path] === undefined
      : unanswered.includes(path) || !intact.has(path.split("/")[0] ?? "");
  return [...paths].filter(isAskedFor).sort();
}

interface Asking {
  readonly asker: Asker;
  readonly toAsk: readonly string[];
  readonly etags: Tags;
  readonly signal: AbortSignal;
}

/** What the forge said. */
export interface Told {
  readonly vanished: readonly Vanished[];
  readonly etags: Tags;
  readonly faults: readonly Skip[];
  /** Texts of which it did not say. */
  readonly unanswered: readonly string[];
  /** Texts that are still to be asked for. */
  readonly toAsk: readonly string[];
  /** When these can be, where there are some. */
  readonly until?: Date;
}

/**
 * Asks which texts are there. Ends early where the forge asks to wait, and after as many questions as are put on record
 * at once: then `until` says when to go on.
 */
export async function deleted(
  secrets: readonly StandingSecret[],
  { asker, toAsk, etags, signal }: Asking,
): Promise<Told> {
  const answers = new Answers(secrets, etags);
  for (const [index, path] of toAsk.entries()) {
    if (index === mostQuestions) return answers.end(toAsk.slice(index), new Date());
    try {
      await answers.ask(path, asker, signal);
    } catch (error) {
      if (error instanceof Later) return answers.end(toAsk.slice(index), error.until);
      throw error;
    }
  }
  return answers.end([]);
}

/** A text, and whether it was read a moment ago, so that only a tag is wanted. */
interface StandingText {
  readonly url: string | null;
  readonly isNew: boolean;
}

/** What the forge has said so far. */
class Answers {
  readonly #secrets: readonly StandingSecret[];
  readonly #texts = new Map<string, StandingText>();
  readonly #gone = new Set<string>();
  readonly #tags: Map<string, string>;
  /** By their errors, since one of these can be the answer to several questions. */
  readonly #failures = new Map<unknown, Skip>();
  readonly #unanswered: string[] = [];
  #wantsTags = true;

  constructor(secrets: readonly StandingSecret[], etags: Tags) {
    this.#secrets = secrets;
    for (const { occurrences, isNew } of secrets)
      for (const { path, url } of occurrences)
        this.#texts.set(path, { url, isNew: isNew || this.#texts.get(path)?.isNew === true });
    this.#tags = new Map(Object.entries(etags).filter(([path]) => this.#texts.has(path)));
  }

  /** Asks for one text. Throws what is no matter of this one: a limit, a wrong login, the signal's reason. */
  async ask(path: string, asker: Asker, signal: AbortSignal): Promise<void> {
    const text = this.#texts.get(path);
    if (!text || (text.isNew && !this.#wantsTags)) return;
    if (this.#failures.size >= mostFailures) return void this.#unanswered.push(path);
    const etag = this.#tags.get(path);
    try {
      const told = await asker.ask({ path, url: text.url, ...(etag !== undefined && { etag }) }, signal);
      if (!told.isThere) this.#gone.add(path);
      if (told.etag !== undefined) this.#tags.set(path, told.etag);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Later || isFatal(error)) throw error;
      if (text.isNew) {
        this.#wantsTags = false;
        return;
      }
      this.#unanswered.push(path);
      if (error instanceof Unreadable) return; // what is denied is not known to be gone
      const reason = `whether "${path}" is still there: ${lastReason(error)}`;
      this.#failures.set(error, { by: "fault", reason });
    }
  }

  end(toAsk: readonly string[], until?: Date): Told {
    return {
      vanished: vanishedIn(this.#secrets, (_secret, path) => this.#gone.has(path)),
      etags: Object.fromEntries([...this.#tags].filter(([path]) => !this.#gone.has(path))),
      faults: [...this.#failures.values()],
      unanswered: this.#unanswered,
      toAsk,
      ...(until && { until }),
    };
  }
}
