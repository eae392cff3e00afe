import { expect, it } from "vitest";
import { signature } from "../../../src/triage/verify/sigv4.ts";
import { whole } from "../../kit.ts";

/** The key, the time and the signatures of AWS's own examples and of its test suite `aws-sig-v4-test-suite`. */
const key = { id: "AKIDEXAMPLE", secret: whole("wJalrXUtnFEMI/K7¦MDENG+bPxRfiCYEXAMPLEKEY") };
const now = new Date("2015-08-30T12:36:00Z");

it.each([
  [
    "GET of IAM in the documentation",
    "iam",
    {
      method: "GET",
      url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    },
    "SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  ],
  [
    "get-vanilla",
    "service",
    { method: "GET", url: "https://example.amazonaws.com/", headers: {} },
    "SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  ],
  [
    "post-vanilla",
    "service",
    { method: "POST", url: "https://example.amazonaws.com/", headers: {} },
    "SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  ],
  [
    "post-x-www-form-urlencoded",
    "service",
    {
      method: "POST",
      url: "https://example.amazonaws.com/",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Param1=value1",
    },
    "SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
  [
    "get-vanilla-query-order-key-case",
    "service",
    { method: "GET", url: "https://example.amazonaws.com/?Param2=value2&Param1=value1", headers: {} },
    "SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
])("%s is signed as AWS signs it", (_, service, request, expected) => {
  const signed = signature({ ...request, url: new URL(request.url) }, { key, service, now });
  expect(signed["x-amz-date"]).toBe("20150830T123600Z");
  expect(signed.authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, ${expected}`,
  );
  expect(signed.authorization).not.toContain(key.secret);
});

it("the region is that of the host", () => {
  const signed = (host: string) =>
    signature({ method: "POST", url: new URL(`https://${host}/`), headers: {} }, { key, service: "sts", now });
  expect(signed("sts.cn-north-1.amazonaws.com.cn").authorization).toContain("/cn-north-1/sts/");
  expect(signed("sts.us-gov-west-1.amazonaws.com").authorization).toContain("/us-gov-west-1/sts/");
});

it("a temporary key is not asked about: without its token AWS says of a good one that it is unknown", () => {
  const temporary = { ...key, id: whole("ASIA¦IOSFODNN7EXAMPLE") };
  const request = { method: "POST", url: new URL("https://sts.us-east-1.amazonaws.com/"), headers: {} };
  expect(() => signature(request, { key: temporary, service: "sts", now })).toThrow("temporary key");
});
