/**
 * From what a CI system says to what must be judged: everything that the new commit reaches and nothing that was there
 * before does. Where it can't be told what was there before, more is judged and never less; a pull request whose
 * target is not in the checkout is refused, since all of its history would come out as new.
 */
import { LeaksweepError } from "../../errors.ts";
import type { Repository } from "../../git/repository.ts";
import { branchRef, type CiEvent } from "./event.ts";

/** What a run has to judge. */
export interface CiRange {
  /** The new commit or tag, as an id, and the name that it goes by. */
  readonly head: string;
  readonly ref: string;
  /** Ids of commits that were there before; none when all that `head` reaches is to be judged. */
  readonly known: readonly string[];
  /** Commit whose config, baseline and allow entries hold. Absent: those of the checkout do. */
  readonly trusted?: string;
  /** What somebody who reads the log should know about the choice, in sentences. */
  readonly notes: readonly string[];
}

export interface RangeFlags {
  /** Revisions that somebody typed: they outrank what the environment says. */
  readonly base?: string;
  readonly head?: string;
  /** What a shallow checkout holds is all that is to be judged, if need be. */
  readonly allowShallow?: boolean;
}

/**
 * The range of an event. Throws "ci.no-range" when the commit to judge or the target of a pull request is not here, or
 * nothing of what was there before a push to a shallow checkout; and "usage.invalid" for a flag that names nothing.
 */
export async function rangeOf(repository: Repository, event: CiEvent, flags: RangeFlags = {}): Promise<CiRange> {
  const checkout = new Checkout(repository);
  const head = await headOf(checkout, event, flags);
  const ref = event.ref ?? "HEAD";
  if (flags.base !== undefined) {
    const base = await typed(checkout, "--base", flags.base);
    return { head, ref, known: [base], trusted: base, notes: [] };
  }
  const asks = event.kind === "pull-request" || event.kind === "merge-queue";
  if (asks) return mergeRange(checkout, event, { head, ref });
  const range = await pushRange(checkout, event, { head, ref });
  if (range.known.length > 0 || flags.allowShallow || !(await checkout.isShallow())) return range;
  throw unknown("what was there before is not in this checkout, which is shallow");
}

/** Answers about the checkout that CI made. Names are looked up among its refs and never sent anywhere. */
class Checkout {
  readonly #repository: Repository;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Id of what `name` means, a tag where it names one; `undefined` where it is not here. */
  async id(name: string, kind = "object"): Promise<string | undefined> {
    if (name.startsWith("-")) return undefined;
    const ask = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{${kind}}`];
    const id = (await this.#repository.git.run(ask, { okCodes: [0, 1, 128] })).trim();
    return id === "" ? undefined : id;
  }

  /** Those of `names` that are commits here, as ids. */
  async commits(names: readonly (string | undefined)[]): Promise<string[]> {
    const ids = await Promise.all(names.map((name) => (name === undefined ? undefined : this.id(name, "commit"))));
    return [...new Set(ids.filter((id) => id !== undefined))];
  }

  /** Names of branches of `origin` that may be the main one, the likeliest first, without `refs/…`. */
  async likelyMains(): Promise<string[]> {
    const ask = ["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"];
    const said = (await this.#repository.git.run(ask, { okCodes: [0, 1, 128] })).trim();
    return [...(said === "" ? [] : [said.replace("refs/remotes/origin/", "")]), "main", "master"];
  }

  /** Whether its history is cut off, by what git says now: it may have been fetched a moment ago. */
  async isShallow(): Promise<boolean> {
    return (await this.#repository.git.run(["rev-parse", "--is-shallow-repository"])).trim() === "true";
  }

  /** Parents of a commit that is here, as it says itself, whether they are here or not. */
  async parents(commit: string): Promise<string[]> {
    const text = await this.#repository.git.run(["cat-file", "commit", commit]);
    return [
      ...text
        .split("\n\n", 1)
        .join()
        .matchAll(/^parent ([0-9a-f]+)$/gm),
    ].map(([, id = ""]) => id);
  }
}

async function typed(checkout: Checkout, flag: string, name: string): Promise<string> {
  const id = await checkout.id(name, "commit");
  if (id !== undefined) return id;
  throw new LeaksweepError("usage.invalid", `Cannot resolve ${flag} "${name}": it names no commit of this checkout`, {
    hint: "Fetch it first, or name a branch, tag or commit that is here.",
  });
}

async function headOf(checkout: Checkout, event: CiEvent, flags: RangeFlags): Promise<string> {
  if (flags.head !== undefined) return typed(checkout, "--head", flags.head);
  // An annotated tag has a message of its own, so the tag is judged and not only its commit.
  const tag = event.kind === "tag" && event.ref !== undefined ? await checkout.id(event.ref) : undefined;
  const head = tag ?? (await checkout.id(event.head ?? "HEAD"));
  if (head !== undefined) return head;
  throw unknown(`its commit ${event.head ?? "HEAD"} is not in this checkout`);
}

interface Head {
  readonly head: string;
  readonly ref: string;
}

/** What a merge would bring into its target. */
async function mergeRange(checkout: Checkout, event: CiEvent, { head, ref }: Head): Promise<CiRange> {
  const target = event.target ?? (await mainOf(checkout, event))?.name;
  // What a forge merged for us to test has the target's newest commit as its other parent.
  const merge = await checkout.id("HEAD", "commit");
  const parents = merge === undefined || merge === head ? [] : await checkout.parents(merge);
  const ours = parents.includes(head) ? await checkout.commits(parents.filter((parent) => parent !== head)) : [];
  const tracked = await checkout.commits(target === undefined ? [] : [tracking(target)]);
  const before = await checkout.commits(event.before);
  const known = [...new Set([...ours, ...tracked, ...before])];
  const [trusted] = known;
  if (trusted !== undefined) return { head, ref, known, trusted, notes: [] };
  throw unknown(`its target ${target === undefined ? "" : `"${target}" `}is not in this checkout`);
}

/** What a push or a tag adds to what its branch had, or to the main branch where it had nothing. */
async function pushRange(checkout: Checkout, event: CiEvent, { head, ref }: Head): Promise<CiRange> {
  const before = await checkout.commits(event.before);
  const gone = event.before.filter((id) => !before.includes(id));
  const notes = gone.map((id) => `What was there before (${id.slice(0, 7)}) is not in this checkout.`);
  const main = await mainOf(checkout, event);
  // Another branch than the main one is no measure: two branches pushed together would each clear the other.
  const known = main === undefined || isMain(event, main) ? before : [...new Set([...before, main.id])];
  if (known.length > 0) return { head, ref, known, notes };
  return { head, ref, known, notes: [...notes, "Nobody says what was there before, so all of its history is judged."] };
}

interface Main {
  /** Without `refs/heads/`. */
  readonly name: string;
  readonly id: string;
}

/** The repository's main branch as this checkout knows it: the one the CI system names, else what `origin/HEAD` says. */
async function mainOf(checkout: Checkout, { main }: CiEvent): Promise<Main | undefined> {
  for (const name of main === undefined ? await checkout.likelyMains() : [main]) {
    const [id] = await checkout.commits([tracking(name)]);
    if (id !== undefined) return { id, name };
  }
  return undefined;
}

/** Whether the pushed branch is the main one, or could be: nothing of it was there before itself. */
const isMain = ({ ref }: CiEvent, { name }: Main): boolean => ref === undefined || ref === branchRef(name);

const tracking = (branch: string): string => `refs/remotes/origin/${branch}`;

function unknown(why: string): LeaksweepError {
  return new LeaksweepError("ci.no-range", `Cannot tell what this run adds: ${why}`, {
    hint: "Check out the whole history, let `leaksweep ci --fetch` get what is missing, or name it: --base, --head.",
  });
}
