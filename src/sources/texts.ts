/** Lots of commits, tags and trees: their texts go to the engine, what they say of history into the record. */
import { nameContent } from "../git/history/holding.ts";
import { type CommitHeader, readCommit, readTag } from "../git/history/objects.ts";
import type { Answer, StoredObject } from "../git/object-store.ts";
import type { Engine, Sighting, Skip, Span, Where } from "../terms.ts";
import type { Gathered, Lot } from "./gathered.ts";
import { searchWhole } from "./search.ts";

/** Headers that hold no text of a person's; `author`, `committer` and `tagger` are looked at apart. */
const plainHeaders = new Set(["tree", "parent", "author", "committer", "encoding", "gpgsig", "gpgsig-sha256"]);

/** A lot of commits: message, people, and headers that hold text, such as a merged tag. */
export function commitLot(answers: readonly Answer[], gathered: Gathered): Lot {
  return lotOf(answers, gathered, "commits", function* (engine, { oid, bytes }, object) {
    const commit = readCommit(bytes);
    if (!commit) return notACommit;
    gathered.record.addCommit(object, commit);
    if (gathered.chosen?.[object] === 1 || gathered.chosen === undefined) {
      yield* searchCommit(engine, { oid, bytes }, textsOf(commit));
    }
    return undefined;
  });
}

/** Why a commit is a fault. */
export const notACommit = "is not a commit that git would read";

/** Where the texts of a commit lie: people, message, and whether its headers hold text of a person's. */
export interface CommitTexts {
  readonly people: Span;
  /** Where the message begins. */
  readonly message: number;
  readonly hasHeaders: boolean;
}

/** Where the texts of a commit lie that was read line by line. */
export const textsOf = ({ people, message, keys }: CommitHeader): CommitTexts => ({
  people: around(people),
  message,
  hasHeaders: keys.some((key) => !plainHeaders.has(key)),
});

/** What `engine` recognises in the texts of a commit, with the places to note it at. */
export function* searchCommit(
  engine: Engine,
  { oid, bytes }: Pick<StoredObject, "oid" | "bytes">,
  { people, message, hasHeaders }: CommitTexts,
): Generator<Seen> {
  yield* text(engine, bytes, { content: oid, where: "message", span: { start: message, end: bytes.length } });
  yield* text(engine, bytes, { content: `${oid}:people`, where: "author", span: people });
  if (hasHeaders) {
    yield* text(engine, bytes, { content: `${oid}:header`, where: "message", span: { start: 0, end: message } });
  }
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
      file: gathered.named?.fileMay,
    });
    yield* sightings;
    return whole ? undefined : notATree;
  });
}

/** Why a tree is a fault. */
export const notATree = "is not a tree that git would read";

/** Whether something is recognised in a file name; what it is goes to `sightings`. */
export function searchName(engine: Engine, name: Uint8Array, sightings: Sighting[]): boolean {
  const content = nameContent(Buffer.from(name).toString("latin1"));
  const before = sightings.length;
  sightings.push(...searchWhole(engine, content, Uint8Array.from(name)));
  return sightings.length > before;
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
export type Seen = Sighting & { readonly where?: Where; readonly path?: string };

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
  gathered: Gathered,
  object: number,
): Generator<Sighting, string | undefined> {
  for (let next = seen.next(); ; next = seen.next()) {
    if (next.done) return next.value;
    yield noted(next.value, gathered, object);
  }
}

/** The sighting alone; where it is one of a text, that is noted. `object` is the index of the commit or tag. */
export function noted({ where, path = "", ...sighting }: Seen, { texts }: Gathered, object: number): Sighting {
  if (where) texts.push({ content: sighting.content, object, where, path });
  return sighting;
}

const reasonOf = (answer: Exclude<Answer, StoredObject>): string =>
  answer.kind === "large" ? `is too large to be what it says: ${answer.size} bytes` : answer.reason;

const naming = (kind: string, oid: string): Pick<Skip, "commit" | "blob"> =>
  kind === "commits" ? { commit: oid } : { blob: oid };
