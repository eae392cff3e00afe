import { Minimatch } from "minimatch";

/** Without the bound, `{a,b}` written twenty times would become a million patterns. */
const options = { dot: true, braceExpandMax: 1000 };

/** A glob without a slash stands for that name in every folder. */
const compile = (glob: string): Minimatch => new Minimatch(glob.includes("/") ? glob : `**/${glob}`, options);

/**
 * A test of `/`-separated paths: whether one of `globs` fits the path or a folder that it is below, so that
 * `node_modules` stands for all that is in such a folder. `**` crosses folders, hidden names are names like any
 * other; a slash at a glob's end says nothing.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const compiled = globs.map((glob) => compile(glob.replace(/\/+$/, "")));
  const fits = (path: string): boolean => compiled.some((glob) => glob.match(path));
  return (path) => {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      if (end > 0 && fits(path.slice(0, end))) return true;
    }
    return fits(path);
  };
}

/**
 * Whether one of `globs` fits `path` itself, for callers that cannot keep a compiled test. Most paths are refused by
 * the letters that a glob ends with, before anything is compiled.
 */
export const matchesGlob = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => path.endsWith(/[^*?[\]{}()!+@|\\/]*$/.exec(glob)?.[0] ?? "") && compile(glob).match(path));
