import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jsonSchema } from "../../src/config/schema.ts";

const ajv = new Ajv({ strict: false, validateFormats: false });
const accepts = ajv.compile(jsonSchema());

describe("the JSON schema for editors", () => {
  it("accepts a config that uses every key", () => {
    const text = `
rules: { paths: [ci/rules], enable: [aws.*], disable: [aws.old] }
exclude: ["vendor/**"]
min-confidence: low
fail-on: high
fail-exposure: true
max-file-size: 10MB
timeout: 1h30m
allow-shallow: true
allow-partial: true
allow: [{ fingerprint: "ls1:${"a".repeat(24)}", reason: sandbox, until: 2026-12-31 }]
`;
    expect(accepts(parse(text)), JSON.stringify(accepts.errors)).toBe(true);
  });

  it.each(["min-confidance: low", "fail-on: huge", "timeout: 30", "max-file-size: ten", "rules: [a]"])(
    "refuses %j as the reader does",
    (text) => {
      expect(accepts(parse(text))).toBe(false);
    },
  );

  it("tells editors what each key means", () => {
    const { properties } = jsonSchema() as { properties: Record<string, { description?: string }> };
    for (const [key, { description }] of Object.entries(properties)) {
      if (key !== "rules") expect(description, key).toBeTypeOf("string");
    }
  });
});
