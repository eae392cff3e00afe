/** What is left to do about findings, for people: a checklist for each, what was read, and whether anything is left. */
import type { Finding, Result } from "../terms.ts";
import { joined, type Paint, solid, words } from "./columns.ts";
import type { Advice } from "./reporter.ts";
import { margin, paragraph, row, type Sheet } from "./sheet.ts";
import { headLines, sharedLines, stepLines } from "./text-finding.ts";
import { summaryLines } from "./text-summary.ts";
import { counted } from "./wording.ts";

/** One thing to do, or that was done. */
export interface Item extends Advice {
  /** `revoke`: done where it was issued, which no scan can see. */
  readonly kind: string;
  readonly state: "open" | "done" | "unknown";
}

/** A finding and its checklist. */
export interface Checklist {
  readonly fingerprint: string;
  /** As it is, or as it was; absent of a fingerprint that nobody knows. */
  readonly finding?: Finding;
  readonly items: readonly Item[];
}

/** Lines of all checklists, without their ends. */
export function* checklistLines(lists: readonly Checklist[], result: Result, sheet: Sheet): Generator<string> {
  for (const list of lists) {
    yield* block(list, sheet);
    yield "";
  }
  const items = lists.flatMap((list) => list.items);
  yield* sharedLines(items, sheet);
  yield* summaryLines(result, sheet);
  yield "";
  yield* answer(lists, result, sheet);
  if (lists.length > 0) yield* paragraph(words(elsewhere, sheet.style.faint), sheet);
}

const elsewhere =
  "What others cloned or forked, and what a forge still keeps, is not seen from here; a scan of its URL looks at a fresh clone.";

const box: Readonly<Record<Item["state"], string>> = { open: "[ ]", done: "[x]", unknown: "[?]" };

function* block({ fingerprint, finding, items }: Checklist, sheet: Sheet): Generator<string> {
  const { style } = sheet;
  if (finding !== undefined) yield* headLines(finding, sheet);
  yield* row("  id", [solid(fingerprint, style.faint)], sheet);
  const paint = { open: style.bad, done: style.good, unknown: style.doubt };
  for (const { state, ...step } of items.filter(({ shared }) => shared !== true)) {
    const lead = joined(solid(" ".repeat(margin)), solid(box[state], paint[state]));
    yield* stepLines(step, { lead, indent: margin + 4 }, sheet);
  }
}

function answer(lists: readonly Checklist[], { complete }: Result, sheet: Sheet): Iterable<string> {
  const { bad, doubt, good } = sheet.style;
  const say = (text: string, paint: Paint) => paragraph(words(text, paint), sheet);
  const isUnsure = ({ items }: Checklist): boolean =>
    items.some(({ state, kind }) => state === "unknown" && kind !== "revoke");
  const open = lists.filter(({ items }) => items.some(({ state }) => state === "open")).length;
  if (open > 0) return say(`Left to do for ${counted(open, "finding")} of ${lists.length}.`, bad);
  if (!complete || lists.some(isUnsure)) {
    return say("Nothing is left in what was read, and not all was.", doubt);
  }
  if (lists.length === 0) return say("There is nothing to do.", good);
  const isUnheardOf = lists.some(({ finding }) => finding === undefined);
  return say(isUnheardOf ? "Nothing with this fingerprint is here (or never was)." : "Nothing is left here.", good);
}
