import { isAbsolute, relative, sep } from "node:path";

/** `path` as a repository names what is in its root folder `root`: with slashes; `undefined` for what is not in it. */
export function pathWithin(root: string, path: string): string | undefined {
  const within = relative(root, path).split(sep).join("/");
  return within === "" || /^\.\.(?:\/|$)/.test(within) || isAbsolute(within) ? undefined : within;
}
