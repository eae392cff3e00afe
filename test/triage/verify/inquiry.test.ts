import { expect, it } from "vitest";
import type { Question } from "../../../src/terms.ts";
import { inquiryOf } from "../../../src/triage/verify/inquiry.ts";
import { madeUp } from "../../../src/triage/verify/made-up.ts";
import { Unfit } from "../../../src/triage/verify/template.ts";

const question = (parts: Partial<Question>): Question => ({
  method: "GET",
  urls: [],
  headers: {},
  live: [{ status: 200 }],
  dead: [],
  facts: {},
  ...parts,
});

const compose = (template: string, values: Record<string, string>, parts: Partial<Question> = {}) =>
  inquiryOf(question(parts), template, { values, now: new Date(0) });

it("a value in an address is escaped, a colon aside", () => {
  const { url } = compose("https://api.example/bot{secret}/me?k={secret}", { secret: "12:a/b?c#d&e=%f" });
  expect(url.href).toBe("https://api.example/bot12:a%2Fb%3Fc%23d%26e%3D%25f/me?k=12:a%2Fb%3Fc%23d%26e%3D%25f");
});

it.each([
  ["https://{near}.api.example.com/", "evil.example/x"],
  ["https://{near}.api.example.com/", "user@evil"],
  ["https://{near}.api.example.com/", "evil.example#"],
  ["https://{near}.api.example.com/", "a.b"],
  ["https://{near}.api.example.com/", "evil:443"],
  ["https://{near}.api.example.com/", "-"],
  ["https://{near}.api.example.com/", "xn--a\u00ad"],
  ["https://api.example/a/{near}/b", ".."],
  ["https://api.example/a/{near}/b", "."],
  ["https://api.example/a/{near}", "a\r\nHost: evil"],
  ["https://api.example/a/{near}", ""],
  ["https://api.example/a?q={near}", "\u00e9"],
])("no request is made to %s with %j in it", (template, near) => {
  expect(() => compose(template, { secret: "s", near })).toThrow(/its other part (?:holds|is not known)/);
});

it.each(["xn--a", "xn--99999999"])("a label %s, which is none, makes no request and is no mistake of ours", (near) => {
  const made = () => compose("https://{near}.api.example.com/", { secret: "s", near });
  expect(made).toThrow(Unfit);
  expect(made).toThrow("a part of it makes no address");
});

it("the host of a request is that of its template, in whatever case a label is written", () => {
  expect(compose("https://{near}.api.example.com/x", { near: "US-1" }).url.href).toBe("https://us-1.api.example.com/x");
});

it("a header takes no value that would end it, and the refusal does not repeat the value", () => {
  const headers = { "x-key": "{secret}" };
  expect(compose("https://api.example/", { secret: "abc" }, { headers }).headers["x-key"]).toBe("abc");
  for (const secret of ["hush\r\nx: y", "hush\n", "hush\u00e9", " hush"]) {
    expect(() => compose("https://api.example/", { secret }, { headers })).toThrow(
      "the secret holds characters that cannot be sent",
    );
  }
});

it("a login is put together and encoded", () => {
  const { headers } = compose("https://api.example/", { secret: "pass", user: "ann" }, { basic: "{user}:{secret}" });
  expect(headers.authorization).toBe(`Basic ${Buffer.from("ann:pass").toString("base64")}`);
});

it("a value in a body is escaped as its kind of body asks for", () => {
  const at = (body: string) => compose("https://api.example/", { secret: '"},\\&=' }, { method: "POST", body });
  expect(JSON.parse(at('{"key":"{secret}"}').body ?? "")).toEqual({ key: '"},\\&=' });
  expect(new URLSearchParams(at("key={secret}&x=1").body).get("key")).toBe('"},\\&=');
  expect(at("key={secret}").headers["content-type"]).toBe("application/x-www-form-urlencoded");
});

it("braces that name nothing are left alone: a query of GraphQL is no template", () => {
  const body = '{"query":"{ viewer { id } }"}';
  expect(compose("https://api.example/", { secret: "s" }, { body }).body).toBe(body);
});

it("a made-up secret begins as the real one does, has its form, and is another one", () => {
  expect(madeUp("ghp_abcdefgh12345678")).toBe("ghp_ab87654321hgfedc");
  expect(madeUp("123456:AA-bc_de")).toBe("12345e:dc-bA_A6");
  expect(madeUp("sk_aaaaaab")).not.toBe("sk_aaaaaab");
  expect(madeUp("abcdefabccba")).not.toBe("abcdefabccba");
});
