/**
 * A result without its secrets. Redacting `secret` alone is not enough: a token can be part of a branch name or of a
 * file name, or stand in the URL that a skip complains about. So every string of a result passes through a veil
 * before a reporter sees any of it, and no reporter has to remember.
 */
import type { Secret } from "../bytes/secret.ts";
import type { CommitInfo, Facts, Finding, Occurrence, Result, Skip, Target } from "../terms.ts";

/**
 * `result` with each known secret in its strings replaced by the redacted form. Secrets shorter than 16 characters
 * are only looked for in findings that were made in a name (path, ref, author, config): elsewhere a password like
 * "postgres" would black out honest paths.
 */
export function veiled(result: Result): Result {
  const hide = veilOver(result.findings.flatMap(secretsOf));
  return {
    ...result,
    target: targetOf(result.target, hide),
    skips: result.skips.map((skip) => skipOf(skip, hide)),
    findings: result.findings.map((finding) => {
      const named = finding.secret !== undefined && finding.occurrences.some(({ where }) => names.has(where));
      return findingOf(finding, named ? (text) => replaceOwn(hide(text), finding.secret) : hide);
    }),
  };
}

/** The private bytes as text: UTF-8, or latin1 where they are not. */
export function textOf(secret: Secret): string {
  const bytes = Buffer.from(secret.reveal());
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}

/** `secret` as a reporter shows it. */
export const shown = (secret: Secret, { redact }: { redact: boolean }): string =>
  redact ? secret.redacted : textOf(secret);

type Hide = (text: string) => string;

const names: ReadonlySet<string> = new Set<Occurrence["where"]>(["path", "ref", "author", "config"]);

const secretsOf = ({ secret, components }: Finding): Secret[] => [
  ...(secret === undefined ? [] : [secret]),
  ...components.map((component) => component.secret),
];

const shortest = 16;
const headLength = 8;

/**
 * Replaces every secret of `secrets` that is long enough. Secrets are looked up by their first characters, so that a
 * text costs its length, not the number of secrets.
 */
function veilOver(secrets: readonly Secret[]): Hide {
  const byHead = new Map<string, Map<string, string>>();
  // Of two secrets that begin alike the longer one must be tried first, or its tail would show.
  for (const secret of [...secrets].sort((one, other) => other.length - one.length)) {
    const text = textOf(secret);
    if (text.length < shortest) continue;
    const head = text.slice(0, headLength);
    byHead.set(head, (byHead.get(head) ?? new Map<string, string>()).set(text, secret.redacted));
  }
  return (text) => {
    let hidden = "";
    let from = 0;
    for (let at = 0; at + shortest <= text.length; at++) {
      for (const [secret, redacted] of byHead.get(text.slice(at, at + headLength)) ?? []) {
        if (at < from || !text.startsWith(secret, at)) continue;
        hidden += text.slice(from, at) + redacted;
        from = at + secret.length;
      }
    }
    return hidden + text.slice(from);
  };
}

const replaceOwn = (text: string, secret: Secret | undefined): string =>
  secret === undefined || secret.length === 0 ? text : text.replaceAll(textOf(secret), () => secret.redacted);

const targetOf = (target: Target, hide: Hide): Target => ({
  ...target,
  path: hide(target.path),
  url: target.url === null ? null : hide(target.url),
  range: target.range === null ? null : hide(target.range),
});

const skipOf = (skip: Skip, hide: Hide): Skip => ({
  ...skip,
  ...(skip.path === undefined ? {} : { path: hide(skip.path) }),
  reason: hide(skip.reason),
});

const findingOf = (finding: Finding, hide: Hide): Finding => ({
  ...finding,
  ...(finding.verdictReason === undefined ? {} : { verdictReason: hide(finding.verdictReason) }),
  ...(finding.livenessReason === undefined ? {} : { livenessReason: hide(finding.livenessReason) }),
  ...(finding.introduced === undefined ? {} : { introduced: commitOf(finding.introduced, hide) }),
  ...(finding.removed === undefined ? {} : { removed: commitOf(finding.removed, hide) }),
  facts: factsOf(finding.facts, hide),
  refs: finding.refs.map(hide),
  occurrences: finding.occurrences.map((occurrence) => ({
    ...occurrence,
    path: hide(occurrence.path),
    member: occurrence.member === null ? null : hide(occurrence.member),
    url: occurrence.url === null ? null : hide(occurrence.url),
  })),
});

const commitOf = (info: CommitInfo, hide: Hide): CommitInfo => ({
  ...info,
  author: { name: hide(info.author.name), email: hide(info.author.email) },
});

const factsOf = (facts: Facts, hide: Hide): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, typeof fact === "string" ? hide(fact) : fact]));
