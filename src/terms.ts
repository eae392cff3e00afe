/**
 * Every noun of the glossary, once. Types only: nothing here runs. Each file of `terms/` holds those of one step.
 *
 * The road of a byte, and the contract at each step:
 *
 *   Source --batches--> Batch --search(engine)--> Sighting --trace(holds)--> Trace --triage--> Finding
 *
 * A source never learns what a rule is and the engine never learns where bytes came from. They meet in two small
 * contracts. `Batch.search` lets a batch show an engine every span that nobody has looked at yet. `Source.trace` asks
 * one function, `Holds`, which marks a content carries at a place, and answers with the history of each mark.
 */

export type * from "./terms/finding.ts";
export type * from "./terms/match.ts";
export type * from "./terms/question.ts";
export type * from "./terms/rule.ts";
export type * from "./terms/source.ts";
