/** What a reply means. It comes from a stranger: nothing of it is believed that the question did not name. */
import type { Facts, Liveness, Question, Sign } from "../../terms.ts";
import type { Reply } from "./http.ts";

/** What was found out about a secret. */
export interface Answer {
  readonly liveness: Exclude<Liveness, "unchecked">;
  /** Why it is unknown. */
  readonly reason?: string;
  /** What the reply told besides. */
  readonly facts: Facts;
  /** Of a refusal: that it comes from who issued the secret, so that it stands whatever others say. */
  readonly certain?: true;
}

/** The answer in a reply: live or dead when a sign for one and none for the other is there; else unknown. */
export function answerIn(reply: Reply, question: Question): Answer {
  const read = reader(reply);
  const isLive = question.live.some((sign) => fits(sign, reply, read));
  const dead = question.dead.filter((sign) => fits(sign, reply, read));
  if (isLive && dead.length === 0) return { liveness: "live", facts: factsIn(reply, question, read) };
  if (dead.length > 0 && !isLive) {
    return { liveness: "dead", facts: {}, ...(dead.some(({ certain }) => certain) && { certain: true }) };
  }
  return { liveness: "unknown", reason: doubt(reply, isLive), facts: {} };
}

/**
 * Whether a reply is a no to a secret that was made up. It need not be one of the words for a secret that is over: all
 * counts that a server says for itself and that is no yes.
 */
export function isRefusal(reply: Reply, question: Question): boolean {
  const read = reader(reply);
  const { status, whole } = reply;
  const isOwnWord = (status >= 200 && status < 300) || (status >= 400 && status < 500 && !passing.has(status));
  return whole && isOwnWord && !question.live.some((sign) => fits(sign, reply, read));
}

/** Statuses by which a server, or who stands before it, says that it cannot answer now. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

function doubt({ status, whole }: Reply, contradicts: boolean): string {
  if (contradicts) return `its answer (${status}) says both yes and no`;
  if (status >= 300 && status < 400) return `it answered ${status}, a redirect, which is not followed`;
  return `it answered ${status}${whole ? "" : " at great length"}, which settles nothing`;
}

type Read = (pointer: string) => unknown;

function fits({ status, at, is, text }: Sign, reply: Reply, read: Read): boolean {
  if (reply.status !== status) return false;
  if (text !== undefined && !reply.body.includes(text)) return false;
  if (at === undefined) return true;
  const found = read(at);
  return is === undefined ? found !== undefined && found !== null : is.some((one) => one === found);
}

/** Reads values of a JSON body by JSON pointer (RFC 6901); undefined where there is none. The body is parsed once. */
function reader({ body, whole }: Reply): Read {
  let parsed: { readonly value: unknown } | undefined;
  return (pointer) => {
    parsed ??= { value: whole ? parse(body) : undefined };
    const steps = pointer.slice(1).split("/");
    return steps.reduce<unknown>((value, step) => {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      return typeof value === "object" && value !== null && Object.prototype.propertyIsEnumerable.call(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
    }, parsed.value);
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function factsIn({ headers }: Reply, { facts }: Question, read: Read): Facts {
  const told = Object.entries(facts).flatMap(([name, place]) => {
    const found = place.startsWith("header:") ? headers[place.slice("header:".length)] : read(place);
    const fact = factOf(found);
    return fact === undefined ? [] : [[name, fact] as const];
  });
  return Object.fromEntries(told);
}

/** A value fit for a report: one short line, and nothing in it that a terminal would obey. */
function factOf(value: unknown): string | number | boolean | undefined {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
  const text = Array.isArray(value) ? value.filter((one) => typeof one === "string").join(", ") : value;
  if (typeof text !== "string") return undefined;
  const line = text
    .slice(0, 4 * longestFact)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
  if (line === "") return undefined;
  return line.length <= longestFact ? line : `${line.slice(0, longestFact - 1)}…`;
}

const longestFact = 160;
