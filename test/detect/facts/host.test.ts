import { expect, it } from "vitest";
import { bareHost, hostScope } from "../../../src/detect/facts/host.ts";

it.each([
  ["local", ["localhost", "db.localhost", "127.0.0.1", "127.9.8.7:5432", "0.0.0.0", "[::1]"]],
  ["private", ["10.1.2.3", "192.168.0.9", "172.16.0.1", "172.31.9.9", "169.254.1.1", "100.64.0.1"]],
  ["private", ["postgres", "db.internal", "api.default.svc", "nas.lan", "[fd12::1]", "fe80::1"]],
  ["private", ["tcp:10.0.0.5,1433", "sql01\\\\reports,1433"]],
  ["public", ["tcp:acme-sql.database.windows.net,1433"]],
  [
    "public",
    ["acme.io", "8.8.8.8", "172.32.0.1", "100.128.0.1", "db.acme.io:5432", "localhost.acme.io", "[2001:db8::1]"],
  ],
] as const)("%s hosts: %j", (scope, hosts) => {
  for (const host of hosts) expect(hostScope(host), host).toBe(scope);
});

it.each([
  ["tcp:acme-sql.database.windows.net,1433", "acme-sql.database.windows.net"],
  ["sql01\\reports", "sql01"],
  ["db.acme.io:5432", "db.acme.io"],
  ["[2001:db8::1]:5432", "[2001:db8::1]"],
  ["fe80::1", "fe80::1"],
])("the host in %s is %s", (written, host) => expect(bareHost(written)).toBe(host));
