/** A visit that stops before its end and goes on in another job: what it brought so far is on record by then. */
import { and, eq, sql } from "drizzle-orm";
import type { Memory } from "./memory.ts";
import type { Note } from "./notes.ts";
import type { Job } from "./queue.ts";
import { writeNotes } from "./record.ts";
import { targets, visits } from "./store/schema.ts";
import type { Database } from "./store/store.ts";
import { type Vanished, writeVanished } from "./vanished-texts.ts";

export interface Pause {
  /** When it can go on. */
  readonly until: Date;
  readonly notes: readonly Note[];
  readonly vanished: readonly Vanished[];
  /** See `Outcome`. */
  readonly again: boolean;
  /** What to remember of the target: above all, where to go on. */
  readonly memory: Memory;
}

/** Writes down what a visit brought before its pause, in the transaction that ends its job and adds the next. */
export async function writePause(
  tx: Database,
  { sweep, subject }: Job,
  { notes, vanished, again, memory, calls }: Pause & { readonly calls: number },
): Promise<void> {
  const target = Number(subject);
  await writeNotes(tx, notes, { target, sweep, reading: again ? "again" : "new" });
  await writeVanished(tx, target, vanished);
  await tx.update(targets).set({ memory }).where(eq(targets.id, target));
  await tx
    .update(visits)
    .set({ calls: sql`${visits.calls} + ${calls}` })
    .where(and(eq(visits.sweepId, sweep), eq(visits.targetId, target)));
}
