/** What every part of a text report is drawn on: its colours, its margin and its labelled rows. */
import picocolors from "picocolors";
import type { Severity } from "../terms.ts";
import { fill, type Paint, solid, type Word } from "./columns.ts";
import type { RenderOptions } from "./reporter.ts";

/** Colours, named for what they mean. All of them leave text as it is when colour is not wanted. */
interface Style {
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly strong: Paint;
  /** Labels and what is read last. */
  readonly faint: Paint;
  readonly secret: Paint;
  readonly place: Paint;
  readonly link: Paint;
  readonly command: Paint;
  readonly good: Paint;
  readonly doubt: Paint;
  readonly bad: Paint;
}

export interface Sheet {
  readonly style: Style;
  readonly options: RenderOptions;
}

/** The sheet that `options` ask for. */
export function sheetOf(options: RenderOptions): Sheet {
  const { bold, dim, red, yellow, blue, green, cyan, magenta, underline } = picocolors.createColors(options.colour);
  const style: Style = {
    severity: { critical: (text) => bold(red(text)), high: red, medium: yellow, low: blue },
    strong: bold,
    faint: dim,
    secret: magenta,
    place: cyan,
    link: underline,
    command: green,
    good: (text) => bold(green(text)),
    doubt: (text) => bold(yellow(text)),
    bad: (text) => bold(red(text)),
  };
  return { style, options: { ...options, width: Math.min(options.width, widest) } };
}

/** Longer lines of prose are hard to read, however wide the terminal. */
const widest = 100;

/** Column at which text begins; labels and severities stand to the left of it. */
export const margin = 10;

/** Lines that hold `text` right of the margin, with `label` left of it on the first. */
export const row = (label: string, text: readonly Word[], { style, options }: Sheet): Iterable<string> =>
  fill(text, { lead: solid(label, style.faint), indent: margin, width: options.width });

/** Lines that hold `text` from the first column on. */
export const paragraph = (text: readonly Word[], { options }: Sheet): Iterable<string> =>
  fill(text, { lead: solid(""), indent: 0, width: options.width });
