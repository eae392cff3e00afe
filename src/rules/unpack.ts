/** Reads the pack of the built-in rules, as far as it is asked for. */
import type { Gate } from "../bytes/gate.ts";
import type { RuleSource } from "./load.ts";
import type { PackedGate, PackedRule, PackHead, PackLabel, RuleNotes } from "./pack.ts";
import type { PatternFacts } from "./pattern/pattern.ts";
import { Series } from "./series.ts";

/** The rules of a pack, in its order, and the hash of the rulepack that they make together. */
export interface Shelf {
  readonly rules: Series<RuleSource>;
  readonly hash: string;
}

/** The texts of a pack; the two long ones are read once, when somebody first asks for what is in them. */
export interface PackTexts {
  readonly label: string;
  pack(): string;
  notes(): string;
}

/** The rules of a pack, as `packRules` wrote it: it is part of our own build and is not checked again. */
export function unpackRules(texts: PackTexts): Shelf {
  const { hash, count } = JSON.parse(texts.label) as PackLabel;
  const packLine = lineReader(() => texts.pack());
  const noteLine = lineReader(() => texts.notes());
  let tables: Series<Uint8Array> | undefined;
  const tablesOf = ({ sets }: PackHead): Series<Uint8Array> =>
    new Series(sets.length, (place) => setOf(sets[place] ?? ""));
  const sourceAt = (place: number): RuleSource => {
    tables ??= tablesOf(JSON.parse(packLine(0)) as PackHead);
    const note = (): RuleNotes => JSON.parse(noteLine(place).replaceAll("¦", "")) as RuleNotes;
    return new PackedSource(JSON.parse(packLine(place + 1)) as PackedRule, tables, note);
  };
  return { hash, rules: new Series(count, sourceAt) };
}

/** A line of a text by its number, from 0; the text is read for the first one. */
function lineReader(read: () => string): (number: number) => string {
  let lines: readonly string[] | undefined;
  return (number) => {
    lines ??= read().split("\n");
    return lines[number] ?? "";
  };
}

/** What the notes say is read by getters of the class when somebody asks. */
class PackedSource implements RuleSource {
  readonly id: string;
  readonly name: string;
  readonly kind: RuleSource["kind"];
  readonly severity: RuleSource["severity"];
  readonly confidence: RuleSource["confidence"];
  readonly generic: boolean;
  readonly component: boolean;
  readonly unscreened: string[];
  declare readonly public?: true;
  declare readonly context?: true;
  readonly keywords: RuleSource["keywords"];
  readonly checksum: RuleSource["checksum"];
  readonly entropy: RuleSource["entropy"];
  readonly near: RuleSource["near"];
  readonly paths: RuleSource["paths"];
  readonly facts: PatternFacts;
  readonly #note: () => RuleNotes;
  #read: RuleNotes | undefined;

  constructor(rule: PackedRule, tables: Series<Uint8Array>, note: () => RuleNotes) {
    this.id = rule.id;
    this.name = rule.name;
    this.kind = rule.kind;
    this.severity = rule.severity;
    this.confidence = rule.confidence;
    this.generic = rule.generic;
    this.component = rule.component;
    this.unscreened = rule.unscreened;
    if (rule.public) this.public = true;
    if (rule.context) this.context = true;
    this.keywords = rule.keywords;
    this.checksum = rule.checksum;
    this.entropy = rule.entropy;
    this.near = rule.near;
    this.paths = rule.paths;
    this.facts = new PackedFacts(rule.facts, tables, () => this.#notes.printed);
    this.#note = note;
  }

  get #notes(): RuleNotes {
    this.#read ??= this.#note();
    return this.#read;
  }

  get pattern(): string {
    return this.#notes.pattern;
  }

  get samples(): RuleSource["samples"] {
    return this.#notes.samples;
  }

  get references(): RuleSource["references"] {
    return this.#notes.references;
  }

  get revoke(): RuleSource["revoke"] {
    return this.#notes.revoke;
  }

  get at(): string {
    return this.#notes.at;
  }
}

class PackedFacts implements PatternFacts {
  readonly keywords: readonly string[];
  readonly mandatory: boolean;
  readonly reach: PatternFacts["reach"];
  declare readonly gate?: Gate;
  readonly names: readonly string[];
  readonly reader: PatternFacts["reader"];
  readonly #printed: () => string;

  constructor(facts: PackedRule["facts"], tables: Series<Uint8Array>, printed: () => string) {
    this.keywords = facts.keywords;
    this.mandatory = facts.mandatory;
    this.reach = facts.reach;
    if (facts.gate !== undefined) this.gate = unpackGate(facts.gate, tables);
    this.names = facts.names;
    this.reader = facts.reader;
    this.#printed = printed;
  }

  get printed(): string {
    return this.#printed();
  }
}

function unpackGate({ prior, skip, need, max, run }: PackedGate, tables: Series<Uint8Array>): Gate {
  const table = (number: number): Uint8Array => tables.at(number) ?? new Uint8Array(256);
  return {
    ...(prior !== undefined && { prior: table(prior) }),
    skip: table(skip),
    need: table(need),
    max,
    ...(run && { run: { ...run, set: table(run.set) } }),
  };
}

function setOf(hex: string): Uint8Array {
  const bits = Buffer.from(hex, "hex");
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) set[byte] = ((bits[byte >> 3] ?? 0) >> (byte & 7)) & 1;
  return set;
}
