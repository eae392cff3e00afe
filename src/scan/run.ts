import type { NamedFiles } from "../bytes/named-files.ts";
import type { Opened, Part } from "../sources/open.ts";
import type { Engine, Match, Sighting, Skip, Tally } from "../terms.ts";
import type { Traces } from "../triage/findings.ts";
import type { ScanRequest } from "./request.ts";

/** What a scan looks with. */
export interface Looking {
  readonly engine: Engine;
  /** Paths that the user excluded. */
  readonly excluded: (path: string) => boolean;
  /** Files that are looked for by their paths alone, and what one is. Absent: no rule asks for any. */
  readonly named?: { readonly files: NamedFiles; readonly matches: (path: string) => readonly Match[] };
}

/** One scan under way: what has been read and what it made of it. */
export class Run {
  readonly skips: Skip[] = [];
  readonly tally = { commits: 0, blobs: 0, files: 0, texts: 0, bytes: 0 };
  readonly #request: ScanRequest;
  readonly #looking: Looking;
  readonly #read: { part: Part; sightings: Sighting[] }[] = [];
  #matches = 0;

  constructor(request: ScanRequest, looking: Looking) {
    this.#request = request;
    this.#looking = looking;
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
    const { named } = this.#looking;
    if (this.#matches === 0 && named === undefined) return this.#traceNothing();
    const [{ Claims, Marks }, { judge }] = await Promise.all([
      import("../triage/claims.ts"),
      import("../detect/judge.ts"),
    ]);
    const marks = new Marks();
    const all: Traces[] = [];
    for (const { part, sightings } of this.#read) {
      const { prefix, links, source } = part;
      const excluded = (path: string): boolean => this.#looking.excluded(prefix + path);
      const claims = new Claims({ marks, judge, prefix, excluded, ...(named && { named: named.matches }) });
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
    for await (const batch of part.source.batches(signal, this.#namedIn(part))) {
      for await (const sighting of batch.search(this.#looking.engine)) {
        sightings.push(sighting);
        this.#matches += sighting.matches.length;
      }
      signal.throwIfAborted();
      this.#count(batch.tally);
      this.skips.push(...batch.skips.map((skip) => underPrefix(skip, part.prefix)));
      this.#report(part.source.label, batch.progress);
    }
  }

  /** Paths of a part count from its own root, and those that rules look at from the target's. */
  #namedIn({ prefix }: Part): NamedFiles | undefined {
    const files = this.#looking.named?.files;
    return files && (prefix === "" ? files : filesBelow(prefix, files));
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

/** Files that are looked for, by paths in a folder. Where its own name may tell, each file below it can be one. */
function filesBelow(prefix: string, files: NamedFiles): NamedFiles {
  const has = (path: string): boolean => files.has(prefix + path);
  const names = Buffer.from(prefix).toString("latin1").split("/").slice(0, -1);
  return names.some(files.folderMay) ? { has, fileMay: () => true, folderMay: () => false } : { ...files, has };
}

const underPrefix = (skip: Skip, prefix: string): Skip =>
  skip.path === undefined ? skip : { ...skip, path: prefix + skip.path };

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : String(reason));
