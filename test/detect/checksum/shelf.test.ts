/** Tokens are made here, by the schemes' descriptions and not by the code under test, so none stands in a file. */
import { crc32 } from "node:zlib";
import { expect, it } from "vitest";
import { checksums } from "../../../src/detect/checksum/shelf.ts";
import { whole } from "../../kit.ts";

const check = (scheme: string, token: string) => checksums.get(scheme)?.check(token);
const chars = (length: number) => "k3Rv9xQ2mT7wZ1pL8sYb4NcJ6dHg5FaUeVoKiXqWzMtB0nCrEyPuDjSlGhAfO2q".slice(0, length);
const flip = (token: string, at: number) => token.slice(0, at) + (token[at] === "b" ? "c" : "b") + token.slice(at + 1);

function base62(value: number): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return value === 0 ? "" : base62(Math.floor(value / 62)) + digits.charAt(value % 62);
}
const hex = (value: number) => value.toString(16).padStart(8, "0");
const littleEndian = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const gitlab = (version: string) => {
  const routing = "o:1\np:1c\nu:zz";
  const random = Buffer.from(chars(16));
  const payload =
    version === ""
      ? Buffer.concat([Buffer.from(routing), random, Buffer.from([16])])
      : Buffer.concat([random, Buffer.from(routing), Buffer.from([routing.length])]);
  const text = payload.toString("base64url");
  const body = `gl${"pat-"}${text}.${version}${text.length.toString(36).padStart(2, "0")}`;
  return body + crc32(body).toString(36).padStart(7, "0");
};

const macaroon = () => {
  const field = (type: number, text: string | Buffer) =>
    Buffer.concat([Buffer.from([type, text.length]), Buffer.from(text)]);
  const end = Buffer.from([0]);
  const parts = [
    Buffer.from([2]),
    field(1, "pypi.org"),
    field(2, chars(36)),
    end,
    field(2, '{"version": 1}'),
    end,
    end,
    field(6, Buffer.from(chars(32))),
  ];
  return `py${"pi-"}${Buffer.concat(parts).toString("base64url")}`;
};

const jwt = (header: object, claims: object) =>
  [...[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")), chars(43)].join(".");

const ended = (body: string, sum: string) => body + sum;

it.each([
  ["base62-crc32", "GitHub", ended(`gh${"p_"}${chars(30)}`, base62(crc32(chars(30))).padStart(6, "0"))],
  ["base62-crc32", "npm", ended(`np${"m_"}${chars(30)}`, base62(crc32(chars(30))).padStart(6, "0"))],
  ["crc32-hex", "Atlassian", ended(`ATA${"TT3"}${chars(40)}=`, hex(crc32(`ATATT3${chars(40)}=`)).toUpperCase())],
  ["crc32-hex", "Cloudflare", ended(`cf${"ut_"}${chars(40)}`, hex(crc32(chars(40))))],
  ["crc32-hex", "Zuplo", `zp${"ka_"}${chars(32).toLowerCase()}_${hex(crc32(chars(32).toLowerCase()))}`],
  ["crc32-hex-le", "Grafana", `gl${"sa_"}${chars(32)}_${littleEndian(crc32(`glsa_${chars(32)}`)).toString("hex")}`],
  [
    "crc32-base64-le",
    "Confluent",
    ended(
      `cf${"lt"}${chars(54)}`,
      littleEndian(crc32(chars(54)))
        .toString("base64")
        .slice(0, 6),
    ),
  ],
  ["gitlab-routable", "GitLab", gitlab("01.")],
  ["gitlab-routable", "GitLab's first form", gitlab("")],
  ["pypi-macaroon", "PyPI", macaroon()],
  [
    "azure-cask",
    "Azure",
    whole("6RtqHqPc66Y6DYbkydbrrFJTYnRoA7r40ts7LWS2SkINSFsRABxhJQ¦QJ99BFACAAAAALGcqjAAASAZ¦DO3eqU"),
  ],
  [
    "azure-his",
    "Azure storage",
    whole("+Q6LBy/PI2NB1RfUUrnOQs/8qxiGhkTvUhq7V0ouHfsh7+RHoZNniWV9opJizR9XU11maSQUtU/P+A¦StNc3LkQ=="),
  ],
  ["entra-client-secret", "Entra", whole("H3f8¦Q~amgtrsgRlZjJ13zujZzGPkSBnsnvSp~cJS")],
  ["azure-devops-legacy", "Azure DevOps", whole("prllygzjn62whals¦zirkiwxsez7qwv3zcqr2rcgyfsy4qavhva7q")],
])("%s knows a token of %s from one with a letter changed", (scheme, _, token) => {
  expect(check(scheme, token)?.state).toBe("valid");
  expect(check(scheme, flip(token, 20))?.state).toBe("invalid");
  expect(check(scheme, token.slice(0, -9))?.state).not.toBe("valid");
});

it("an AWS key id tells its account", () => {
  expect(check("aws-key-id", whole("ASIAY34F¦ZKBOKMUTVV7A"))).toEqual({
    state: "valid",
    facts: { awsAccount: "609629065308" },
  });
  expect(check("aws-key-id", whole("AKIAI¦OSFODNN7EXAMPL2"))).toEqual({ state: "valid" });
});

it("a key of Azure tells when it was issued", () => {
  const key = whole("6RtqHqPc66Y6DYbkydbrrFJTYnRoA7r40ts7LWS2SkINSFsRABxhJQ¦QJ99BFACAAAAALGcqjAAASAZ¦DO3eqU");
  expect(check("azure-cask", key)?.facts).toEqual({ issued: "2025-06" });
});

it("a routable token of GitLab tells whose it is", () => {
  const facts = { gitlabOrganization: 1, gitlabProject: 48, gitlabUser: 1295 };
  expect(check("gitlab-routable", gitlab("01."))?.facts).toEqual(facts);
  expect(check("gitlab-routable", gitlab(""))?.facts).toEqual(facts);
});

it("a JWT tells issuer and expiry, and is none when its parts are no JSON", () => {
  const claims = { iss: "https://login.example.org", exp: 1_700_000_000 };
  expect(check("jwt", jwt({ alg: "RS256" }, claims))).toEqual({
    state: "valid",
    facts: { algorithm: "RS256", issuer: claims.iss, expires: "2023-11-14T22:13:20.000Z" },
  });
  expect(check("jwt", jwt({ typ: "JWT" }, claims))?.state).toBe("invalid");
  expect(check("jwt", jwt([], {}))?.state).toBe("invalid");
  expect(check("jwt", `${chars(20)}.${chars(20)}.${chars(20)}`)?.state).toBe("invalid");
});

it.each([...checksums.keys()])("%s has nothing to say of other text, whatever it is", (name) => {
  for (const text of ["", ".", "..", "a.b.c", "=", "\0", "é", "AKIA", "x".repeat(100_000)]) {
    expect(check(name, text)?.state).not.toBe("valid");
  }
});
