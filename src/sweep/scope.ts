/** What a sweep was asked to read. */
import { createHash } from "node:crypto";

/** Parts of a repository or of an owner that are off until asked for. */
export const surfaces = ["gists", "wikis", "issues", "discussions", "releases", "actionsLogs", "dangling"] as const;

export type Surface = (typeof surfaces)[number];

/** Everything that decides which targets a sweep has. */
export interface Scope {
  /** Base address of the forge's API; absent for a file of addresses. */
  readonly api?: string;
  readonly orgs: readonly string[];
  readonly users: readonly string[];
  /** Addresses for git, without credentials. */
  readonly addresses: readonly string[];
  /** Whose personal repositories come along. */
  readonly people: { readonly members: boolean; readonly collaborators: boolean; readonly contributors: boolean };
  readonly surfaces: Readonly<Record<Surface, boolean>>;
  readonly forks: boolean;
  readonly archived: boolean;
  /** Globs over `owner/name`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Bytes; a larger repository is not cloned and counts as not read. Absent: no limit. */
  readonly maxCloneSize?: number;
}

/** A digest that is equal for equal scopes, whatever the order of names. */
export function scopeKey(scope: Scope): string {
  return createHash("sha256").update(canonical(scope)).digest("hex").slice(0, 32);
}

/** What a scope is called in a status: `org acme with members, gists`. */
export function scopeName({ orgs, users, addresses, people, surfaces: asked }: Scope): string {
  const named = [
    ...orgs.map((name) => `org ${name}`),
    ...users.map((name) => `user ${name}`),
    ...(addresses.length > 0 ? [`${addresses.length} ${addresses.length === 1 ? "address" : "addresses"}`] : []),
  ].join(", ");
  const with_ = [...Object.entries(people), ...Object.entries(asked)].flatMap(([name, on]) => (on ? [name] : []));
  return with_.length === 0 ? named : `${named} with ${with_.join(", ")}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(",")}}`;
}
