/** Places as SARIF 2.1.0 wants them: percent-encoded, relative to the repository, with regions that exist. */
import type { Location, PhysicalLocation, Region } from "sarif";
import type { Finding, Occurrence } from "../terms.ts";
import { anchorOf } from "./anchor.ts";
import { printable } from "./escape.ts";
import { placeName } from "./place.ts";
import type { RenderOptions } from "./reporter.ts";
import { shown } from "./veil.ts";

/** Name of the folder that all URIs of a run are relative to; GitHub takes it for the root of the checkout. */
export const root = "%SRCROOT%";

/** One place of a finding. `id` numbers it within its result. */
export function locationOf(
  occurrence: Occurrence,
  { id, finding, options }: { id: number; finding: Finding; options: RenderOptions },
): Location {
  const { path, region } = anchorOf(occurrence);
  const physicalLocation: PhysicalLocation = {
    artifactLocation: { uri: uriOf(path), uriBaseId: root },
    region: region === undefined ? { startLine: 1 } : regionOf(region, finding, options),
  };
  return {
    id,
    physicalLocation,
    // A file in the working tree needs no second name.
    ...(region !== undefined && path === occurrence.path
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: printable(placeName(occurrence)), kind: "resource" }] }),
    properties: {
      where: occurrence.where,
      status: occurrence.status,
      commit: occurrence.commit,
      blob: occurrence.blob,
      url: occurrence.url,
      decoded: occurrence.decoded,
    },
  };
}

function regionOf(at: Required<Region> | Region, { secret }: Finding, options: RenderOptions): Region {
  const { startLine = 1, startColumn = 1, endLine = startLine, endColumn = startColumn } = at;
  const text = secret === undefined ? undefined : shown(secret, options);
  return { startLine, startColumn, endLine, endColumn, ...(text !== undefined && { snippet: { text } }) };
}

/** A relative URI reference for a path, each segment encoded; what is no Unicode becomes U+FFFD. */
export const uriOf = (path: string): string =>
  path
    .split("/")
    .map((segment) => encodeURIComponent(Buffer.from(segment).toString()))
    .join("/");

/** Text for a message. SARIF reads `[text](address)` and `{0}` in messages; a name from a repository must not become either (3.11.5, 3.11.6). */
export const plain = (text: string): string => printable(text).replaceAll("](", "] (").replace(/[{}]/g, "$&$&");
