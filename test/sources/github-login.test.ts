import { expect, it } from "vitest";
import { openGithub } from "../../src/sources/github/github.ts";

const login = { user: "x-access-token", password: "of-our-own" };

const loginAt = async (api: string, url: string) => {
  const forge = await openGithub({
    api,
    login: { kind: "token", token: login.password },
    paceOf: () => ({ turn: (send) => send(), pausedUntil: async () => undefined }),
    patience: 0,
    version: "0",
  });
  return forge.loginFor(url, new AbortController().signal);
};

it.each([
  ["https://api.github.com", "https://github.com/acme/app.git", true],
  ["https://api.github.com", "https://gist.github.com/5f1c9be2.git", true],
  ["https://api.github.com", "https://github.com.example/acme/app.git", false],
  ["https://api.github.com", "http://github.com/acme/app.git", false],
  ["https://api.acme.ghe.com", "https://acme.ghe.com/acme/app.git", true],
  ["https://api.acme.ghe.com", "https://gist.acme.ghe.com/5f1c9be2.git", true],
  ["https://api.acme.ghe.com", "https://other.ghe.com/acme/app.git", false],
  ["https://api.acme.ghe.com", "https://github.com/acme/app.git", false],
  ["https://git.acme.example/api/v3", "https://git.acme.example/acme/app.git", true],
  ["https://git.acme.example/api/v3", "https://git.acme.example:8443/acme/app.git", false],
  ["https://git.acme.example/api/v3", "git@git.acme.example:acme/app.git", false],
  ["https://git.acme.example/api/v3", "https://elsewhere.example/acme/app.git", false],
])("with the API at %s, git is given the login for %s: %s", async (api, url, given) => {
  expect(await loginAt(api, url)).toEqual(given ? login : undefined);
});
