/**
 * What encodings hide: for each run of a text the text that it stands for, and of that again, to a depth. Rules then
 * look at these views as they look at texts, and what they find there leads back to the bytes of the run.
 */
import { merge, touches } from "../bytes/span.ts";
import { latin1, utf16Views } from "../bytes/text.ts";
import type { Span } from "../terms.ts";
import type { Text } from "./candidate.ts";
import type { RunSpan } from "./decode/decoder.ts";
import { decoders } from "./decode/shelf.ts";
import type { View } from "./sheet.ts";

/** How often a text may be encoded, when nobody says otherwise. */
export const DEPTH = 3;

/** Where to look for what is encoded. */
export interface Encoded {
  /** Spans that a run of digits or letters may touch: base64, hexadecimal. */
  readonly runs: readonly Span[];
  /** Spans that a run may touch of which only some characters are written otherwise. */
  readonly marks: readonly Span[];
}

/** Bytes from a keyword on in which a run begins that belongs to it. */
const BEHIND = 200;

/** The spans that belong to keywords which start at `places`. */
export const behind = (places: readonly number[]): Span[] =>
  merge(places.map((place) => ({ start: place, end: place + BEHIND })));

/** A run, and the views of it, those of views behind the view they are in. */
export interface Run {
  /** Stands for the run among those of its text. */
  readonly key: string;
  /** Stands for all that its views say, wherever the run is. */
  content(): string;
  views(): View[];
}

/** The last run that each decoder found in a text, by its place among them: places are asked one after the other. */
export type LastRuns = Map<Decoder, RunSpan>;

/** All runs that touch one of the spans. */
export function runsOf({ bytes }: Text, { runs, marks }: Encoded, depth: number, last?: LastRuns): Run[] {
  if (depth === 0) return [];
  const inSpans = (spans: readonly Span[], some: readonly Decoder[]): Run[] =>
    merge(spans).flatMap(({ start, end }) =>
      some.flatMap((decoder, index) =>
        runsAt(bytes, { start, end: Math.min(end, bytes.length) }, decoder, last).map((run) => ({
          key: `${index} ${decoder.name} ${run.start} ${run.end}`,
          content: () => `${index} ${decoder.name} ${latin1(bytes, run.start, run.end)}`,
          views: () => unfold({ bytes, run }, decoder, depth),
        })),
      ),
    );
  return [...inSpans(runs, ofDigits), ...inSpans(marks, ofMarks)];
}

/** The decoder's runs that touch a span. A long one, of a file that is all of one kind, is looked for once. */
function runsAt(bytes: Uint8Array, span: Span, decoder: Decoder, last: LastRuns = new Map()): readonly RunSpan[] {
  const known = last.get(decoder);
  if (known?.core !== undefined && known.core.start <= span.start && span.end <= known.core.end) return [known];
  const found = decoder.runs(bytes, span);
  const [run] = found.slice(-1);
  if (run !== undefined) last.set(decoder, run);
  return found;
}

/** The views of all runs that touch one of the spans. */
const viewsOf = (text: Text, encoded: Encoded, depth: number): View[] =>
  runsOf(text, encoded, depth).flatMap((run) => run.views());

/** Those whose runs are of one set of characters, and those that leave most characters as they are. */
const ofDigits = decoders.filter(({ trace }) => "set" in trace);
const ofMarks = decoders.filter(({ trace }) => "texts" in trace);

type Decoder = (typeof decoders)[number];

function unfold({ bytes, run }: { bytes: Uint8Array; run: Span }, decoder: Decoder, depth: number): View[] {
  const decoded = decoder.decode(bytes.subarray(run.start, run.end));
  if (decoded === undefined) return [];
  const place = ({ start, end }: Span): Span => ({
    start: run.start + decoded.start(start),
    end: run.start + decoded.end(end),
  });
  const names = [decoder.name];
  const own = narrow({ bytes: decoded.text, first: true, decoded: names, changed: decoded.changed, run, place });
  // One look at all that was encoded: a text with a thousand marks would else be looked at a thousand times.
  const hull = { start: own.changed[0]?.start ?? 0, end: own.changed.at(-1)?.end ?? 0 };
  const inner = viewsOf(own, { runs: [hull], marks: [hull] }, depth - 1)
    .filter((view) => touches(view.run, own.changed))
    .map((view) => ({
      ...view,
      decoded: [...names, ...view.decoded],
      run,
      place: (span: Span) => own.place(view.place(span)),
    }));
  return [own, ...inner];
}

/** The view as bytes that rules can read: what was UTF-16 becomes UTF-8. */
function narrow(view: View): View {
  const [wide] = view.bytes.includes(0) ? utf16Views(view.bytes.subarray(view.changed[0]?.start ?? 0), false) : [];
  if (wide === undefined) return view;
  const from = (view.changed[0]?.start ?? 0) + wide.at.start;
  const whole = { start: 0, end: wide.text.length };
  const place = ({ start, end }: Span): Span => view.place({ start: from + 2 * start, end: from + 2 * end });
  return { ...view, bytes: wide.text, changed: [whole], place };
}
