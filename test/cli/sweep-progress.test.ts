/** What is seen of a sweep under way: a line that stays within a terminal, or one plain line a minute. */
import { hostname } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { watchSweep } from "../../src/cli/sweep-progress.ts";
import { type Scope, type Surface, surfaces } from "../../src/sweep/scope.ts";
import { targets, visits, workers } from "../../src/sweep/store/schema.ts";
import { openStore, type Store } from "../../src/sweep/store/store.ts";
import { beginSweep, type SweepRow } from "../../src/sweep/sweeps.ts";
import { tempDir } from "../kit.ts";
import { postgresOfFile } from "../sweep/stores.ts";

const postgres = postgresOfFile();

const scope: Scope = {
  orgs: ["acme"],
  users: [],
  addresses: [],
  people: { members: false, collaborators: false, contributors: false },
  surfaces: Object.fromEntries(surfaces.map((name: Surface) => [name, false])) as Scope["surfaces"],
  forks: false,
  archived: true,
  include: [],
  exclude: [],
};

let stores = 0;

/** A sweep of three repositories that reads two, one of which has a name that is up to no good. */
async function underWay(): Promise<{ store: Store; row: SweepRow }> {
  const address = postgres.isHere && (await postgres.store(`watched_${++stores}`));
  const store = await openStore(
    address ? { kind: "server", address } : { kind: "folder", path: join(tempDir(), "store") },
  );
  onTestFinished(() => store.close());
  const rules = { hash: "rules", digests: {} };
  const { sweep } = await beginSweep(store, { scope, plan: {}, rules, restart: false });
  const names = ["acme/read", `acme/${"long-".repeat(40)}`, "acme/\u001b[2Jodd"];
  const found = await store.db
    .insert(targets)
    .values(names.map((name) => ({ key: name, kind: "repository" as const, name, owner: "acme", url: name })))
    .returning({ id: targets.id });
  await store.db.insert(visits).values(
    found.map(({ id }, n) => ({
      sweepId: sweep.id,
      targetId: id,
      ...(n === 0 ? { state: "read" as const, ended: new Date() } : { state: "queued" as const }),
    })),
  );
  await store.db.insert(workers).values({
    id: "one",
    host: hostname(),
    pid: 1,
    doing: found.slice(1).map(({ id }) => `visit ${id}`),
  });
  return { store, row: sweep };
}

/** What is written to a terminal of some columns, or to none. */
function screen(columns: number | undefined): { readonly io: Io; readonly written: string[] } {
  const written: string[] = [];
  const stream = new Writable({
    write(part, _encoding, done) {
      written.push(String(part));
      done();
    },
  });
  const none = () => true;
  const abilities = { isTTY: true, columns, clearLine: none, cursorTo: none, moveCursor: none };
  const terminal = columns === undefined ? undefined : Object.assign(stream, abilities);
  return { io: { terminal, note: (line: string) => void written.push(`${line}\n`) } as unknown as Io, written };
}

const lines = (written: readonly string[]): string[] =>
  stripVTControlCharacters(written.join(""))
    .split(/[\n\r]/)
    .filter((line) => line !== "");

afterEach(() => void vi.useRealTimers());

it("on a terminal of 80 columns one line is drawn over and over, and is never wider", async () => {
  const { store, row } = await underWay();
  const { io, written } = screen(80);
  const watch = await watchSweep(store, {}, io);
  watch.follow(row);
  await expect
    .poll(() => lines(written).some((line) => line.includes("reading acme/")), { timeout: 20_000 })
    .toBe(true);
  await watch.stop();
  const frames = written.map(stripVTControlCharacters).filter((frame) => frame.includes("found"));
  expect(frames[0]).toContain("listing: 3 found · 0 findings · ");
  for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(80);
  expect(written.join("")).not.toContain("\u001b[2J");
});

it("elsewhere it is one plain line a minute, whole", async () => {
  const { store, row } = await underWay();
  const { io, written } = screen(undefined);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const watch = await watchSweep(store, {}, io);
  watch.follow(row);
  vi.advanceTimersByTime(59_999);
  await setTimeout(500); // a look that came too early would have its answer by now
  expect(written).toEqual([]);
  for (const minute of [1, 2, 3]) {
    vi.advanceTimersByTime(minute === 1 ? 1 : 60_000);
    await expect.poll(() => written.length, { timeout: 20_000 }).toBe(minute);
  }
  await watch.stop();
  vi.advanceTimersByTime(600_000);
  expect(written).toHaveLength(3);
  for (const line of written) {
    expect(line).toMatch(/^leaksweep: listing: 3 found · 0 findings · .*reading acme\//);
    expect(line).toContain("acme/long-long-");
    expect(line).toContain("odd");
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}]/u);
  }
});

it.each([{ quiet: true }, { progress: false }])("with %j nothing is drawn, and what must be said is", async (typed) => {
  const { store, row } = await underWay();
  const { io, written } = screen(80);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const watch = await watchSweep(store, typed, io);
  watch.follow(row);
  vi.advanceTimersByTime(180_000);
  watch.note("the store does not answer");
  await watch.stop();
  expect(written).toEqual(["leaksweep: the store does not answer\n"]);
});
