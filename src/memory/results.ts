/**
 * The memory of whole results: a scan of a repository in which nothing has changed since the last one, by the same
 * rules and the same word of the user, has the same result. No secret is kept, only what a report shows of it.
 */
import { Secret } from "../bytes/secret.ts";
import type { Repository } from "../git/repository.ts";
import { type StateOptions, stateOf } from "../git/state.ts";
import { veiled } from "../report/veil.ts";
import type { Finding, Result, Rulepack } from "../terms.ts";
import { nameOf } from "./name.ts";
import { Shelf } from "./shelf.ts";

export interface MemoryOptions extends StateOptions {
  /** Where to remember, absolute. */
  readonly folder: string;
  readonly rulepack: Rulepack;
  /** All else that a result depends on; plain data. */
  readonly asked: unknown;
}

/** What was kept: a result and the state of the repository that it is true of. */
interface Kept {
  readonly state: string;
  readonly on: string;
  readonly result: Omit<Result, "findings">;
  readonly findings: readonly KeptFinding[];
}

type KeptFinding = Omit<Finding, "rule" | "secret" | "components"> & {
  readonly rule: string;
  readonly secret?: string;
  readonly components: readonly { readonly rule: string; readonly secret: string }[];
};

/** Seconds from which on a scan is worth remembering. */
const worth = 0.5;

export class ResultMemory {
  readonly #shelf: Shelf;
  readonly #name: string;
  readonly #state: string;
  readonly #rulepack: Rulepack;
  readonly #on: string;

  /** A memory of one repository as it is now, or `undefined` where nobody can tell whether it changes. */
  static async of(repository: Repository, options: MemoryOptions): Promise<ResultMemory | undefined> {
    const state = await stateOf(repository, options);
    return state === undefined ? undefined : new ResultMemory(repository, state, options);
  }

  private constructor({ gitDir }: Repository, state: string, { folder, rulepack, asked, now }: MemoryOptions) {
    this.#shelf = new Shelf(folder);
    this.#name = nameOf("result", [gitDir, rulepack.hash, asked]);
    this.#state = state;
    this.#rulepack = rulepack;
    this.#on = new Date(now).toISOString();
  }

  /** The result of the last scan, if it is still true. */
  async recall(): Promise<Result | undefined> {
    const kept = read(await this.#shelf.get(this.#name));
    if (kept?.state !== this.#state) return undefined;
    const findings = kept.findings.map((finding) => thawed(finding, this.#rulepack));
    if (!findings.every((finding) => finding !== undefined)) return undefined;
    return { ...kept.result, findings, remembered: kept.on };
  }

  /** Keeps a result for the next time. */
  async keep(result: Result): Promise<void> {
    if (result.tally.seconds < worth) return;
    const { findings, ...rest } = veiled(result);
    const kept: Kept = { state: this.#state, on: this.#on, result: rest, findings: findings.map(frozen) };
    await this.#shelf.put(this.#name, JSON.stringify(kept));
  }
}

/** What a file of the shelf says; it is ours, or else it is broken. */
function read(bytes: Buffer | undefined): Kept | undefined {
  try {
    return bytes === undefined ? undefined : ((JSON.parse(bytes.toString()) ?? undefined) as Kept | undefined);
  } catch {
    return undefined;
  }
}

const frozen = ({ rule, secret, components, ...finding }: Finding): KeptFinding => ({
  ...finding,
  rule: rule.id,
  ...(secret && { secret: secret.redacted }),
  components: components.map((part) => ({ rule: part.rule, secret: part.secret.redacted })),
});

function thawed({ rule: id, secret, components, ...finding }: KeptFinding, { rules }: Rulepack): Finding | undefined {
  const rule = rules.find((rule) => rule.id === id);
  return (
    rule && {
      ...finding,
      rule,
      ...(secret !== undefined && { secret: Secret.known(secret) }),
      components: components.map((part) => ({ rule: part.rule, secret: Secret.known(part.secret) })),
    }
  );
}
