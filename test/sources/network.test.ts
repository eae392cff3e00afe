import { resolve } from "node:path";
import { expect, it } from "vitest";
import { networkOf } from "../../src/sources/network.ts";

const proxy = "http://proxy.example:3128";
const address = "https://git.example.org/app.git";

it("a clone uses the user's ssh agent and certificates, and nothing that was not said", () => {
  expect(networkOf({ SSH_AUTH_SOCK: "/run/agent", SSL_CERT_FILE: "ca.pem" }, address)).toEqual({
    sshAgent: "/run/agent",
    caFile: resolve("ca.pem"),
  });
  expect(networkOf({ GIT_SSL_CAINFO: "/own.pem", SSL_CERT_FILE: "/all.pem" }, address)).toEqual({ caFile: "/own.pem" });
  expect(networkOf({ SSH_AUTH_SOCK: "", HTTPS_PROXY: "" }, address)).toEqual({});
});

it.each<[env: Record<string, string>, address: string, proxied: boolean]>([
  [{ HTTPS_PROXY: proxy }, address, true],
  [{ https_proxy: proxy, HTTPS_PROXY: "http://other.example" }, address, true],
  [{ ALL_PROXY: proxy }, address, true],
  [{ HTTPS_PROXY: proxy }, "http://127.0.0.1/app.git", false],
  [{ HTTPS_PROXY: proxy }, "git@git.example.org:app.git", false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "git.example.org" }, address, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "localhost, .example.org:443" }, address, false],
  [{ HTTPS_PROXY: proxy, no_proxy: "*" }, address, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: "ample.org,,other.org" }, address, true],
])("with %j the way to %s is proxied: %s", (env, address, proxied) => {
  expect(networkOf(env, address)).toEqual(proxied ? { proxy } : {});
});
