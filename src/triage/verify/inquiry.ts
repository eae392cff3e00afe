import type { Question } from "../../terms.ts";
import { signature } from "./sigv4.ts";
import { fill, inAddress, inForm, inHeader, inHost, inJson, Unfit, type Values } from "./template.ts";

/** A request as it is sent. It holds the secret: it is made at the last moment and never printed. */
export interface Inquiry {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The request by which `question` is asked at one of its addresses.
 *
 * @param template One of the question's `urls`.
 * @throws Unfit when a value is missing or cannot stand where it goes.
 */
export function inquiryOf(question: Question, template: string, { values, now }: Asked): Inquiry {
  const url = addressOf(template, values);
  const body = bodyOf(question, values);
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(question.headers)) headers[name] = fill(text, values, inHeader);
  if (body !== undefined) headers["content-type"] ??= contentType(body);
  if (question.basic !== undefined) {
    const login = fill(question.basic, values, (value) => value);
    headers.authorization = `Basic ${Buffer.from(login, "latin1").toString("base64")}`;
  }
  const inquiry = { method: question.method, url, headers, ...(body !== undefined && { body }) };
  if (question.sign === undefined) return inquiry;
  const { id, service } = question.sign;
  const key = { id: fill(id, values, inHeader), secret: values.secret ?? "" };
  return { ...inquiry, headers: { ...headers, ...signature(inquiry, { key, service, now }) } };
}

/** What a request is made of besides its question. */
export interface Asked {
  readonly values: Values;
  readonly now: Date;
}

/**
 * An address with its values in it. Whatever they hold, it names the host that the template names, and the path that it
 * names: what would end up elsewhere is refused.
 */
function addressOf(template: string, values: Values): URL {
  const [, scheme = "", host = "", rest = ""] = /^([a-z]+:\/\/)([^/?#]*)(.*)$/s.exec(template) ?? [];
  const address = `${scheme}${fill(host, values, inHost)}${fill(rest, values, inAddress)}`;
  // A label of letters and digits can still be none: `xn--` and what is no punycode.
  if (!URL.canParse(address)) throw new Unfit("a part of it makes no address");
  const url = new URL(address);
  if (url.href !== address.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase())) {
    throw new Unfit("a part of it would change the address");
  }
  return url;
}

function bodyOf({ body, headers }: Question, values: Values): string | undefined {
  if (body === undefined) return undefined;
  const isForm = (headers["content-type"] ?? contentType(body)).startsWith(form);
  return fill(body, values, isForm ? inForm : inJson);
}

const form = "application/x-www-form-urlencoded";

const contentType = (body: string): string => (/^\s*[{["]|^null$/.test(body) ? "application/json" : form);
