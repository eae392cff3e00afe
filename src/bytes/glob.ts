import { Minimatch } from "minimatch";

/** Without the bound, `{a,b}` written twenty times would become a million patterns. */
const options = { dot: true, braceExpandMax: 1000 };

/** A glob without a slash stands for that name in every folder. */
const compile = (glob: string): Minimatch => new Minimatch(glob.includes("/") ? glob : `**/${glob}`, options);

/**
 * A test of `/`-separated paths: whether one of `globs` fits. `**` crosses folders, hidden names are names like any
 * other.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const compiled = globs.map(compile);
  return (path) => compiled.some((glob) => glob.match(path));
}

/**
 * Whether one of `globs` fits `path`, for callers that cannot keep a compiled test. Most paths are refused by the
 * letters that a glob ends with, before anything is compiled.
 */
export const matchesGlob = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => path.endsWith(/[^*?[\]{}()!+@|\\/]*$/.exec(glob)?.[0] ?? "") && compile(glob).match(path));
