/**
 * The contract of an unpacker. It is shown bytes that begin as its format does and gives out the members, each as whole
 * bytes, paying for what it makes from a budget. Whatever is wrong with the bytes ends in an `Unread` and never in
 * a throw, save where the budget is spent: then nobody goes on.
 */
import { type Budget, OverBudget } from "./budget.ts";

/** A file inside an archive, or what a compressed file or a document says. */
export interface Member {
  /** As the archive has it, `/`-separated; nothing is made of it but a name to show. Empty where it has none. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A member that cannot be read; the rest of a container that is broken has no path. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

export interface Unpacker {
  members(bytes: Uint8Array, budget: Budget): AsyncIterable<Member | Unread>;
}

/** The bytes as a Buffer over the same memory. */
export const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** What went wrong with a container, in a few words of the library that read it. */
export const damage = (error: unknown): string => {
  const words = error instanceof Error ? error.message : String(error);
  return `is damaged: ${words.replaceAll(/[^\x20-\x7e]+/g, " ").slice(0, 120)}`;
};

/**
 * All parts as one, paid for as they come: those before the damage, if there is one. Throws `OverBudget` before more
 * than the budget is held.
 */
export async function gather(
  parts: AsyncIterable<Uint8Array>,
  budget: Budget,
): Promise<{ readonly bytes: Uint8Array; readonly problem?: string }> {
  const held: Uint8Array[] = [];
  try {
    for await (const part of parts) {
      budget.takeBytes(part.length);
      held.push(part);
    }
  } catch (error) {
    if (error instanceof OverBudget) throw error;
    return { bytes: Buffer.concat(held), problem: damage(error) };
  }
  return { bytes: Buffer.concat(held) };
}
