/** Lots of commits, tags and trees: their texts go to the engine, what they say of history into the record. */
import { nameContent } from "../git/history/holding.ts";
import { readCommit, readTag } from "../git/history/objects.ts";
import { TreeWalk } from "../git/history/tree-walk.ts";
import type { Answer, StoredObject } from "../git/object-store.ts";
import type { PackLayout } from "../git/pack/layout.ts";
import type { Engine, Sighting, Skip, Span, Where } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { searchWhole } from "./search.ts";

/** Headers that hold no text of a person's; `author`, `committer` and `tagger` are looked at apart. */
const plainHeaders = new Set(["tree", "parent", "author", "committer", "encoding", "gpgsig", "gpgsig-sha256"]);

/** A lot of commits: message, people, and headers that hold text, such as a merged tag. */
export function commitLot(answers: readonly Answer[], gathered: Gathered): Lot {
  return lotOf(answers, gathered, "commits", function* (engine, { oid, bytes }, object) {
    const commit = readCommit(bytes);
    if (!commit) return "is not a commit that git would read";
    gathered.record.addCommit(object, commit);
    if (gathered.chosen?.[object] === 0) return undefined;
    yield* text(engine, bytes, { content: oid, where: "message", span: { start: commit.message, end: bytes.length } });
    yield* text(engine, bytes, { content: `${oid}:people`, where: "author", span: around(commit.people) });
    if (commit.keys.some((key) => !plainHeaders.has(key))) {
      yield* text(engine, bytes, {
        content: `${oid}:header`,
        where: "message",
        span: { start: 0, end: commit.message },
      });
    }
    return undefined;
  });
}

/** A lot of annotated tags: message and tagger. */
export function tagLot(answers: readonly Answer[], gathered: Gathered): Lot {
  return lotOf(answers, gathered, "texts", function* (engine, { oid, bytes }, object) {
    const tag = readTag(bytes);
    if (!tag) return "is not a tag that git would read";
    gathered.record.addTag(object, tag.object);
    yield* text(engine, bytes, {
      content: oid,
      where: "tag",
      path: tag.name,
      span: { start: tag.message, end: bytes.length },
    });
    yield* text(engine, bytes, { content: `${oid}:people`, where: "author", span: around(tag.people) });
    return undefined;
  });
}

/** A lot of trees: each distinct name of a file or folder is a text. */
export function treeLot(answers: readonly Answer[], gathered: Gathered): Lot {
  return lotOf(answers, gathered, "trees", function* (engine, { bytes }, object) {
    const sightings: Sighting[] = [];
    const whole = gathered.record.addTree(object, bytes, {
      content: (blob) => gathered.matched.has(blob) || gathered.unread.has(blob),
      name: (name) => searchName(engine, name, sightings),
    });
    yield* sightings;
    return whole ? undefined : notATree;
  });
}

const notATree = "is not a tree that git would read";

/** Whether something is recognised in a file name; what it is goes to `sightings`. */
function searchName(engine: Engine, name: Uint8Array, sightings: Sighting[]): boolean {
  const content = nameContent(Buffer.from(name).toString("latin1"));
  const before = sightings.length;
  sightings.push(...searchWhole(engine, content, Uint8Array.from(name)));
  return sightings.length > before;
}

/** Lots of all trees of the packs, family by family. What is left then is for `treeLot`. */
export class TreeFamilies {
  readonly #gathered: Gathered;
  readonly #walk: TreeWalk;
  /** Who searches names, and where what is recognised in them goes, while a lot is read. */
  #search: (name: Uint8Array) => boolean = () => false;

  constructor(gathered: Gathered, packs: readonly PackLayout[]) {
    this.#gathered = gathered;
    const followed = new Uint8Array(gathered.inventory.count);
    for (const blob of [...gathered.matched, ...gathered.unread.keys()]) followed[blob] = 1;
    this.#walk = new TreeWalk(gathered.record, packs, { followed, name: (name) => this.#search(name) });
  }

  *lots(): Iterable<Lot & { readonly stored: number }> {
    for (const lot of this.#walk.lots) {
      const tally = { bytes: 0 };
      const skips: Skip[] = [];
      const search = (engine: Engine): Iterable<Sighting> => {
        const sightings: Sighting[] = [];
        this.#search = (name) => searchName(engine, name, sightings);
        const { bytes, cutShort } = this.#walk.read(lot);
        tally.bytes = bytes;
        const { table } = this.#gathered.inventory;
        for (const tree of cutShort) skips.push({ by: "fault", blob: table.hex(tree), reason: notATree });
        return sightings;
      };
      yield { tally, skips, search, stored: lot.group.bytes };
    }
  }

  /** Object indices of the trees that were in no lot or could not be read there. */
  left(): Int32Array {
    return this.#walk.left();
  }
}

interface TextSpan {
  readonly content: string;
  readonly where: Where;
  readonly path?: string;
  readonly span: Span;
}

function* text(engine: Engine, bytes: Uint8Array, { content, where, path = "", span }: TextSpan): Iterable<Seen> {
  for (const sighting of searchWhole(engine, content, bytes.subarray(span.start, span.end))) {
    yield { ...sighting, where, path };
  }
}

/** The least span that covers all of `spans`: the lines of people stand together. */
function around(spans: readonly Span[]): Span {
  return { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 };
}

/** A sighting in a text, with the place to note it at. Names of files find their places in the trees themselves. */
type Seen = Sighting & { readonly where?: Where; readonly path?: string };

/** Reads one object. What it returns at the end says why it could not be read, if so. */
type ReadObject = (engine: Engine, object: StoredObject, index: number) => Generator<Seen, string | undefined>;

function lotOf(
  answers: readonly Answer[],
  gathered: Gathered,
  kind: "commits" | "texts" | "trees",
  read: ReadObject,
): Lot {
  const skips: Skip[] = [];
  const whole = answers.filter(({ kind, oid }) => kind === "whole" && isChosen(gathered, oid));
  const bytes = whole.reduce((sum, answer) => sum + (answer.kind === "whole" ? answer.size : 0), 0);
  const counted = kind === "trees" ? {} : { texts: whole.length };
  return {
    tally: { bytes, ...counted, ...(kind === "commits" && { commits: whole.length }) },
    skips,
    *search(engine) {
      for (const answer of answers) {
        const object = gathered.inventory.table.indexOf(answer.oid);
        const reason =
          answer.kind === "whole" ? yield* noting(read(engine, answer, object), gathered, object) : reasonOf(answer);
        if (reason !== undefined) skips.push({ by: "fault", ...naming(kind, answer.oid), reason });
      }
    },
  };
}

const isChosen = ({ chosen, inventory }: Gathered, oid: string): boolean =>
  chosen === undefined || chosen[inventory.table.indexOf(oid)] === 1;

/** Passes sightings on and notes those of texts. */
function* noting(
  seen: Generator<Seen, string | undefined>,
  { texts }: Gathered,
  object: number,
): Generator<Sighting, string | undefined> {
  for (let next = seen.next(); ; next = seen.next()) {
    if (next.done) return next.value;
    const { where, path = "", ...sighting } = next.value;
    if (where) texts.push({ content: sighting.content, object, where, path });
    yield sighting;
  }
}

const reasonOf = (answer: Exclude<Answer, StoredObject>): string =>
  answer.kind === "large" ? `is too large to be what it says: ${answer.size} bytes` : answer.reason;

const naming = (kind: string, oid: string): Pick<Skip, "commit" | "blob"> =>
  kind === "commits" ? { commit: oid } : { blob: oid };
