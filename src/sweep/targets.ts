/** From what a forge lists to the targets of a sweep: what the user left out, and the other surfaces of a repository. */
import { sql } from "drizzle-orm";
import { pathMatcher } from "../bytes/glob.ts";
import type { FoundTarget, TargetKind } from "../sources/forge.ts";
import type { Scope } from "./scope.ts";
import { targets, visits } from "./store/schema.ts";
import type { Database } from "./store/store.ts";

interface Planned {
  readonly target: FoundTarget;
  /** Why the user's flags leave it out. */
  readonly excluded?: string;
}

/** Rows written by one statement: each has some twenty parameters, and there may be 65,535. */
const rowsAtOnce = 500;

/** Writes what was found as targets, and a visit of this sweep to each. Found twice is as good as once. */
export async function planTargets(
  tx: Database,
  found: readonly FoundTarget[],
  { sweep, scope }: { readonly sweep: number; readonly scope: Scope },
): Promise<void> {
  const chosen = chooser(scope);
  const planned = found.flatMap((target) => [target, ...surfacesOf(target, scope)]).map((target) => chosen(target));
  // One statement cannot write one row twice.
  const once = [...new Map(planned.map((one) => [one.target.key, one])).values()];
  for (let at = 0; at < once.length; at += rowsAtOnce) await writeTargets(tx, once.slice(at, at + rowsAtOnce), sweep);
}

async function writeTargets(tx: Database, planned: readonly Planned[], sweep: number): Promise<void> {
  const now = sql`excluded.name`;
  const rows = await tx
    .insert(targets)
    .values(planned.map(({ target }) => rowOf(target)))
    .onConflictDoUpdate({
      target: targets.key,
      set: {
        name: now,
        owner: sql`excluded.owner`,
        url: sql`excluded.url`,
        web: sql`excluded.web`,
        parent: sql`coalesce(excluded.parent, ${targets.parent})`,
        traits: sql`excluded.traits`,
        kilobytes: sql`excluded.kilobytes`,
        pushed: sql`excluded.pushed`,
        lastSeen: sql`now()`,
        gone: null,
      },
    })
    .returning({ id: targets.id, key: targets.key });
  const reasons = new Map(planned.map(({ target, excluded }) => [target.key, excluded]));
  const planning = rows.map(({ id, key }) => {
    const reason = reasons.get(key);
    const left = reason === undefined ? {} : { state: "excluded" as const, reason, ended: new Date() };
    return { sweepId: sweep, targetId: id, ...left };
  });
  if (planning.length > 0) await tx.insert(visits).values(planning).onConflictDoNothing();
}

const rowOf = (target: FoundTarget): typeof targets.$inferInsert => ({
  key: target.key,
  kind: target.kind,
  name: target.name,
  owner: target.owner,
  url: target.url,
  web: target.web ?? null,
  parent: target.parent ?? null,
  traits: target.traits,
  kilobytes: target.kilobytes ?? null,
  pushed: target.pushed ?? null,
});

/** The surfaces of a repository that the scope asks for, as targets of their own. */
function surfacesOf(repository: FoundTarget, { surfaces }: Scope): FoundTarget[] {
  if (repository.kind === "gist" && surfaces.gists) return [surface(repository, "gist-comments", repository.url)];
  if (repository.kind !== "repository" || repository.traits.disabled) return [];
  const { name, url, traits } = repository;
  const wanted: readonly (readonly [on: boolean, kind: TargetKind, url: string])[] = [
    [surfaces.wikis && traits.wiki === true, "wiki", url.replace(/(?:\.git)?\/?$/, ".wiki.git")],
    [surfaces.issues, "issues", name],
    [surfaces.discussions && traits.discussions === true, "discussions", name],
    [surfaces.releases, "releases", name],
    [surfaces.actionsLogs, "actions-logs", name],
  ];
  return wanted.flatMap(([on, kind, url]) => (on ? [surface(repository, kind, url)] : []));
}

const surface = ({ key, name, owner, web, traits }: FoundTarget, kind: TargetKind, url: string): FoundTarget => ({
  key: `${key}#${kind}`,
  kind,
  name: `${name}#${kind}`,
  owner,
  url,
  ...(web !== undefined && { web }),
  parent: key,
  traits,
});

/** Says of a target whether the user's flags leave it out. */
function chooser({ forks, archived, include, exclude }: Scope): (target: FoundTarget) => Planned {
  const included = pathMatcher(include);
  const excluded = pathMatcher(exclude);
  return (target) => {
    const [name = ""] = target.name.split("#");
    const { fork, archived: isArchived } = target.traits;
    if (include.length > 0 && !included(name)) return { target, excluded: "no --include names it" };
    if (exclude.length > 0 && excluded(name)) return { target, excluded: "an --exclude names it" };
    if (!forks && fork) return { target, excluded: "is a fork (--forks reads them)" };
    if (!archived && isArchived) return { target, excluded: "is archived" };
    return { target };
  };
}
