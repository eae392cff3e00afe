/** Runs of what is no file: commit messages, people's names, tag messages, names of refs. */
import type { ContentId, Holds, Place, Version } from "../../terms.ts";
import type { ClosedRun } from "./runs.ts";
import { commitOf, peel, type Walked } from "./tips.ts";

/** A text that is no blob and in which something was matched. */
export interface TextPlace extends Place {
  readonly content: ContentId;
  /** Object index of the commit or tag that holds it; -1 for the name of a ref. */
  readonly object: number;
}

/**
 * A run for each text and mark, but one run for a person's name however many commits carry it. Such a text can't be
 * edited away, so it is present while any ref shows it and unreachable after.
 */
export function textRuns(
  { record, place, reached, tips }: Walked,
  { texts, holds }: { texts: readonly TextPlace[]; holds: Holds },
): ClosedRun[] {
  const shownTags = new Set(
    tips.filter(({ kind }) => kind === "ref").flatMap(({ object }) => [...peel(record, object)]),
  );
  const commitAt = new Map(texts.map((text) => [text, text.object < 0 ? -1 : commitOf(record, text.object)]));
  const inTime = [...texts].sort((a, b) => (place[commitAt.get(a) ?? -1] ?? -1) - (place[commitAt.get(b) ?? -1] ?? -1));
  const runs = new Map<string, ClosedRun>();
  for (const text of inTime) {
    const { content, where, path, object } = text;
    const commit = commitAt.get(text) ?? -1;
    const shown = object < 0 || shownTags.has(object) || (record.number(object) >= 0 && reached[commit] === 1);
    const version: Version = { content, ...(commit >= 0 && { commit: record.id(commit) }) };
    for (const mark of holds(content, { where, path })) {
      const key = `${where === "author" ? where : content} ${mark}`;
      const before = runs.get(key);
      runs.set(key, {
        mark,
        where,
        path,
        first: before?.first ?? version,
        last: version,
        versions: (before?.versions ?? 0) + 1,
        status: shown || before?.status === "present" ? "present" : "unreachable",
        oldest: before?.oldest ?? commit,
        newest: commit,
        ...(where === "ref" && { refs: [path] }),
      });
    }
  }
  return [...runs.values()];
}
