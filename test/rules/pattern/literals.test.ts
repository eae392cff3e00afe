import { expect, it } from "vitest";
import { findAnchors } from "../../../src/rules/pattern/literals.ts";
import { parsePattern } from "../../../src/rules/pattern/parse.ts";

const texts = (source: string, wanted?: readonly string[]): readonly string[] | undefined =>
  findAnchors(parsePattern(source), wanted)?.map(({ text }) => text);

it.each([
  ["\\b(?<secret>ghp_[A-Za-z0-9]{36})\\b", ["ghp_"]],
  ["(?i)(?:api|app)[_-]?key\\s{0,3}=", ["apikey", "api_key", "api-key", "appkey", "app_key", "app-key"].sort()],
  ["(?:sk|rk)_live_[a-z]{24}", ["rk_live_", "sk_live_"]],
  ["[gG][hH][pP]_", ["ghp_"]],
  ["a{0,4}(?:token){1,2}", ["token"]],
  ["(?:key|[a-z]{3,9}secret)=", ["key", "secret"].sort()],
  ["x(?<secret>yz)w", ["xyzw"]],
  ["[0-9a-f]{8}-4[0-9a-f]{3}", undefined],
  ["(?:token)?[a-z]{3}", undefined],
  ["(?:token|[a-z]{3})", undefined],
  ["ab[a-z]{3}", undefined],
])("the keywords of %s are %j", (source, keywords) => {
  const found = texts(source);
  expect(found === undefined ? undefined : [...new Set(found)].sort()).toEqual(keywords);
});

it("a keyword that the author wants is found where it stands, with what lies around it", () => {
  const [anchor] = findAnchors(parsePattern("[a-z]{0,9}_token=[0-9]{4}"), ["Token"]) ?? [];
  expect(anchor).toMatchObject({ text: "token", before: 10 });
  expect(anchor?.rest).toHaveLength(2); // the sign, the digits
});

it.each([
  ["token=[a-z]{3}", ["secret"]],
  ["(?:token|secret)=", ["token"]],
])("keywords that are not in every match of %s are not shown to be", (source, wanted) => {
  expect(texts(source, wanted)).toBeUndefined();
});

it("of several wanted keywords each branch takes its own", () => {
  expect(texts("(?:my_token|a_secret)=", ["secret", "token"])).toEqual(["token", "secret"]);
});
