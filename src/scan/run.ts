import type { Opened, Part } from "../sources/open.ts";
import type { Engine, Sighting, Skip, Tally } from "../terms.ts";
import type { Traces } from "../triage/findings.ts";
import type { ScanRequest } from "./request.ts";

/** One scan under way: what has been read and what it made of it. */
export class Run {
  readonly skips: Skip[] = [];
  readonly tally = { commits: 0, blobs: 0, files: 0, texts: 0, bytes: 0 };
  readonly #excluded: (path: string) => boolean;
  readonly #request: ScanRequest;
  readonly #engine: Engine;
  readonly #read: { part: Part; sightings: Sighting[] }[] = [];
  #matches = 0;

  constructor(request: ScanRequest, engine: Engine, excluded: (path: string) => boolean) {
    this.#request = request;
    this.#engine = engine;
    this.#excluded = excluded;
  }

  /** Reads every part of the target, to the end or to the moment the signal aborts. */
  async read({ parts }: Opened): Promise<void> {
    const { signal } = this.#request;
    try {
      for (const part of parts) await this.#readPart(part);
    } catch (error) {
      if (!signal.aborted) throw error;
      this.skips.push({ by: "fault", reason: `the scan was stopped before its end: ${reasonOf(signal)}` });
    }
  }

  /** The traces of all parts that were read, whole or in part. */
  async trace(): Promise<Traces[]> {
    if (this.#matches === 0) return this.#traceNothing();
    const [{ Claims, Marks }, { judge }] = await Promise.all([
      import("../triage/claims.ts"),
      import("../detect/judge.ts"),
    ]);
    const marks = new Marks();
    const all: Traces[] = [];
    for (const { part, sightings } of this.#read) {
      const { prefix, links, source } = part;
      const excluded = (path: string): boolean => this.#excluded(prefix + path);
      const claims = new Claims({ marks, judge, prefix, excluded });
      for (const { content, matches } of sightings) claims.add(content, matches);
      const traced = await source.trace(claims.holds, this.#request.signal);
      this.skips.push(...traced.skips.map((skip) => underPrefix(skip, prefix)));
      for (const path of claims.left) this.skips.push({ path, by: "policy", reason: "excluded by the configuration" });
      all.push({ marks: traced.marks, claims, ...(links && { link: links }) });
    }
    return all;
  }

  /** Without a match there is nothing to trace; but only now sources know where what they could not read lies. */
  async #traceNothing(): Promise<[]> {
    for (const { part } of this.#read) {
      const { skips } = await part.source.trace(() => [], this.#request.signal);
      this.skips.push(...skips.map((skip) => underPrefix(skip, part.prefix)));
    }
    return [];
  }

  async #readPart(part: Part): Promise<void> {
    const { signal } = this.#request;
    const sightings: Sighting[] = [];
    this.#read.push({ part, sightings });
    for await (const batch of part.source.batches(signal)) {
      for await (const sighting of batch.search(this.#engine)) {
        sightings.push(sighting);
        this.#matches += sighting.matches.length;
      }
      signal.throwIfAborted();
      this.#count(batch.tally);
      this.skips.push(...batch.skips.map((skip) => underPrefix(skip, part.prefix)));
      this.#report(part.source.label, batch.progress);
    }
  }

  #count(tally: Partial<Tally>): void {
    this.tally.commits += tally.commits ?? 0;
    this.tally.blobs += tally.blobs ?? 0;
    this.tally.files += tally.files ?? 0;
    this.tally.texts += tally.texts ?? 0;
    this.tally.bytes += tally.bytes ?? 0;
  }

  #report(label: string, share: number): void {
    const { blobs, files, texts, bytes } = this.tally;
    const contents = blobs + files + texts;
    this.#request.onEvent?.({ kind: "progress", label, share, contents, bytes, matches: this.#matches });
  }
}

const underPrefix = (skip: Skip, prefix: string): Skip =>
  skip.path === undefined ? skip : { ...skip, path: prefix + skip.path };

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : String(reason));
