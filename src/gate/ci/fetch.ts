import { LeaksweepError } from "../../errors.ts";
import { deepen } from "../../git/deepen.ts";
import type { Repository } from "../../git/repository.ts";
import { networkOf } from "../../sources/network.ts";
import { type CiEnvironment, type CiEvent, isId } from "./event.ts";
import { missingOf } from "./missing.ts";

/**
 * Fetches what the checkout lacks of an event's commits and branches, and all of a shallow history; nothing when it
 * lacks nothing. Throws "git.failed" when the forge does not give what the event can't be judged without.
 */
export async function fetchMissing(
  repository: Repository,
  event: CiEvent,
  { env, signal }: { env: CiEnvironment; signal: AbortSignal },
): Promise<void> {
  const { needed, useful } = missingOf(event);
  const [url = ""] = repository.remotes()[0]?.urls ?? [];
  const network = { ...networkOf(env, url), signal };
  const absent = await absentOf(repository, needed);
  if (repository.shallow || absent.length > 0) await deepen(repository, { wants: absent, ...network });
  for (const want of await absentOf(repository, useful)) {
    await deepen(repository, { wants: [want], ...network }).catch((error: unknown) => {
      // A forge may refuse it, and then more is judged.
      if (!(error instanceof LeaksweepError)) throw error;
    });
  }
}

/** Those of `wants` whose commit is not here: the id, or the ref that a refspec would write to. */
async function absentOf({ git }: Repository, wants: readonly string[]): Promise<string[]> {
  const here = await Promise.all(
    wants.map(async (want) => {
      const name = isId(want) ? want : (want.split(":")[1] ?? want);
      const ask = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
      return (await git.run(ask, { okCodes: [0, 1, 128] })) !== "";
    }),
  );
  return wants.filter((_, index) => !here[index]);
}
