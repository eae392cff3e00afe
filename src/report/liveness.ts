/** What `verify` found out, in words. A secret that nobody wanted to ask about has none. */
import type { Finding, Result } from "../terms.ts";
import { counted } from "./wording.ts";

/** `LIVE: it still works`; empty where nobody asked. Not escaped. */
export function livenessWords({ liveness, livenessReason }: Pick<Finding, "liveness" | "livenessReason">): string {
  switch (liveness) {
    case "live":
      return "LIVE: its provider takes it, it still works";
    case "dead":
      return "dead: its provider refuses it, it works no more";
    case "unknown":
      return `unknown whether it works${livenessReason === undefined ? "" : `: ${livenessReason}`}`;
    case "unchecked":
      return livenessReason === undefined ? "" : `not asked about: ${livenessReason}`;
  }
}

/** Whether something is to be done about a finding: nobody has accepted it, or it is known and still works. */
export const isOpen = ({ verdict, liveness }: Pick<Finding, "verdict" | "liveness">): boolean =>
  verdict === "new" || liveness === "live";

/** Live ones first, in their order otherwise: what still works must be dealt with before anything else. */
export const liveFirst = (findings: readonly Finding[]): Finding[] => {
  const isLive = ({ liveness }: Finding): boolean => liveness === "live";
  return [...findings.filter(isLive), ...findings.filter((finding) => !isLive(finding))];
};

/** The first sentence of the answer where somebody asked: how many still work, and of how many nobody knows. */
export function livenessAnswer({
  findings,
}: Pick<Result, "findings">): { readonly text: string; readonly mood: "bad" | "doubt" | "good" } | undefined {
  const count = (liveness: Finding["liveness"]): number => findings.filter((one) => one.liveness === liveness).length;
  const [live, dead, unknown] = [count("live"), count("dead"), count("unknown")];
  const open = unknown === 0 ? "" : ` Whether ${counted(unknown, "other")} still works is unknown.`;
  if (live > 0) {
    const text =
      live === 1 ? "1 secret is LIVE: it still works." : `${counted(live, "secret")} are LIVE: they still work.`;
    return { text: text + open.replace("works", unknown === 1 ? "works" : "work"), mood: "bad" };
  }
  const refused = dead === 0 ? "" : ` ${counted(dead, "secret")} no longer work${dead === 1 ? "s" : ""}.`;
  if (unknown > 0) {
    return {
      text: `UNKNOWN: of ${counted(unknown, "secret")} nobody could say whether it works.${refused}`,
      mood: "doubt",
    };
  }
  if (dead > 0) return { text: `Nothing that was asked about is live:${refused}`, mood: "good" };
  const wanted = findings.some(({ livenessReason }) => livenessReason !== undefined);
  return wanted ? { text: "Nobody was asked: none of these secrets can be asked about.", mood: "doubt" } : undefined;
}
