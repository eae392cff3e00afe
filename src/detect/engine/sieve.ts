/**
 * Matches of the objects of a delta family, each from what changed since its base. The kernel says which keywords an
 * object holds, which of them stood in its base, and how far around each of those nothing has changed. Where that is
 * further than a rule can see, what the rule made of the keyword stays true; elsewhere it is asked again. So all claims
 * on the object are known, as if it had been searched whole, and the rest is decided over them as for any other text.
 */
import { positions } from "../../bytes/lines.ts";
import { held as heldFlag, type Kernel, noticeBytes, type Visit } from "../../kernel/kernel.ts";
import type { Match, Piece } from "../../terms.ts";
import { keyOf, type Text } from "../candidate.ts";
import { type Claim, claimOf } from "../claim.ts";
import { conclude } from "../conclude.ts";
import { byOffset, type Recognizer, type RunMemory, runMemory } from "../match.ts";
import { hiddenSheets, plainSheet, type Sheet } from "../sheet.ts";
import { behind } from "../views.ts";
import { atKeyword, type Slice, slicer } from "./spot.ts";
import { after, before, hasKeyword, type Lookup, type Table } from "./table.ts";

/** A claim, and by which of its keyword's lookups it was found; places count from the keyword. */
interface Held {
  readonly lookup: number;
  readonly claim: Claim;
}

/** Of one object: by address of a hit what is claimed there. */
type Holdings = ReadonlyMap<number, { readonly place: number; readonly held: readonly Held[] }>;

const nothing: Holdings = new Map();

/** A lookup with the distances within which a change bears on it, in bytes. */
interface Reach extends Lookup {
  readonly before: number;
  readonly after: number;
}

export class Sieve {
  readonly #kernel: Kernel;
  readonly #lookups: (readonly Reach[])[] = [];
  readonly #table: Table;
  readonly #recognizer: Recognizer;
  /** Runs of which nothing came. */
  readonly #barren = new Set<string>();
  /** By depth, what is claimed in the objects on the way to the one in hand. */
  readonly #way: Holdings[] = [];

  /**
   * @param kernel Holds `table`, and searches the families.
   * @param recognizer Reads what must be read whole, UTF-16 and what is encoded, by the same rules and not by this
   *   kernel: it is at work.
   */
  constructor({ kernel, table, recognizer }: { kernel: Kernel; table: Table; recognizer: Recognizer }) {
    this.#kernel = kernel;
    this.#table = table;
    this.#recognizer = recognizer;
  }

  /** The matches of the object in hand. The kernel is told where something is claimed: deltas of it will be shown too. */
  look(visit: Visit): readonly Match[] {
    const { at, length, depth, wide } = visit;
    const bytes = this.#kernel.bytes.subarray(at, at + length);
    const holdings = this.#holdings(visit, { bytes, first: true });
    this.#way[depth] = holdings;
    const piece: Piece = { bytes, offset: 0, line: 1, column: 1 };
    const endsIn = (from: number, to: number): number => this.#kernel.lineEnds(at + from, at + to);
    const sheet = { ...plainSheet(piece), locate: () => positions(bytes, piece, endsIn) };
    return [...matchesOf(holdings, sheet, piece), ...(wide ? this.#hidden(piece) : [])].sort(byOffset);
  }

  #hidden(piece: Piece): Match[] {
    const sheets = hiddenSheets(piece);
    const matches = sheets.flatMap((sheet) => this.#recognizer.read(sheet, piece));
    if (matches.length === 0 && !sheets.some(({ whole }) => whole)) this.#kernel.forgetWide();
    return matches;
  }

  #holdings({ notices, count, depth }: Visit, text: Text): Holdings {
    if (count === 0) return nothing;
    const holdings = new Map<number, { place: number; held: readonly Held[] }>();
    const slice = slicer(text.bytes);
    const runs = runMemory(this.#barren);
    const { words } = this.#kernel;
    for (let at = notices >>> 2, end = at + (count * noticeBytes) / 4; at < end; at += noticeBytes / 4) {
      const [hit = 0, place = 0, keyword = 0, origin = 0] = words.subarray(at, at + 4);
      const above = (keyword & heldFlag) !== 0 ? this.#way[depth - 1]?.get(origin)?.held : undefined;
      const near = { before: (words[at + 4] ?? 0) >>> 0, after: (words[at + 5] ?? 0) >>> 0 };
      const known = origin === 0 ? undefined : (above ?? []);
      const spot = { text, slice, place, number: keyword & ~heldFlag, known, near, runs };
      const held = this.#encodedAt(spot) ?? this.#at(spot);
      if (held.length === 0) {
        // It may have been told of before, as what the base hands down.
        if (holdings.delete(hit)) words[(hit >>> 2) + 1] = (words[(hit >>> 2) + 1] ?? 0) & ~heldFlag;
        continue;
      }
      holdings.set(hit, { place, held });
      words[(hit >>> 2) + 1] = (words[(hit >>> 2) + 1] ?? 0) | heldFlag;
    }
    return holdings;
  }

  /** What is claimed on what is encoded there; `undefined` where the keyword is one. */
  #encodedAt({ text, place, number, known, near, runs }: Spot): readonly Held[] | undefined {
    const { run, mark, dense } = this.#table.encoded;
    if (number !== run && number !== mark && number !== dense) return undefined;
    const reach = this.#table.keywords[4 * number + 2] ?? 0;
    const isNear = near.before >= reach && near.after >= reach;
    // A run goes as far as its marks do: what is claimed in a part that is no longer as it was is no longer claimed.
    if (known !== undefined && isNear && known.every(({ claim }) => liesIn(claim, near))) return known;
    const here = { start: place, end: place + 1 };
    const where = number === run ? { runs: [here], marks: [] } : { runs: [], marks: behind([place]) };
    const claims = this.#recognizer.decoded(text, where, runs);
    return claims.map((claim) => ({ lookup: -1, claim: moved(claim, -place) }));
  }

  #lookupsOf(number: number): readonly Reach[] {
    this.#lookups[number] ??= this.#table
      .lookups(number)
      .map((lookup) => ({ ...lookup, before: before(lookup), after: after(lookup) }));
    return this.#lookups[number];
  }

  #at({ text, slice, place, number, known, near }: Spot): Held[] {
    const held: Held[] = [];
    for (const [lookup, { rule, keyword, before, after }] of this.#lookupsOf(number).entries()) {
      if (known !== undefined && near.before >= before && near.after >= after) {
        held.push(...known.filter((one) => one.lookup === lookup));
        continue;
      }
      if (!hasKeyword(text.bytes, place, keyword)) continue;
      const span = { start: place, end: place + keyword.length };
      const candidate = atKeyword(text, { rule, keyword: span }, slice);
      const claim = candidate === undefined ? undefined : claimOf(candidate, text);
      if (claim !== undefined && !("objection" in claim)) held.push({ lookup, claim: moved(claim, -place) });
    }
    return held;
  }
}

/** A hit, and what was claimed at it in the base; nothing is known where it is new. */
interface Spot {
  readonly text: Text;
  readonly slice: Slice;
  readonly place: number;
  readonly number: number;
  readonly known: readonly Held[] | undefined;
  /** What came of the runs of this object so far, and of none anywhere. */
  readonly runs: RunMemory;
  /** Bytes around the keyword's start that are as they were. */
  readonly near: { readonly before: number; readonly after: number };
}

/** Whether a claim, counted from its keyword, is all in the bytes around that which are as they were. */
const liesIn = ({ start, end }: Claim, { before, after }: Spot["near"]): boolean => start >= -before && end <= after;

/** The claim as it is `by` bytes further on. */
function moved(claim: Claim, by: number): Claim {
  const move = ({ start, end }: { start: number; end: number }) => ({ start: start + by, end: end + by });
  const groups = Object.fromEntries(Object.entries(claim.groups).map(([name, span]) => [name, move(span)]));
  const view = claim.view && { ...claim.view, run: move(claim.view.run) };
  return { ...claim, ...move(claim), secret: move(claim.secret), groups, ...(view && { view }) };
}

function matchesOf(holdings: Holdings, sheet: Sheet, piece: Piece): Match[] {
  const claims = new Map<string, Claim>();
  for (const { place, held } of holdings.values()) {
    for (const { claim } of held) {
      const here = moved(claim, place);
      claims.set(`${keyOf(here)} ${here.view?.decoded.join(" ") ?? ""}`, here);
    }
  }
  if (claims.size === 0) return [];
  return conclude([...claims.values()], { sheet, piece, onDrop: () => {} });
}
