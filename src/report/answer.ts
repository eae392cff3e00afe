import { severities } from "../levels.ts";
import type { Result, Severity, Tally, Target } from "../terms.ts";
import { livenessAnswer } from "./liveness.ts";
import { counted, list } from "./wording.ts";

/** One sentence of the answer, and how it is meant: new findings, something left unread or open, all well. */
export interface Sentence {
  readonly text: string;
  readonly mood: "bad" | "doubt" | "good";
}

/**
 * The answer, which can't be misread: what still works, where somebody asked; then what `scan` says. The worst first.
 */
export function answer(result: Result): readonly Sentence[] {
  const liveness = livenessAnswer(result);
  return [...(liveness === undefined ? [] : [liveness]), ...scanAnswer(result)];
}

/**
 * How many findings are new, and whether everything was read. One sentence, or two
 * when there are findings and faults as well, the worst first. It never sounds clean when something was not read.
 */
function scanAnswer(result: Result): readonly Sentence[] {
  const fresh = result.findings.filter(({ verdict }) => verdict === "new");
  const bad = fresh.filter(({ rule }) => rule.kind !== "exposure");
  const open = fresh.length - bad.length;
  const doors = open === 0 ? "" : counted(open, "exposure");
  const but = doors && `, but ${doors}`;

  if (bad.length > 0) {
    const levels = bySeverity(bad.map(({ rule }) => rule.severity));
    const found = `${counted(bad.length, "new finding")} (${levels})${doors && ` and ${doors}`}.`;
    const more = result.complete ? [] : [`INCOMPLETE: ${unread(result)}, so there may be more.`];
    return [found, ...more].map((text) => ({ text, mood: "bad" }));
  }
  if (!result.complete) {
    return [{ text: `INCOMPLETE: ${unread(result)}. No new finding${but} in the rest.`, mood: "doubt" }];
  }
  if (open > 0) return [{ text: `No new finding${but}. All that was meant to be read was read.`, mood: "doubt" }];
  if (isEmpty(result)) return [{ text: "Nothing to scan: there was nothing there to read.", mood: "doubt" }];
  return [{ text: "Clean: all that was meant to be read was read, and there is no new finding.", mood: "good" }];
}

const isEmpty = ({ tally }: Result): boolean => tally.commits + tally.blobs + tally.texts + tally.files === 0;

/** What the faults left unread, in the noun that fits them all: `2 objects could not be read`. */
export function unread({ skips, target }: Pick<Result, "skips" | "target">): string {
  const faults = skips.filter(({ by }) => by === "fault");
  if (faults.length === 0) return "not all could be read";
  const file = target.kind === "sweep" ? "target" : "file";
  const kinds = new Set(faults.map(({ path, blob, commit }) => (blob || commit ? "object" : path ? file : "part")));
  const [kind = "part", ...others] = kinds;
  return `${counted(faults.length, others.length === 0 ? kind : "thing")} could not be read`;
}

/** What was read, counted by kind: `1 commit, 2 blobs and 3 texts`. Of a sweep only targets are counted, as files. */
export function contents({ commits, blobs, texts, files }: Tally, { kind }: Pick<Target, "kind">): string {
  const counts = [
    counted(commits, "commit"),
    counted(blobs, "blob"),
    counted(texts, "text"),
    counted(files, kind === "sweep" ? "target" : "file"),
  ].filter((text) => !text.startsWith("0 "));
  return counts.length === 0 ? "nothing" : list(counts, counts.length);
}

function bySeverity(found: readonly Severity[]): string {
  const counts = severities.map((level) => [found.filter((severity) => severity === level).length, level] as const);
  return list(
    counts.flatMap(([number, level]) => (number === 0 ? [] : [`${number.toLocaleString("en-US")} ${level}`])),
    severities.length,
  );
}
