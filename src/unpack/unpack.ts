/** From bytes to all members, those of members included. */
import { Budget, limitsFor, OverBudget } from "./budget.ts";
import { formatOf } from "./magic.ts";
import { unpackers } from "./shelf.ts";
import type { Member, Unread } from "./unpacker.ts";

export interface UnpackOptions {
  /** Containers in containers; 0 opens none. */
  readonly depth: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Every member in `bytes` and in its members, each path through containers joined by `!`, as in `inner.zip!a/b.env`; a
 * compressed file has no name for what is in it. What cannot be read is given out too, with a reason; nothing is thrown.
 */
export async function* unpack(bytes: Uint8Array, { depth, now }: UnpackOptions): AsyncIterable<Member | Unread> {
  if (depth <= 0) return;
  const budget = new Budget(limitsFor(bytes.length, depth), now);
  try {
    yield* open({ path: "", bytes }, 1, budget);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    yield { path: "", reason: `its contents were not all read: ${error.message}` };
  }
}

async function* open({ path, bytes }: Member, depth: number, budget: Budget): AsyncIterable<Member | Unread> {
  const format = formatOf(bytes);
  if (format === undefined) return;
  for await (const member of unpackers[format].members(bytes, budget)) {
    const inner = joined(path, member.path);
    if ("reason" in member) {
      yield { path: inner, reason: member.reason };
    } else if (formatOf(member.bytes) === undefined) {
      yield { path: inner, bytes: member.bytes };
    } else if (depth < budget.limits.depth) {
      yield* open({ path: inner, bytes: member.bytes }, depth + 1, budget);
    } else {
      yield { path: inner, reason: `lies more than ${budget.limits.depth} containers deep` };
    }
  }
}

const joined = (outer: string, inner: string): string =>
  outer === "" || inner === "" ? outer + inner : `${outer}!${inner}`;
