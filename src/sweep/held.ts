/** Findings of a store as a table wants them: who holds what, since when, for how long. */
import type { Held, Holding } from "../report/holdings.ts";
import { type Known, knownFindings, repositoryOf, type Sight, type Wanted } from "./picture.ts";
import { type NewestSweep, newestSweep } from "./status.ts";
import type { Store } from "./store/store.ts";

const day = 86_400_000;

/** What the store holds of what is wanted. `now` ends the time of what still stands. */
export async function heldIn(store: Store, wanted: Wanted, now: Date): Promise<Held[]> {
  const newest = await newestSweep(store);
  const known = await knownFindings(store, wanted);
  return known.map((one) => heldOf(one, { newest, now }));
}

function heldOf({ finding, sights }: Known, { newest, now }: { newest: NewestSweep; now: Date }): Held {
  const { fingerprint, rule, name, provider, severity, confidence, secret, firstSweep } = finding;
  // In the first sweep of all everything is new, which says nothing.
  const fresh = firstSweep === newest.id && !newest.isFirst;
  const holdings = sights.map((sight) => holdingOf(sight, now));
  return { fingerprint, rule, name, provider, severity, confidence, secret, fresh, holdings };
}

function holdingOf({ place, target }: Sight, now: Date): Holding {
  const { introduced, removed, occurrences, further, firstSeen, lastSeen, status, verdict } = place;
  const since = introduced ? Date.parse(introduced.date) : firstSeen.getTime();
  // Of a text that was deleted nobody says when: it is known to have stood on the day when it was last seen.
  const removal = removed ? Date.parse(removed.date) : status === "removed" ? lastSeen.getTime() : now.getTime();
  const until = status === "present" ? now.getTime() : removal;
  return {
    repository: repositoryOf(target),
    owner: target.owner,
    status,
    verdict,
    path: occurrences[0]?.path ?? "",
    url: occurrences[0]?.url ?? target.web,
    places: occurrences.length + further,
    introduced: introduced && {
      date: introduced.date,
      by: introduced.author.name,
      email: introduced.author.email,
      commit: introduced.commit || null,
    },
    removed: removed && { date: removed.date, by: removed.author.name, commit: removed.commit || null },
    days: Math.max(0, Math.floor((until - since) / day)),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    gone: target.gone !== null,
  };
}
