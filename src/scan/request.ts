import type { Plan } from "../config/plan.ts";
import type { Foreign } from "../foreign/inputs.ts";
import type { Opened } from "../sources/open.ts";
import type { Confidence } from "../terms.ts";
import type { Traces } from "../triage/findings.ts";

/** What `scan` is asked to do. */
export interface ScanRequest {
  readonly command: "scan" | "git" | "dir" | "stdin" | "staged" | "push";
  /** The target, where it is open already: `command` and `paths` then say nothing. */
  readonly opened?: (excluded: (path: string) => boolean) => Promise<Opened>;
  /** One path; several for `dir`; none for `stdin` and `staged`, which mean the current folder's repository. */
  readonly paths: readonly string[];
  readonly stdin?: { readonly bytes: AsyncIterable<Uint8Array>; readonly path?: string };
  readonly plan: Plan;
  /** Where GIT_DIR, GIT_INDEX_FILE and the like are looked up, for runs inside a hook. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: ScanEvent) => void) | undefined;
  /** Is shown what findings are made of, for reports that count otherwise. */
  readonly onTraced?: (traces: readonly Traces[], foreign: Foreign | undefined) => void;
  readonly now: () => Date;
  /** Findings below it may be left out: nobody will see them, and to name a short secret takes 50 ms. */
  readonly least?: Confidence;
}

/** What a scan tells while it is under way. */
export type ScanEvent =
  | { readonly kind: "phase"; readonly label: string }
  | {
      readonly kind: "progress";
      readonly label: string;
      /** 0 to 1; 0 where a source does not know how much there is. */
      readonly share: number;
      readonly contents: number;
      readonly bytes: number;
      readonly matches: number;
    };

/** The folder of what earlier scans left, where anything may be remembered: not where every byte is to be read. */
export const cacheOf = ({ command, plan }: ScanRequest): string | undefined =>
  (command === "scan" || command === "git") && !plan.fullBlobs && !plan.verifyObjects ? plan.cache : undefined;
