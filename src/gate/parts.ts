/**
 * A push as parts, each judged by the files of its own tips. Else what one branch leaves out would be left out of all
 * of them. Mostly there is one part: one branch, or several with the same files.
 */
import type { Plan } from "../config/plan.ts";
import { addedCommits } from "../git/added.ts";
import { baseline, type TreeFile } from "./laid-files.ts";
import { layPolicy, listing, type Policy, policyFiles } from "./policy.ts";
import type { PushedRef } from "./pushed.ts";
import { type Push, partOf } from "./start.ts";

/** Some of what is pushed, and what it is judged by. */
export interface Part {
  readonly push: Push;
  readonly plan: Plan;
}

/** All parts of a push, at least one, and the folders that hold what their plans name. */
export interface Parts {
  readonly parts: readonly Part[];
  close(): Promise<void>;
}

/** Parts of `push` by what its tips say. Rejects where `planOf` does. */
export async function partsOf(push: Push, planOf: (policy: Policy | undefined) => Promise<Plan>): Promise<Parts> {
  const tips: Tip[] = [];
  // One after the other: a push of all tags has hundreds.
  for (const tip of tipsIn(push.refs)) tips.push({ ...tip, ...(await filesOf(push, tip)) });
  const baselines = tips.flatMap(({ accepted }) => accepted);
  const folders: Policy[] = [];
  const close = async (): Promise<void> => void (await Promise.all(folders.map((policy) => policy.close())));
  const planned = async ({ alike, led }: Group): Promise<Planned[]> => {
    const files = [...(alike[0]?.files ?? []), ...baselines];
    const policy = await layPolicy(push.git, { commits: alike.map(({ oid }) => oid), files });
    if (policy !== undefined) folders.push(policy);
    const plan = await planOf(policy);
    const apart = alike.filter(({ oid }) => policy?.apart().includes(oid));
    const own = { plan, tips: [...alike.filter((tip) => !apart.includes(tip)), ...led] };
    return apart.length === 0 ? [own] : [own, ...(await planned({ alike: apart, led: [] }))];
  };
  try {
    const groups = await grouped(push, tips);
    const all: Planned[] = [];
    for (const group of groups) all.push(...(await planned(group)));
    return { parts: all.map(({ plan, tips }) => ({ plan, push: all.length === 1 ? push : some(push, tips) })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Tip {
  readonly oid: string;
  readonly kind: "branch" | "other" | "notes";
  /** What it goes by, but for what it accepts. */
  readonly files: readonly TreeFile[];
  readonly accepted: readonly TreeFile[];
}

/** Tips with the same files, and those that go by them. */
interface Group {
  readonly alike: Tip[];
  readonly led: Tip[];
}

interface Planned {
  readonly plan: Plan;
  readonly tips: readonly Tip[];
}

/** What is pushed, each id once: branches first, notes last. */
function tipsIn(refs: readonly PushedRef[]): Pick<Tip, "oid" | "kind">[] {
  const kinds = ["branch", "other", "notes"] as const;
  const kindOf = ({ name }: PushedRef): Tip["kind"] =>
    name.startsWith("refs/heads/") ? "branch" : name.startsWith("refs/notes/") ? "notes" : "other";
  const tips = kinds.flatMap((kind) =>
    refs.flatMap((ref) => (ref.oid !== undefined && kindOf(ref) === kind ? [{ oid: ref.oid, kind }] : [])),
  );
  return tips.filter(({ oid }, index) => tips.findIndex((tip) => tip.oid === oid) === index);
}

async function filesOf({ git }: Push, { oid }: Pick<Tip, "oid">): Promise<Pick<Tip, "files" | "accepted">> {
  const all = await policyFiles(git, oid);
  const isBaseline = ({ path }: TreeFile): boolean => path === baseline;
  return { files: all.filter((file) => !isBaseline(file)), accepted: all.filter(isBaseline) };
}

async function grouped(push: Push, tips: readonly Tip[]): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const tip of tips) {
    const same = groups.find(({ alike: [first] }) => listing(first?.files ?? []) === listing(tip.files));
    if (same !== undefined) same.alike.push(tip);
    else {
      const leader = await leaderOf(tip, groups, push);
      if (leader === undefined) groups.push({ alike: [tip], led: [] });
      else leader.led.push(tip);
    }
  }
  return groups.length === 0 ? [{ alike: [], led: [] }] : groups;
}

/** Whose files hold for what is no branch: those of a branch that leads to it. Notes never have files of their own. */
async function leaderOf({ oid, kind }: Tip, groups: readonly Group[], { git }: Push): Promise<Group | undefined> {
  if (kind === "branch") return undefined;
  if (kind === "notes") return groups[0];
  for (const group of groups) {
    const oids = group.alike.filter((tip) => tip.kind === "branch").map((tip) => tip.oid);
    if (oids.length === 0) continue;
    const more = await addedCommits(git, { tips: [oid], known: { oids, refs: [] } });
    if (more.size === 0) return group;
  }
  return undefined;
}

const some = (push: Push, tips: readonly Tip[]): Push => partOf(push, (ref) => tips.some(({ oid }) => oid === ref.oid));
