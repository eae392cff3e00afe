/**
 * How a rule says what its provider is to be asked: the key `verify`. It decides where a secret goes, so that whatever
 * could send one astray is refused here, when the rule is read, and not when it is used.
 */
import { z } from "zod";

/** A status by which a question can be settled: not one by which a server says that it could not answer. */
const status = z
  .int()
  .min(200)
  .max(499)
  .refine((code) => code !== 408 && code !== 425 && code !== 429 && (code < 300 || code >= 400), {
    message: "cannot settle a question: it is a redirect, or says that there is no answer now",
  });

const pointer = z.string().regex(/^(?:\/[^/]*)+$/, "must be a JSON pointer such as /user/login");

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One value or a list of them, read as a list: a union of the two would say of a mistake only that there is one. */
const listed = <T extends z.ZodType>(one: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(one).min(1));

const liveSign = z.strictObject({
  status,
  /** Where to look in a JSON body, and what must stand there: one of these; absent: anything but null. */
  at: pointer.optional(),
  is: listed(scalar).optional(),
  /** What the body must hold, in whatever form it is. */
  text: z.string().min(3).optional(),
});

const deadSign = liveSign.extend({
  /** Only who issued the secret says this ("revoked", "expired"): it stands whatever other addresses say. */
  certain: z.literal(true).optional(),
});

/** A bare status is a sign, too. */
const sign = <T extends typeof liveSign>(one: T) =>
  z.preprocess(
    (value) => (typeof value === "number" ? { status: value } : value),
    one.refine(({ at, is }) => is === undefined || at !== undefined, "`is` needs `at`"),
  );

/** Placeholders of a template. */
export const placeholders = (template: string): readonly string[] =>
  [...template.matchAll(/\{([A-Za-z]\w*)\}/g)].map(([, name = ""]) => name);

const address = z.string().superRefine((template, context) => {
  const problem = addressProblem(template);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: template });
});

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Why a secret cannot be sent to an address, if it cannot. */
function addressProblem(template: string): string | undefined {
  const [, scheme, authority = "", rest] = /^([a-z]+):\/\/([^/?#]*)(.*)$/s.exec(template) ?? [];
  const host = authority.replace(/:\d{1,5}$/, "");
  if (scheme === undefined || host === "" || rest === undefined) return "must be an address: https://host/path";
  if (scheme !== "https" && !(scheme === "http" && loopback.has(host))) return "must begin with https://";
  if (/[@\s\\]/.test(authority)) return "must name a host and nothing else before the path";
  if (rest.includes("#")) return "must have no fragment";
  if (host.includes("{") && !/^\{\w+\}(?:\.[a-z0-9-]+){2,}$/.test(host)) {
    // What a stranger wrote may choose among hosts of one provider, never the provider.
    return "may leave open the first label of its host only, before two that are fixed: {region}.api.example.com";
  }
  if (!host.includes("{") && !URL.canParse(`${scheme}://${host}/`)) return "names no host that there can be";
  if (!rest.startsWith("/")) return "must have a path, if only /: https://host/";
  if (!isAsSent(template)) return "must be written as it is sent: without :443, `..` and what URLs escape";
  return undefined;
}

/** Whether an address is its own normal form. One that is not would be refused whenever it is asked. */
function isAsSent(template: string): boolean {
  const address = template.replace(/\{[A-Za-z]\w*\}/g, "x");
  const written = address.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase());
  return URL.canParse(address) && new URL(address).href === written;
}

const headers = z.record(z.string(), z.string()).superRefine((all, context) => {
  for (const name of Object.keys(all)) {
    const message = headerProblem(name);
    if (message !== undefined) context.addIssue({ code: "custom", path: [name], message, input: name });
  }
});

function headerProblem(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) return "is no name of a header";
  const own = /^(?:host|content-length|transfer-encoding|connection|user-agent|authorization)$/i.test(name);
  return own ? "is set by leaksweep itself (write `authorization` as a key of its own)" : undefined;
}

/** Where placeholders may stand. */
interface Templates {
  readonly get?: readonly string[] | undefined;
  readonly post?: readonly string[] | undefined;
  readonly authorization?: string | undefined;
  readonly basic?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly sign?: { readonly id: string } | undefined;
}

/** All texts of an entry in which placeholders may stand. */
export const templatesOf = ({ get, post, authorization, basic, headers, body, sign }: Templates): readonly string[] =>
  [...(get ?? post ?? []), authorization, basic, ...Object.values(headers ?? {}), body, sign?.id].filter(
    (text) => text !== undefined,
  );

/** The key `verify` of a rule. */
export const verifySchema = z
  .strictObject({
    /** One address, or those of all regions in which the secret can be at home: asked in turn, until one takes it. */
    get: listed(address).optional(),
    post: listed(address).optional(),
    authorization: z.string().min(1).optional(),
    /** Name and password for HTTP's Basic scheme: `api:{secret}`. */
    basic: z.string().includes(":").optional(),
    headers: headers.optional(),
    body: z.string().optional(),
    /** Signs the request with the secret, which is then not sent. */
    sign: z.strictObject({ scheme: z.literal("aws-v4"), id: z.string().min(1), service: z.string().min(1) }).optional(),
    live: z.array(sign(liveSign)).min(1),
    /** Empty where a refusal settles nothing, since servers of one's own issue such secrets, too. */
    dead: z.array(sign(deadSign)),
    /** What to tell of the reply: names, and where each stands in a JSON body or `header:name`. */
    facts: z
      .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.union([pointer, z.string().regex(/^header:[a-z0-9-]+$/)]))
      .optional(),
  })
  .refine(({ get, post }) => (get === undefined) !== (post === undefined), "needs either `get` or `post`")
  .refine(
    ({ authorization, basic, sign }) => [authorization, basic, sign].filter(Boolean).length <= 1,
    "needs one of `authorization`, `basic` and `sign` at most",
  )
  .refine((entry) => entry.sign !== undefined || templatesOf(entry).some((text) => text.includes("{secret}")), {
    message: "does not say where the secret goes: write {secret} there",
  });

/** How a provider is asked, as a rule says it. */
export type VerifyEntry = z.output<typeof verifySchema>;

/** Keys of an entry, for "did you mean". */
export const verifyKeys: readonly string[] = [
  ...Object.keys(verifySchema.shape),
  ...Object.keys(deadSign.shape),
  ...["scheme", "id", "service"],
];
