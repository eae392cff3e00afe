/** One finding as a block of lines: a title, then labelled rows. Every string from a repository is escaped here. */
import type { CommitInfo, Finding, Occurrence, Person, Status } from "../terms.ts";
import { fill, joined, solid, type Word, words } from "./columns.ts";
import { printable } from "./escape.ts";
import { livenessWords } from "./liveness.ts";
import { placeName } from "./place.ts";
import type { Advice } from "./reporter.ts";
import { margin, row, type Sheet } from "./sheet.ts";
import { shown } from "./veil.ts";
import { counted, elapsed, list, refName, shortId } from "./wording.ts";

/** Lines of the block, without their ends. `quiet` leaves the title and the first places. */
export function* findingLines(finding: Finding, sheet: Sheet): Generator<string> {
  yield* headLines(finding, sheet);
  if (sheet.options.detail === "quiet") return;
  for (const [label, text] of rows(finding, sheet)) yield* row(`  ${label}`, text, sheet);
  yield* advice(finding, sheet);
  const { faint } = sheet.style;
  yield* row("  id", [solid(finding.rule.id, faint), solid(finding.fingerprint, faint)], sheet);
}

/** What it is and where: the first lines of the block. */
export function* headLines(finding: Finding, sheet: Sheet): Generator<string> {
  yield* title(finding, sheet);
  yield* places(finding, sheet);
}

function title({ rule, secret, verdict, liveness }: Finding, { style, options }: Sheet): Iterable<string> {
  const name = words(printable(rule.name), style.strong);
  const token = secret === undefined ? [] : [solid(` ${printable(shown(secret, options))}`, style.secret)];
  const accepted = verdict === "new" ? [] : [solid(`(${verdict})`, style.faint)];
  const live = liveness === "live" ? [solid("LIVE", style.bad)] : [];
  return fill([...live, ...name, ...token, ...accepted], {
    lead: solid(rule.severity, style.severity[rule.severity]),
    indent: margin,
    width: options.width,
  });
}

const few = 4;

function* places(finding: Finding, sheet: Sheet): Generator<string> {
  const { occurrences } = finding;
  const limit = { quiet: 1, normal: few, verbose: Number.POSITIVE_INFINITY }[sheet.options.detail];
  // A line that says "and 1 more" takes the room of what it hides.
  const shownPlaces = occurrences.length <= limit + 1 ? occurrences : occurrences.slice(0, limit);
  for (const [index, occurrence] of shownPlaces.entries()) {
    yield* row(index === 0 ? "  where" : "", place(occurrence, finding, sheet), sheet);
  }
  const rest = occurrences.length - shownPlaces.length;
  if (rest > 0) yield* row("", words(`and ${counted(rest, "more place")}`, sheet.style.faint), sheet);
}

function place(occurrence: Occurrence, finding: Finding, { style, options }: Sheet): Word[] {
  const { commit, versions, decoded, status, where, url } = occurrence;
  const named = where === "message" || where === "author";
  const notes = [
    ...(commit === null || named ? [] : [`in ${shortId(commit)}`]),
    ...(versions > 1 ? [counted(versions, "version")] : []),
    ...decoded.map((name) => `as ${printable(name)}`),
    ...(status === finding.status ? [] : [status]),
  ];
  return [
    solid(printable(placeName(occurrence)), style.place),
    ...notes.map((note, index) => solid(index < notes.length - 1 ? `${note},` : note, style.faint)),
    ...(url === null || options.detail !== "verbose" ? [] : [solid(printable(url), style.link)]),
  ];
}

type Row = readonly [label: string, text: readonly Word[]];

/** The rows that have something to say. */
function rows(finding: Finding, sheet: Sheet): Row[] {
  const { introduced, removed, components, verdictReason, liveness } = finding;
  const told: readonly Row[] = [
    ["since", introduced ? event(introduced) : []],
    ["gone", removed ? event(removed, introduced) : []],
    ["status", standing(finding, sheet)],
    ["alive", words(printable(livenessWords(finding)), liveness === "live" ? sheet.style.bad : undefined)],
    ["facts", words(facts(finding, sheet).join(", "))],
    ["with", words(components.map(part(sheet)).join(", "))],
    ["because", words(printable(verdictReason ?? ""))],
  ];
  return told.filter(([, text]) => text.length > 0);
}

/** Who did it and when: `2021-03-02 by Ann <ann@example.org> in 1a2b3c4`, with the days between where both are known. */
function event({ date, author, commit }: CommitInfo, before?: CommitInfo): Word[] {
  const after = before === undefined ? "" : elapsed(before.date, date);
  return words(`${printable(date.slice(0, 10))}${after} by ${person(author)} in ${shortId(commit)}`);
}

const person = ({ name, email }: Person): string =>
  printable([name, email === "" ? "" : `<${email}>`].filter((part) => part !== "").join(" ")) || "nobody named";

/** The status, and what shows that it is so: `removed but still in the history of main`. */
function standing({ status, refs, occurrences }: Finding, { style, options }: Sheet): Word[] {
  const isOutside = occurrences.every(({ commit }) => commit === null);
  // Outside history there is nothing to say: the place is all.
  if (status === "present" && isOutside) return [];
  const at = list(refs.map(refName).map(printable), options.detail === "verbose" ? refs.length : 3);
  const grounds: Readonly<Record<Status, string>> = {
    present: at && `in ${at}`,
    removed: isOutside ? "since it was last seen" : `but still in the history${at && ` of ${at}`}`,
    unreachable: `but still stored${at && `: ${at}`}`,
    uncommitted: "so far",
  };
  return [solid(status, status === "present" ? style.bad : style.doubt), ...words(grounds[status])];
}

function facts({ confidence, facts, reasons, score }: Finding, { options }: Sheet): string[] {
  const spoken = Object.entries(facts).map(([name, fact]) => {
    const label = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
    const value = typeof fact === "boolean" ? (fact ? "yes" : "no") : String(fact);
    return printable(`${label}: ${value}`);
  });
  const sum = reasons.map(({ name, weight }) => `${printable(name)} ${weight < 0 ? "" : "+"}${short(weight)}`);
  return [
    `${confidence} confidence`,
    ...spoken,
    ...(options.detail === "verbose" ? [`score: ${short(score)}`, ...sum] : []),
  ];
}

/** Two digits after the point are enough to compare by. */
const short = (value: number): number => Math.round(value * 100) / 100;

const part =
  ({ options }: Sheet) =>
  ({ rule, secret }: Finding["components"][number]): string =>
    printable(`${rule} ${shown(secret, options)}`);

function* advice(finding: Finding, sheet: Sheet): Generator<string> {
  const { style, options } = sheet;
  const steps = options.remedy(finding).filter(({ shared }) => shared !== true);
  const numbered = steps.length > 1;
  const indent = margin + (numbered ? 3 : 0);
  for (const [index, step] of steps.entries()) {
    const label = solid(index === 0 ? "  do" : "", style.faint);
    const gap = solid(" ".repeat(margin - label.columns));
    yield* stepLines(step, { lead: joined(label, gap, solid(numbered ? `${index + 1}.` : "")), indent }, sheet);
  }
}

/** One thing to do: its sentence and page from `indent` on, with `lead` left of them, and its command below. */
export function* stepLines(
  { text, url, command }: Advice,
  { lead, indent }: { readonly lead: Word; readonly indent: number },
  { style, options: { width } }: Sheet,
): Generator<string> {
  const link = url === undefined ? [] : [solid(printable(url), style.link)];
  const sentence = command === undefined ? text : text.replace(/\.$/, ":");
  yield* fill([...words(printable(sentence)), ...link], { lead, indent, width });
  if (command !== undefined)
    yield* fill([solid(printable(command), style.command)], { lead: solid(""), indent, width });
}

/** What is done once for all findings, said once; and an empty line, where there is any of it. */
export function sharedLines(steps: readonly Advice[], sheet: Sheet): readonly string[] {
  const texts = [...new Set(steps.filter(({ shared }) => shared === true).map(({ text }) => text))];
  if (texts.length === 0) return [];
  return [...texts.flatMap((text) => [...row("then", words(printable(text)), sheet)]), ""];
}
