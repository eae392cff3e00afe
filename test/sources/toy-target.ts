import { type OpenRequest, openTarget } from "../../src/sources/open.ts";
import { traceToy } from "./toy-engine.ts";

/** A request for all of the folder that tests run in. */
export const wanted: OpenRequest = {
  command: "scan",
  paths: ["."],
  env: {},
  signal: new AbortController().signal,
  onPhase: () => {},
  selection: { kind: "all" },
  excluded: () => false,
  ignored: false,
  allowShallow: false,
  allowPartial: false,
  trustTarget: false,
};

/**
 * Reads a target with the toy engine: `<path> <secret> <status>` of every run, `<by> <path> <reason>` of every skip, and
 * how many files were read.
 */
export async function readToy(
  request: Partial<OpenRequest>,
): Promise<{ found: string[]; skips: string[]; files: number }> {
  const { parts, close } = await openTarget({ ...wanted, ...request });
  const found: string[] = [];
  const said: string[] = [];
  let read = 0;
  for (const { source, prefix } of parts) {
    const { traced, name, skips, files } = await traceToy(source);
    read += files;
    for (const [mark, { runs }] of traced.marks) {
      for (const { path, status } of runs) found.push(`${prefix}${path} ${name(mark)} ${status}`);
    }
    for (const { by, path = "", reason } of skips) said.push(`${by} ${prefix}${path} ${reason}`);
  }
  await close();
  return { found: found.sort(), skips: said.sort(), files: read };
}
