import { LeaksweepError } from "../errors.ts";

/** The error of a command that works on a repository and was started in a folder that is in none. */
export const notRepository = (folder: string): LeaksweepError =>
  new LeaksweepError("target.not-a-repository", `Cannot find a git repository at "${folder}": there is none`, {
    hint: "Run it inside a repository.",
  });
