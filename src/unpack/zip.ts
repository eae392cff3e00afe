/** Zip (PKWARE APPNOTE 6.3), and what is zip by another name: jar, war, apk, docx, xlsx, pptx, odt. */
import { type Budget, gather, OverBudget } from "./budget.ts";
import { documentText } from "./document.ts";
import { bufferOf, damage, type Member, type Unpacker, type Unread } from "./unpacker.ts";

export const zip: Unpacker = {
  async *members(bytes, budget) {
    const { fromBufferPromise } = await import("yauzl");
    try {
      // Names are not decoded by the library: it would refuse a whole archive for one that leads out of it.
      const file = await fromBufferPromise(bufferOf(bytes), { lazyEntries: true, decodeStrings: false });
      for await (const entry of file.eachEntry()) {
        budget.takeMember();
        const path = nameOf(entry as unknown as Named);
        if (path.endsWith("/")) continue;
        yield* readEntry(path, entry.isEncrypted() ? undefined : () => file.openReadStreamPromise(entry), budget);
      }
    } catch (error) {
      if (error instanceof OverBudget) throw error;
      yield { path: "", reason: damage(error) };
    }
  },
};

/** An entry whose name was left as bytes. */
interface Named {
  readonly fileName: Buffer;
  readonly generalPurposeBitFlag: number;
}

/** Bit 11 of the flags: the name is UTF-8. Else it is CP437, of which ASCII is what matters. */
const nameOf = ({ fileName, generalPurposeBitFlag }: Named): string =>
  fileName.toString(generalPurposeBitFlag & 0x800 ? "utf8" : "latin1").replaceAll("\\", "/");

async function* readEntry(
  path: string,
  open: (() => Promise<AsyncIterable<Uint8Array>>) | undefined,
  budget: Budget,
): AsyncIterable<Member | Unread> {
  if (open === undefined) {
    yield { path, reason: "is encrypted" };
    return;
  }
  try {
    const bytes = await gather(await open(), budget);
    yield { path, bytes };
    const text = documentText(path, bytes);
    if (text !== undefined) yield { path, bytes: text };
  } catch (error) {
    if (error instanceof OverBudget) throw error;
    yield { path, reason: damage(error) };
  }
}
