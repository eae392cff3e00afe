/**
 * What a run is meant to do. Flags and `leaksweep.yml` are read into the same shape, `Settings`, each by its own
 * reader; `resolvePlan` lays one over the other and fills in the defaults. Nothing after this knows who said what.
 */
import type { ForeignPlan } from "../foreign/inputs.ts";
import type { BaselineEntry, Confidence } from "../terms.ts";

/** One secret that somebody accepted in the config file. */
export interface Acceptance {
  readonly fingerprint: string;
  readonly reason: string;
  /** Last day (UTC, `YYYY-MM-DD`) on which it is accepted; absent: for good. */
  readonly until?: string;
}

/** Flags and config, resolved. */
export interface Plan {
  /** Absolute paths of rule files, or of folders of them, that are added to the built-in rules. */
  readonly rules: readonly string[];
  /** Globs over rule ids. When there are any, only rules that one of them matches take part. */
  readonly enable: readonly string[];
  /** Globs over rule ids that take no part, whatever `enable` says. */
  readonly disable: readonly string[];
  /** Globs over paths relative to the target's root; what they match is a skip by policy. */
  readonly exclude: readonly string[];
  /** What is shown. */
  readonly minConfidence: Confidence;
  /** What exit code 1 follows. */
  readonly failOn: Confidence;
  /** Whether exit code 1 follows exposures too. */
  readonly failExposure: boolean;
  /** Exit code in place of 1; 0 means report only, 2 and 3 never stand here. */
  readonly exitCode: number;
  /** Only commits in this range, as git writes it: `A..B`. */
  readonly range?: string;
  /** Only commits after this revision or date. */
  readonly since?: string;
  /** Only branches whose name matches this glob. */
  readonly branch?: string;
  /** Leave out objects that no ref, reflog or index reaches. */
  readonly reachable: boolean;
  /** Read files of the working tree that git ignores, too. */
  readonly ignored: boolean;
  /** Bytes; anything larger is a skip by policy. Absent: no limit. */
  readonly maxFileSize?: number;
  /** How often a text may be encoded for a secret to be seen in it. Absent: three times. */
  readonly maxDecodeDepth?: number;
  /** How many containers deep archives are opened; 0 opens none. Absent: five. */
  readonly maxArchiveDepth?: number;
  /** Milliseconds after which whoever runs the plan aborts its signal. Absent: no limit. */
  readonly timeoutMs?: number;
  /** A shallow history does not make the run incomplete. */
  readonly allowShallow: boolean;
  /** An absent object that a partial clone was promised does not make the run incomplete. */
  readonly allowPartial: boolean;
  /** Hold every object of history against its id. */
  readonly verifyObjects: boolean;
  /** Show the engine every blob whole, instead of what changed since its delta base. Finds the same, slowly. */
  readonly fullBlobs: boolean;
  /** Absolute path of the folder in which results are remembered. Absent: none are. */
  readonly cache?: string;
  /** Threads at most. Absent: as many as there are cores. */
  readonly jobs?: number;
  /** Let a target that is not the user's own (a URL) say what is allowed in it. */
  readonly trustTarget: boolean;
  /** Let whoever pushes to a server past its gate, when they say why. */
  readonly allowBypass: boolean;
  readonly allow: readonly Acceptance[];
  /** Whether files of other scanners beside the target are read. */
  readonly foreignFiles: boolean;
  /** What those say. Absent: there are none. */
  readonly foreign?: ForeignPlan;
  /** Entries of the baseline. Absent: there is none. */
  readonly baseline?: readonly BaselineEntry[];
}

/** Part of a plan: what one author, the command line or the config file, has said. */
export type Settings = Partial<Plan>;

/** The plan of a run that nobody said anything about. */
export const defaults: Plan = {
  rules: [],
  enable: [],
  disable: [],
  exclude: [],
  minConfidence: "medium",
  failOn: "medium",
  failExposure: false,
  exitCode: 1,
  reachable: false,
  ignored: false,
  allowShallow: false,
  allowPartial: false,
  verifyObjects: false,
  fullBlobs: false,
  trustTarget: false,
  allowBypass: false,
  foreignFiles: true,
  allow: [],
};

/**
 * The plan that flags and config file make together. A flag overrides the same key of the file, with the exceptions
 * that a person at a prompt expects: `--rules` and `--disable` add to what the file lists, and `--enable` puts the
 * file's choice of rules aside, since otherwise a rule that the file disables could not be tried out.
 */
export function resolvePlan(flags: Settings, file: Settings): Plan {
  const choice = flags.enable === undefined ? file : { enable: flags.enable };
  return {
    ...defaults,
    ...file,
    ...flags,
    rules: [...(file.rules ?? []), ...(flags.rules ?? [])],
    enable: choice.enable ?? [],
    disable: [...(choice.disable ?? []), ...(flags.disable ?? [])],
  };
}
