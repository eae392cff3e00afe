/**
 * The glob that fits the same paths as a regex, for the few shapes in which people write paths: a folder, an ending, a
 * name. `undefined` for any other: a glob that is nearly right would hide what it should not.
 */
export function globOf(regex: string): string | undefined {
  const shape =
    /^(?<start>\^|\(\?:?\^\|\/\)|\(\^\|\/\))?(?<any>\.\*)?(?<path>(?:[\w\-@ ]|\/|\\[./-])+)(?<end>\$|\.\*\$?|\/\.\*\$?)?$/.exec(
      regex.replace("(?:^|/)", "(^|/)"),
    )?.groups;
  if (shape === undefined) return undefined;
  const { start = "", any = "", end = "" } = shape;
  const path = (shape.path ?? "").replace(/\\(.)/g, "$1");
  const exact = end === "$";
  const isFolder = path.endsWith("/") || end.startsWith("/");
  const from = start === "^" && any === "" ? "" : start !== "" && any === "" ? "**/" : undefined;
  const name = path.replace(/\/$/, "");
  if (from !== undefined && exact) return `${from}${name}`;
  if (from !== undefined && isFolder) return `${from}${name}/**`;
  // An ending that stands anywhere: `\.lock$`.
  return from === undefined && exact && /^\.[\w.-]+$/.test(path) ? `**/*${path}` : undefined;
}
