/** Tar: ustar, pax and GNU's extensions (POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format"). */
import { OverBudget } from "./budget.ts";
import { damage, type Unpacker } from "./unpacker.ts";

export const tar: Unpacker = {
  async *members(bytes, budget) {
    const { createTarDecoder } = await import("modern-tar");
    try {
      // Strict: a header that is broken is to be told of, and not to be taken for the end.
      const entries = new Blob([bytes as Uint8Array<ArrayBuffer>])
        .stream()
        .pipeThrough(createTarDecoder({ strict: true }));
      for await (const { header, body } of entries) {
        budget.takeMember();
        if (header.type !== undefined && header.type !== "file") {
          await body.cancel();
          continue;
        }
        budget.takeBytes(header.size);
        yield {
          path: header.name.replace(/^(?:\.\/)+/, ""),
          bytes: new Uint8Array(await new Response(body).arrayBuffer()),
        };
      }
    } catch (error) {
      if (error instanceof OverBudget) throw error;
      yield { path: "", reason: damage(error) };
    }
  },
};
