/**
 * Who would be asked about what. To plan is to compose every request once, so that what cannot be asked is known
 * before anything is sent, and what is shown beforehand is what is sent.
 */
import type { Secret } from "../../bytes/secret.ts";
import type { Finding, Question, QuestionFor } from "../../terms.ts";
import { type Asked, type Inquiry, inquiryOf } from "./inquiry.ts";
import { Unfit, type Values } from "./template.ts";

/** A finding that can be asked about. */
export interface Asking {
  readonly finding: Finding;
  readonly question: Question;
  /** Hosts and addresses, with `{secret}` and the like still in them, in the order in which they are asked. */
  readonly stations: readonly Station[];
  /** What to put into the templates: several where several other parts were found. Holds secrets, so made on demand. */
  readonly values: () => readonly Values[];
  /** Why the secret can be alive though all that are asked refuse it; without one, they are all that can know it. */
  readonly doubt?: string;
}

/** Where a question is put. */
export interface Station {
  readonly host: string;
  /** One of the question's `urls`. */
  readonly template: string;
}

/** A finding that is not asked about. */
export interface Left {
  readonly finding: Finding;
  readonly reason: string;
}

export interface AskingPlan {
  readonly askings: readonly Asking[];
  readonly left: readonly Left[];
}

export interface PlanOptions {
  readonly questionFor: QuestionFor;
  /** Hosts and providers; when there are any, nobody else is asked. */
  readonly only: readonly string[];
  readonly now: Date;
}

/** Other parts with which one secret is tried. */
const mostPartners = 3;

/** Sorts findings into those that can be asked about and those that cannot, in their order. */
export function planAskings(findings: readonly Finding[], options: PlanOptions): AskingPlan {
  const sorted = findings.map((finding) => asking(finding, options));
  return {
    askings: sorted.filter((one) => "question" in one),
    left: sorted.filter((one) => "reason" in one),
  };
}

function asking(finding: Finding, { questionFor, only, now }: PlanOptions): Asking | Left {
  const { rule, secret, verdict } = finding;
  if (secret === undefined) return { finding, reason: "it is a setting and no secret" };
  if (secret.length === 0) return { finding, reason: "the secret itself is not known" };
  // Somebody has looked at it and said that it may stay: often since it is an example.
  if (verdict === "allowed") return { finding, reason: "it is allowed" };
  const question = questionFor(rule);
  if (question === undefined) return { finding, reason: "no way to ask is known" };
  const values = () => valuesOf(finding, secret, question);
  const { stations, problem } = stationsFor(question, values(), now);
  if (stations.length === 0) return { finding, reason: problem ?? "there is nobody to ask" };
  const wanted = stations.filter(({ host }) => isWanted(only, rule.provider, host));
  if (wanted.length === 0) return { finding, reason: "left out by --only" };
  const isAll = wanted.length === stations.length;
  const doubt = isAll ? doubtAbout(finding, question, problem) : "not all its addresses were asked, as --only wished";
  return { finding, question, stations: wanted, values, ...(doubt !== undefined && { doubt }) };
}

/** Where a question can be put, and what is wrong with the first of the values with which it cannot. */
function stationsFor(question: Question, values: readonly Values[], now: Date) {
  const posed = question.urls.flatMap((template) =>
    values.map((one) => ({ template, host: hostOf(question, template, { values: one, now }) })),
  );
  const fit = posed.flatMap(({ template, host }) => (host instanceof Unfit ? [] : [{ template, host }]));
  const problem = posed.map(({ host }) => host).find((host) => host instanceof Unfit)?.message;
  return { stations: distinct(fit), problem };
}

/** The host to which some values lead, or why they lead nowhere: other values of the same secret may. */
function hostOf(question: Question, template: string, asked: Asked): string | Unfit {
  try {
    return inquiryOf(question, template, asked).url.host;
  } catch (error) {
    if (error instanceof Unfit) return error;
    throw error;
  }
}

/**
 * What is left open when all addresses refuse. Parts are matched by the lines between them, so that the part beside a
 * secret may be that of another one; and the words of a refusal mostly speak of that part (AWS: no such id).
 */
function doubtAbout(finding: Finding, question: Question, problem: string | undefined): string | undefined {
  if (problem !== undefined) return `it could not be asked about in every way: ${problem}`;
  if (hasPartner(question) && partnersOf(finding).length > mostPartners) {
    return `more other parts stand near it than the ${mostPartners} that were tried`;
  }
  return hasPartner(question) || question.sign !== undefined
    ? "together with the part beside it, which may be that of another secret"
    : undefined;
}

/** Whether a provider, or one of its hosts, is among those to ask. */
const isWanted = (only: readonly string[], provider: string, host: string): boolean =>
  only.length === 0 || only.includes(provider) || only.includes(host);

const distinct = (stations: readonly Station[]): Station[] => [
  ...new Map(stations.map((station) => [`${station.template} ${station.host}`, station])).values(),
];

/** The secret, what its pattern named besides, and its other part; once for each other part that was found. */
function valuesOf(finding: Finding, secret: Secret, question: Question): readonly Values[] {
  const named = Object.entries(finding.facts).map(([name, fact]) => [name, String(fact)] as const);
  const own = { ...Object.fromEntries(named), secret: textOf(secret) };
  const partners = hasPartner(question) ? partnersOf(finding).slice(0, mostPartners) : [];
  return partners.length === 0 ? [own] : partners.map((one) => ({ ...own, near: textOf(one.secret) }));
}

const partnersOf = ({ rule, components }: Finding): Finding["components"] =>
  components.filter((one) => one.rule === rule.near?.rule);

/** Whether a question is put with another part than the secret. */
const hasPartner = ({ urls, headers, basic, body, sign }: Question): boolean =>
  [...urls, ...Object.values(headers), basic, body, sign?.id].some((template) => template?.includes("{near}"));

/** Bytes as they are; what is no ASCII is refused wherever it would be put. */
const textOf = (secret: Secret): string => Buffer.from(secret.reveal()).toString("latin1");

/** A request about one set of values; `make` makes it anew, for these or for others, at the time when it is sent. */
export interface Posed {
  readonly values: Values;
  readonly make: (values: Values) => Inquiry;
}

/** The requests of an asking at one of its stations: one for each set of values that leads there. */
export function inquiriesAt(
  { question, values }: Asking,
  { template, host }: Station,
  now: () => Date,
): readonly Posed[] {
  const make = (values: Values): Inquiry => inquiryOf(question, template, { values, now: now() });
  return values()
    .filter((one) => hostOf(question, template, { values: one, now: now() }) === host)
    .map((one) => ({ values: one, make }));
}
