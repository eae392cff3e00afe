/**
 * What to do about one finding, in the order in which it should be done: first make the secret worthless, then take
 * it out of the files, then out of history. The steps are a table: each row says which occurrences it cures and with
 * what sentence, so that a finding with occurrences of several kinds gets every step that applies, each once.
 */
import type { Finding, Occurrence } from "../terms.ts";
import { quote } from "./quote.ts";

/** One thing to do. Texts hold paths from the repository as they are: escape them before printing. */
export interface Step {
  readonly kind: "revoke" | "move" | "remove" | "purge" | "expire" | "publish" | "close";
  /** One or two imperative sentences. */
  readonly text: string;
  /** Where in the browser. */
  readonly url?: string;
  /** What to type in a shell, at the root of the repository; paths in it are quoted. */
  readonly command?: string;
  /** Done once for all findings that ask for it, after everything else. */
  readonly shared?: true;
}

/**
 * The steps that cure `finding`, first things first; at least one. A secret that never left the working tree need not
 * be revoked, so that advice comes last there and with a condition. A dead secret is not revoked again.
 */
export function remedy(finding: Finding): readonly Step[] {
  if (finding.rule.kind === "exposure") return closing(finding);
  const cures = treatments.flatMap(({ cures, step }) => {
    const cured = finding.occurrences.filter((occurrence) => cures(occurrence, finding));
    return cured.length === 0 ? [] : [step(cured, finding)];
  });
  const published: readonly Step[] = cures.some(({ kind }) => kind === "purge") ? [publish] : [];
  const isNowhereElse = finding.occurrences.every(({ status }) => status === "uncommitted");
  if (isNowhereElse) return [...cures, ...revocation(finding, "Could anyone else read it? ")];
  return [...revocation(finding, ""), ...cures, ...published];
}

function revocation({ rule, liveness }: Finding, condition: string): readonly Step[] {
  if (liveness === "dead") return [];
  const text = rule.revoke?.steps ?? "Revoke it where it was issued, then issue a new one.";
  const url = rule.revoke?.url;
  return [{ kind: "revoke", text: `${condition}${text}`, ...(url === undefined ? {} : { url }) }];
}

const publish: Step = {
  kind: "publish",
  text: "After the last purge force-push every branch and tag, and have each clone made anew: an old one brings the secret back.",
  shared: true,
};

/** One row of the table: the occurrences that it cures, and the step that does it for all of them at once. */
interface Treatment {
  readonly cures: (occurrence: Occurrence, finding: Finding) => boolean;
  readonly step: (cured: readonly Occurrence[], finding: Finding) => Step;
}

const inHistory = ({ status, commit, blob }: Occurrence): boolean =>
  (commit ?? blob) !== null && (status === "present" || status === "removed");

// The stash is a list of commits that no branch holds: dropping an entry is enough.
const stashed = ({ refs }: Finding): boolean => refs.length > 0 && refs.every((ref) => ref === "refs/stash");

/** Rules whose secret is no text: there is nothing to take out but the file. */
const keyFiles: ReadonlySet<string> = new Set(["private-key.pkcs12", "private-key.java-keystore"]);

const isFile = ({ rule }: Finding): boolean => rule.kind === "file" || keyFiles.has(rule.id);

// filter-repo replaces text line by line and in plain files only. What has no path can be cured in no other way.
const replaceable = ({ path, startLine, endLine, decoded, member }: Occurrence, finding: Finding): boolean =>
  path === "" || (startLine === endLine && decoded.length === 0 && member === null && !isFile(finding));

const removal = (files: string, finding: Finding): string =>
  isFile(finding)
    ? `Delete ${files} and keep it in a secret store`
    : `Take it out of ${files}, read it from the environment or a secret store`;

const treatments: readonly Treatment[] = [
  {
    cures: ({ where, status }) => where === "content" && status === "uncommitted",
    step: (cured, { rule }) => ({
      kind: "move",
      text:
        rule.kind === "file"
          ? `Do not commit ${paths(cured)}: keep it in a secret store.`
          : `Do not commit it: move it from ${paths(cured)} to the environment or a secret store.`,
    }),
  },
  {
    cures: ({ where, status }) => where === "content" && status === "present",
    step: (cured, finding) => ({
      kind: "remove",
      text: `${removal(paths(cured), finding)}${cured.some(({ commit }) => commit !== null) ? ", and commit" : ""}.`,
    }),
  },
  {
    cures: ({ where }) => where === "config",
    step: () => ({
      kind: "remove",
      text: "Take it out of the configuration of git itself and let a credential helper keep it.",
    }),
  },
  {
    cures: ({ where, status }, finding) => where === "content" && status === "removed" && stashed(finding),
    step: () => ({
      kind: "expire",
      text: "Drop the stash entry that holds it, then the object.",
      command: "git stash list; git stash drop; git gc --prune=now",
    }),
  },
  {
    cures: (occurrence, finding) =>
      occurrence.where === "content" && inHistory(occurrence) && !stashed(finding) && replaceable(occurrence, finding),
    step: () => ({
      kind: "purge",
      text: "Purge it from history (list it in secrets.txt, one secret a line).",
      command: "git filter-repo --replace-text ../secrets.txt",
    }),
  },
  {
    cures: (occurrence, finding) =>
      occurrence.where === "content" && inHistory(occurrence) && !stashed(finding) && !replaceable(occurrence, finding),
    step: (cured) => purgeFiles(distinct(cured)),
  },
  {
    cures: ({ where, status }) => where === "message" && status !== "unreachable",
    step: () => ({
      kind: "purge",
      text: "Purge it from messages (list it in secrets.txt, one secret a line).",
      command: "git filter-repo --replace-message ../secrets.txt",
    }),
  },
  {
    cures: ({ where, status }) => where === "tag" && status !== "unreachable",
    step: () => ({
      kind: "remove",
      text: "Delete the tag here and on every remote, then make it anew with a clean message.",
    }),
  },
  {
    cures: ({ where, status }) => where === "note" && status !== "unreachable",
    step: (_, { refs }) => ({
      kind: "remove",
      text: "Delete the ref of the notes here and on every remote: a note that was only removed stays in its history.",
      command: `git update-ref -d ${quote(refs.find((ref) => ref.startsWith("refs/notes/")) ?? "refs/notes/commits")}`,
    }),
  },
  {
    cures: ({ where, status }) => where === "path" && status !== "unreachable",
    step: () => ({
      kind: "purge",
      text: "Rename the file in every version.",
      command: "git filter-repo --path-rename OLD:NEW",
    }),
  },
  {
    cures: ({ where, status }) => where === "ref" && status !== "unreachable",
    step: () => ({ kind: "remove", text: "Rename the branch or tag, and delete its old name on every remote." }),
  },
  {
    cures: ({ where, status }) => where === "author" && status !== "unreachable",
    step: () => ({
      kind: "purge",
      text: "Rewrite the author with a mailmap that gives the right name.",
      command: "git filter-repo --mailmap ../mailmap.txt",
    }),
  },
  {
    cures: ({ status }) => status === "unreachable",
    step: () => ({
      kind: "expire",
      text: "Drop the unreachable objects here; if they were ever pushed, ask the forge's support to drop them there.",
      command: "git reflog expire --expire-unreachable=now --all && git gc --prune=now",
    }),
  },
];

/** Above this many paths a command is no longer read by anybody. */
const mostPaths = 4;

function purgeFiles(paths: readonly string[]): Step {
  const purge = "git filter-repo --invert-paths";
  if (paths.length > mostPaths) {
    const text = `Purge the ${paths.length} files from history (list them in paths.txt), then add clean ones if needed.`;
    return { kind: "purge", text, command: `${purge} --paths-from-file ../paths.txt` };
  }
  const text = `Purge the ${paths.length === 1 ? "file" : "files"} from history, then add a clean one if you need it.`;
  return { kind: "purge", text, command: [purge, ...paths.map((path) => `--path=${quote(path)}`)].join(" ") };
}

/** An exposure has no secret to revoke and none to purge: the door must be shut where the service runs. */
function closing({ rule, occurrences, status }: Finding): readonly Step[] {
  const url = rule.revoke?.url;
  const text = rule.revoke?.steps ?? "Require a credential, or bind the service to a private address.";
  const close: Step = { kind: "close", text, ...(url === undefined ? {} : { url }) };
  const file: Step =
    status === "present" || status === "uncommitted"
      ? { kind: "remove", text: `Correct ${paths(occurrences)}, and roll the change out.` }
      : { kind: "remove", text: "The files no longer say so: make sure that no running service still does." };
  return [close, file];
}

const distinct = (occurrences: readonly Occurrence[]): string[] => [...new Set(occurrences.map(({ path }) => path))];

/** Names the first two paths; occurrences are sorted. */
function paths(occurrences: readonly Occurrence[]): string {
  const [first = "", second, ...more] = distinct(occurrences).filter((path) => path !== "");
  if (first === "") return "the input";
  if (second === undefined) return first;
  if (more.length === 0) return `${first} and ${second}`;
  return `${first}, ${second} and ${more.length} more`;
}
