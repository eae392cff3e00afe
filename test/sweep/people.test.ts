/** Whose repositories are read: of whoever wrote commits, and of a person who let an App in. */
import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { leak } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld, pathsIn, type Wish } from "./world.ts";

const postgres = postgresOfFile();

const contributors: Wish = { people: { members: false, collaborators: false, contributors: true } };
const list = "/repos/acme/one/contributors";
const named = (login: string) => ({ login, type: "User" });
const nameless = (n: number) => ({ email: `${n}@example.org`, name: `N ${n}`, type: "Anonymous" });

it("authors without an account are counted, on all pages and in no request of their own", async () => {
  const { forge, sweep, given } = await newWorld(postgres, "authors");
  forge.owners.set("ann", { kind: "user" });
  forge.create("ann/dotfiles", leak(1));
  forge.create("acme/two", "echo x > x; commit X");
  forge.lists.set(list, [nameless(1), named("ann"), nameless(2)]);
  forge.lists.set("/repos/acme/two/contributors", [nameless(1)]);
  const result = await sweep(contributors);
  expect(pathsIn(result)).toEqual(["ann/dotfiles/app.env"]);
  expect(result.complete).toBe(true);
  expect(result.skips).toEqual([
    {
      by: "policy",
      reason:
        "3 commit authors in 2 repositories for whom the forge names no account: of their own nothing was looked for",
    },
  ]);
  expect(given(/contributors/).toSorted()).toEqual([list, list, "/repos/acme/two/contributors"]);
}, 60_000);

it("authors beyond those of whom the forge says who they are make a sweep incomplete", async () => {
  const { forge, sweep } = await newWorld(postgres, "beyond", { pageSize: 100 });
  forge.owners.set("ann", { kind: "user" });
  forge.lists.set(list, [named("ann"), ...Array.from({ length: 499 }, (_, n) => nameless(n))]);
  const result = await sweep(contributors);
  expect(result.skips).toEqual([
    {
      path: "repository-contributors of acme/one",
      by: "fault",
      reason: "the forge looks for accounts of 500 addresses and no more: 499 authors may have repositories",
    },
  ]);
}, 60_000);

it("an App in a person's account is shown what it was given, private too, and what everybody is shown, page by page", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const login = { kind: "app", appId: "4711", privateKey: key } as const;
  const { forge, sweep } = await newWorld(postgres, "installed", { token: "of-the-app", login });
  forge.owners.set("ann", { kind: "user" });
  for (const n of [0, 1, 2]) forge.create(`ann/closed-${n}`, leak(n), { private: true });
  forge.create("ann/kept-back", leak(3), { private: true });
  forge.create("ann/open", leak(4));
  const given = ["ann/closed-0", "ann/closed-1", "ann/closed-2"];
  forge.app = { id: "4711", publicKey, installations: { Ann: 7 }, given };
  const result = await sweep({ orgs: [], users: ["ann"] });
  expect(result.skips).toEqual([]);
  expect(pathsIn(result)).toEqual([...given, "ann/open"].map((name) => `${name}/app.env`));
}, 60_000);
