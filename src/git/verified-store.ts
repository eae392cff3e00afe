/** An object store that believes nothing: every object is held against its id, which is the hash of what it holds. */
import type { Answer, Inventory, LargeObject, ObjectStore, Unreadable } from "./object-store.ts";
import type { OidBytes } from "./oid-table.ts";
import { objectHash } from "./pack/object-hash.ts";

/**
 * `store`, but an object whose content is not what its id says is `Unreadable`; a large one is followed by one. Large
 * objects that nobody takes are read all the same. How packs are built is not told, so that nobody reads past this.
 */
export function verifiedStore(store: ObjectStore, idBytes: OidBytes): ObjectStore {
  return {
    async inventory(signal): Promise<Inventory> {
      const { packs: _, ...inventory } = await store.inventory(signal);
      return inventory;
    },
    async *read(oids, signal) {
      for await (const answers of store.read(oids, signal)) {
        const [first] = answers;
        if (first?.kind === "large") yield* verifiedLarge(first, idBytes);
        else yield answers.map((answer) => verified(answer, idBytes));
      }
    },
  };
}

function verified(answer: Answer, idBytes: OidBytes): Answer {
  if (answer.kind !== "whole") return answer;
  const { oid, type, size, bytes } = answer;
  return objectHash(type, size, idBytes).update(bytes).digest("hex") === oid ? answer : mismatch(oid);
}

async function* verifiedLarge(answer: LargeObject, idBytes: OidBytes): AsyncGenerator<readonly Answer[]> {
  const hash = objectHash(answer.type, answer.size, idBytes);
  let passed = 0;
  let isTaken = false;
  async function* parts(): AsyncGenerator<Uint8Array> {
    isTaken = true;
    for await (const part of answer.parts) {
      hash.update(part);
      passed += part.length;
      yield part;
    }
  }
  yield [{ ...answer, parts: parts() }];
  if (!isTaken) for await (const _ of parts());
  // One that ended early is broken, and the store itself says so.
  if (passed === answer.size && hash.digest("hex") !== answer.oid) yield [mismatch(answer.oid)];
}

const mismatch = (oid: string): Unreadable => ({ kind: "unreadable", oid, reason: "is not what its id says" });
