/**
 * What is left to do about a secret, held against what a scan sees of it now: a step that is still advised is open, and
 * a place that no scan finds it in any more is done. Whether it was revoked no file can say.
 */
import type { Finding } from "../terms.ts";
import { remedy, type Step } from "./remedy.ts";

/** One line of a checklist. Texts hold paths from the repository as they are: escape them before printing. */
export interface Check extends Step {
  readonly state: "open" | "done" | "unknown";
}

/** A finding as it was when somebody last looked, as it is now, or both. */
export interface Seen {
  readonly before?: Finding;
  readonly now?: Finding;
}

/** Places that are told of when nothing is left in them, in the order in which they are cleaned. */
const places: readonly { readonly kinds: readonly Step["kind"][]; readonly done: Check }[] = [
  {
    kinds: ["move", "remove"],
    done: { kind: "remove", state: "done", text: "No file of the work tree, the index or a branch holds it." },
  },
  {
    kinds: ["purge"],
    done: { kind: "purge", state: "done", text: "Nothing in the history of a branch or tag holds it." },
  },
  { kinds: ["expire"], done: { kind: "expire", state: "done", text: "No stash and no unreachable object holds it." } },
];

/**
 * The checklist of one finding, in the order in which it should be worked through.
 *
 * @param canTell The scan read all that it was meant to, by the rule of this finding too: otherwise what it did not meet
 *   may still be there.
 */
export function checklist({ before, now }: Seen, canTell: boolean): readonly Check[] {
  const steps = now === undefined ? [] : remedy(now);
  const kind = (now ?? before)?.rule.kind ?? "secret";
  const open = steps.filter((step) => step.kind !== "revoke").map((step): Check => ({ ...step, state: "open" }));
  const clean = places
    .filter(({ kinds }) => !steps.some((step) => kinds.includes(step.kind)))
    .filter(({ kinds }) => kind !== "exposure" || kinds.includes("remove"))
    .map(({ done }) => (canTell ? done : unsure(done)));
  return [...(kind === "secret" ? [revocation(now ?? before)] : []), ...open, ...clean];
}

/** Whether nothing is left to do that a scan can see. */
export const isDone = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== "open");

const unsure = (done: Check): Check => ({
  ...done,
  state: "unknown",
  text: `Not all was read, so nobody can tell: ${done.text.charAt(0).toLowerCase()}${done.text.slice(1)}`,
});

/** Done where the issuer refuses it, open where it does not, and otherwise a question that must be asked elsewhere. */
function revocation(finding: Finding | undefined): Check {
  if (finding?.liveness === "dead") {
    return { kind: "revoke", state: "done", text: "Whoever issued it says that it no longer works." };
  }
  const advice = finding && remedy(finding).find(({ kind }) => kind === "revoke");
  const { text, ...step } = advice ?? { kind: "revoke", text: "Revoke it where it was issued." };
  if (finding?.liveness === "live") return { ...step, state: "open", text: `It still works. ${text}` };
  return { ...step, state: "unknown", text: `No file says whether this is done. ${text}` };
}
