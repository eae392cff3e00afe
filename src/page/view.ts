/**
 * Which findings the page shows, and in which order. Pure, so that it is tested without a browser. The page reads what
 * the `json` format writes, with what to do about each finding beside it.
 */

type Level = "critical" | "high" | "medium" | "low";

interface Event {
  readonly commit: string;
  readonly date: string;
  readonly author: { readonly name: string; readonly email: string };
}

export interface Place {
  /** As people say it, escaped. */
  readonly name: string;
  readonly status: string;
  readonly commit: string | null;
  readonly url: string | null;
}

export interface Advice {
  readonly text: string;
  readonly url?: string;
  readonly command?: string;
}

export interface PageFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly name: string;
  readonly kind: "secret" | "exposure" | "file";
  readonly severity: Level;
  readonly confidence: string;
  readonly secret: string | null;
  readonly verdict: "new" | "known" | "allowed";
  readonly verdictReason: string | null;
  readonly status: string;
  readonly liveness: string;
  readonly livenessReason: string | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly introduced: Event | null;
  readonly removed: Event | null;
  readonly refs: readonly string[];
  readonly components: readonly { readonly rule: string; readonly secret: string }[];
  readonly places: readonly Place[];
  readonly advice: readonly Advice[];
}

export interface Unread {
  readonly by: "policy" | "fault";
  readonly phrase: string;
  readonly names: readonly string[];
  /** How many more there are than names. */
  readonly more: number;
}

/** What the data island holds. */
export interface PageResult {
  readonly findings: readonly PageFinding[];
  readonly unread: readonly Unread[];
  readonly made: string;
}

export interface Choice {
  /** Words that must all stand somewhere in a finding; upper and lower case are one. */
  readonly words: string;
  readonly severities: ReadonlySet<string>;
  readonly statuses: ReadonlySet<string>;
  /** Show what somebody accepted, too. */
  readonly accepted: boolean;
  readonly order: keyof typeof orders;
}

const time = ({ introduced }: PageFinding): number => (introduced === null ? 0 : Date.parse(introduced.date));
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Ways to sort; without a way findings stay as the report has them, the worst first. */
export const orders = {
  severity: undefined,
  newest: (one: PageFinding, other: PageFinding): number => time(other) - time(one),
  oldest: (one: PageFinding, other: PageFinding): number => time(one) - time(other),
  path: (one: PageFinding, other: PageFinding): number =>
    compare(one.places[0]?.name ?? "", other.places[0]?.name ?? ""),
  rule: (one: PageFinding, other: PageFinding): number => compare(one.rule, other.rule),
  places: (one: PageFinding, other: PageFinding): number => other.places.length - one.places.length,
} as const;

/** Text of a finding that a search looks into, in lower case. Make it once: there can be ten thousand. */
export function searchable(finding: PageFinding): string {
  const { rule, name, secret, fingerprint, introduced, removed, refs, places, facts } = finding;
  const people = [introduced, removed].flatMap((event) =>
    event === null ? [] : [event.author.name, event.author.email, event.commit, event.date],
  );
  const all = [rule, name, secret ?? "", fingerprint, ...people, ...refs, ...places.map((place) => place.name)];
  return [...all, ...Object.values(facts).map(String)].join("\n").toLowerCase();
}

/** Indices of the findings to show, in order. `texts` are theirs from `searchable`. */
export function chosen(findings: readonly PageFinding[], texts: readonly string[], choice: Choice): readonly number[] {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  const indices = findings.flatMap((finding, index) => {
    const { verdict, severity, status } = finding;
    const fits =
      (choice.accepted || verdict === "new") &&
      (choice.severities.size === 0 || choice.severities.has(severity)) &&
      (choice.statuses.size === 0 || choice.statuses.has(status)) &&
      words.every((word) => texts[index]?.includes(word));
    return fits ? [index] : [];
  });
  const order = orders[choice.order];
  if (order === undefined) return indices;
  const at = (index: number): PageFinding => findings[index] as PageFinding;
  return indices.toSorted((one, other) => order(at(one), at(other)) || one - other);
}
