/** What `findings` tells of a store by age, severity and sweep, and what a store never holds. */
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore, rowsOf } from "../../src/sweep/store/store.ts";
import { dirForAll, leaksweep, whole } from "../kit.ts";
import { secret } from "./samples.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { postgresOfFile } from "./stores.ts";

const postgres = postgresOfFile();

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** What is planted, by file: a secret in full, a short one, one in a text, and one inside of another encoding. */
const planted = {
  "old.env": secret(1),
  "young.env": whole("gh¦p_ZxHHMIqqYsHMFTsVLxP6heRUd1fTGo0wN4mJ"),
  "db.yml": whole("hunter2-and-mo¦re-9f"),
  "coded.txt": secret(2),
  "late.env": secret(3),
  issue: secret(4),
} as const;

const coded = Buffer.from(`TOKEN=${planted["coded.txt"]}`).toString("base64");

const beginning = `
  at ${ago(100)}; echo 'TOKEN=${planted["old.env"]}' > old.env; commit 'Old: ${planted["old.env"]}'
  at ${ago(10)}; echo 'TOKEN=${planted["young.env"]}' > young.env; commit Young
  printf 'user: ann\\npassword: ${planted["db.yml"]}\\n' > db.yml; echo '${coded}' > coded.txt; commit More
  git branch 'b-${planted["young.env"]}'`;

interface Told {
  readonly secret: string | null;
  readonly severity: string;
  readonly fresh: boolean;
  readonly holdings: readonly { readonly path: string; readonly days: number }[];
}

describe("of two sweeps into a store", () => {
  const shared = dirForAll();
  let address = "";
  let forge: StandIn | undefined;
  const said: string[] = [];
  let all: readonly Told[] = [];

  beforeAll(async () => {
    address = await postgres.place("asked", shared.dir);
    forge = await startStandIn(join(shared.dir, "hub"));
    forge.owners.set("acme", { kind: "org" });
    forge.create("acme/one", beginning);
    const body = `I use ${planted.issue} and get a 403`;
    forge.lists.set("/repos/acme/one/issues", [
      {
        id: 1,
        number: 1,
        title: `With ${planted.issue}`,
        body,
        created_at: ago(50),
        updated_at: ago(50),
        html_url: "https://forge/acme/one/issues/1",
        user: { login: "ann" },
      },
    ]);
    const sweep = ["org", "acme", "--issues", "--verbose", "--min-confidence", "low", "--api-url", forge.api];
    for (const again of [false, true]) {
      if (again)
        forge.hub.push("acme/one", `at ${ago(1)}; echo 'TOKEN=${planted["late.env"]}' > late.env; commit Late`);
      const { stdout, stderr } = await leaksweep(sweep, { env: { LEAKSWEEP_STORE: address } });
      said.push(stdout, stderr);
    }
    all = await asked();
    return () => {
      forge?.hub.close();
      shared.remove();
    };
  }, 240_000);

  const asked = async (...flags: string[]): Promise<Told[]> => {
    const args = ["findings", "-f", "json", "--min-confidence", "low", ...flags];
    const { code, stdout, stderr } = await leaksweep(args, { env: { LEAKSWEEP_STORE: address } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  const files = (told: readonly Told[]): string[] =>
    told.flatMap(({ holdings }) => holdings.map(({ path }) => path.replace(/^.*\//, ""))).sort();

  it("those in the open for longer than an age, and those that came since, are all, and none is both", async () => {
    const [older, newer] = [await asked("--older-than", "60d"), await asked("--newer-than", "60d")];
    expect(files(older)).toEqual(["old.env"]);
    expect(files(newer)).toEqual(["1.md", "coded.txt", "db.yml", "late.env", "young.env"].sort());
    expect([...files(older), ...files(newer)].sort()).toEqual(files(all));
    expect(older[0]?.holdings[0]?.days).toBe(100);
    expect(files(await asked("--older-than", "20d", "--newer-than", "60d"))).toEqual(["1.md"]);
  });

  it("those of one severity have it", async () => {
    const levels = new Set(all.map(({ severity }) => severity));
    expect(levels.size).toBeGreaterThan(1);
    for (const level of ["critical", "high", "medium", "low"]) {
      expect(files(await asked("--severity", level))).toEqual(files(all.filter(({ severity }) => severity === level)));
    }
  });

  it("--new are those that the last sweep was the first to see", async () => {
    const fresh = await asked("--new");
    expect(files(fresh)).toEqual(["late.env"]);
    expect(fresh[0]?.fresh).toBe(true);
    expect(files(all.filter((one) => one.fresh))).toEqual(["late.env"]);
  });

  it("no secret stands in any table, whole or encoded, nor in what the sweeps printed", async () => {
    const store = await openStore(postgres.isHere ? { kind: "server", address } : { kind: "folder", path: address });
    const tables = await rowsOf<{ name: string }>(
      store.db,
      sql`SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
          WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump: string[] = [...said];
    for (const { name } of tables) {
      const rows = await rowsOf<{ row: string }>(store.db, sql.raw(`SELECT t::text AS row FROM ${name} t`));
      dump.push(...rows.map(({ row }) => row));
    }
    await store.close();
    const text = dump.join("\n");
    expect(text).toContain("acme/one");
    expect(text).toContain("old.env");
    for (const [where, secret] of Object.entries(planted)) {
      for (const form of [secret, Buffer.from(secret).toString("hex"), secret.slice(6)]) {
        expect(text.includes(form), where).toBe(false);
      }
    }
    expect(text).not.toContain(coded);
  });
});
