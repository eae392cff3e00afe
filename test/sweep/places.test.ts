/** Secrets that lie in very many places of one repository. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { heldIn } from "../../src/sweep/held.ts";
import { sh } from "../kit.ts";
import { secret } from "./samples.ts";
import { postgresOfFile } from "./stores.ts";
import { newWorld } from "./world.ts";

const postgres = postgresOfFile();

/** One content under ten thousand names, and then none of it; trees made without files take no time. */
const leak = `
  blob=$(echo 'TOKEN=${secret(1)}' | git hash-object -w --stdin)
  tree=$(seq 10003 | sed "s/.*/100644 blob $blob\t&.env/" | git mktree)
  git update-ref refs/heads/main $(git commit-tree -p main -m Add $tree)`;
const remove = "git update-ref refs/heads/main $(git commit-tree -p main -m Remove $(git rev-parse main~1:))";

it("a secret in more places than are kept is told with their number, and with what is left of them after a push", async () => {
  const { dir, store, sweep } = await newWorld(postgres, "places");
  const bare = join(dir, "hub/acme/one.git");
  sh(bare, leak);
  const [finding] = (await sweep()).findings;
  expect(finding?.occurrences).toHaveLength(10_000);
  expect(finding?.facts.furtherPlaces).toBe(3);
  const [held] = await heldIn(store, {}, new Date());
  expect(held?.holdings.map(({ places }) => places)).toEqual([10_003]);
  sh(bare, remove);
  const [gone] = (await sweep()).findings;
  expect(gone).toMatchObject({ status: "removed", facts: { furtherPlaces: 3 } });
}, 120_000);
