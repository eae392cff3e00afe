import { expect, it } from "vitest";
import { urlFacts } from "../../../src/detect/facts/url.ts";

/** A line with the place of the secret as `§`. */
const factsAt = (line: string) => {
  const [before = "", after = ""] = line.split("§");
  return urlFacts(before, after);
};

it.each([
  [
    'url: "https://acme.blob.core.windows.net/c?sv=2022-11-02&sp=rl&se=2027-01-01T00%3A00%3A00Z&sig=§"',
    { host: "acme.blob.core.windows.net", expires: "2027-01-01T00:00:00.000Z" },
  ],
  [
    "https://acme.blob.core.windows.net/?sig=§&se=2027-01-01",
    { host: "acme.blob.core.windows.net", expires: "2027-01-01T00:00:00.000Z" },
  ],
  [
    "https://b.s3.amazonaws.com/k?X-Amz-Date=20240131T120000Z&X-Amz-Expires=3600&X-Amz-Signature=§",
    { host: "b.s3.amazonaws.com", expires: "2024-01-31T13:00:00.000Z" },
  ],
  [
    "<a href='https://storage.googleapis.com/b/o?X-Goog-Expires=60&amp;X-Goog-Date=20240131T120000Z&amp;X-Goog-Signature=§'",
    { host: "storage.googleapis.com", expires: "2024-01-31T12:01:00.000Z" },
  ],
  [
    "http://d1.cloudfront.net:8080/x?Expires=1700000000&Signature=§",
    { host: "d1.cloudfront.net", expires: "2023-11-14T22:13:20.000Z" },
  ],
  ["curl https://ann:x@api.acme.io/v1/jobs?api_key=§&n=1", { host: "api.acme.io" }],
  ["SAS=?sv=2022-11-02&se=2027-01-01&sig=§", { expires: "2027-01-01T00:00:00.000Z" }],
  ["https://acme.io/x?se=soon&sig=§", { host: "acme.io" }],
  ["https://acme.io/x?a=1 token=§", {}],
  ["https://acme.io/§", {}],
  ["token = §", {}],
])("of %s the URL tells %j", (line, facts) => expect(factsAt(line)).toEqual(facts));
