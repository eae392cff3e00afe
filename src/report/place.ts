import type { Occurrence } from "../terms.ts";
import { refName, shortId } from "./wording.ts";

/**
 * A place in one phrase, as an editor or a person would look for it: `src/app.env:3:12`, `commit message of 1a2b3c4,
 * line 2`. Not escaped.
 */
export function placeName(occurrence: Occurrence): string {
  const { where, path, commit, startLine, startColumn, endLine, endColumn } = occurrence;
  // What takes no room in a file is the file itself.
  const spot = startLine === endLine && startColumn === endColumn ? "" : `:${startLine}:${startColumn}`;
  const holder = commit === null ? "" : ` of ${shortId(commit)}`;
  switch (where) {
    case "content":
      return contentName(occurrence) + spot;
    case "config":
      return (path || "configuration of git") + spot;
    case "note":
      return `note${path && ` ${path}`}${spot}`;
    case "message":
      return `commit message${holder}, line ${startLine}`;
    case "tag":
      return `message of tag${path && ` ${path}`}, line ${startLine}`;
    case "author":
      return `author${holder}`;
    case "path":
      return `file name ${path}`;
    case "ref":
      return `name of ${path ? refName(path) : "a ref"}`;
  }
}

function contentName({ path, blob, member }: Occurrence): string {
  const name = path || (blob === null ? "input" : `blob ${shortId(blob)}`);
  return member === null ? name : `${name}!${member}`;
}
