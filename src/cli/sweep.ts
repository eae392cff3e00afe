/** Sweeps from flags to exit code. */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Plan } from "../config/plan.ts";
import { LeaksweepError } from "../errors.ts";
import { remoteOf } from "../git/remote.ts";
import { printable } from "../report/escape.ts";
import { withoutUser } from "../sources/links.ts";
import { isAddress } from "../sources/open.ts";
import { budgetLines } from "../sweep/budget.ts";
import { conduct, type PriceOptions, price, tend } from "../sweep/conduct.ts";
import { readLogins } from "../sweep/logins.ts";
import { desks } from "../sweep/open-desk.ts";
import { resultOf } from "../sweep/picture.ts";
import { type Scope, type Surface, scopeName, surfaces } from "../sweep/scope.ts";
import type { Begun } from "../sweep/sweeps.ts";
import { work } from "../sweep/worker.ts";
import type { SweepFlags } from "./commands/sweep-options.ts";
import { exitCode, shown } from "./exit.ts";
import type { Io } from "./io.ts";
import { deliver, planOf } from "./run.ts";
import { watchSweep } from "./sweep-progress.ts";
import { benchOf, expectLogin, placeOf, withStore } from "./sweep-setup.ts";

const defaultLanes = 4;

const defaultApi = "https://api.github.com";

/** Sweeps organisations or people of a forge. */
export async function runSweep(whose: Pick<Scope, "orgs" | "users">, typed: SweepFlags, io: Io): Promise<void> {
  const api = checkedApi(typed.apiUrl ?? defaultApi);
  await sweep({ ...scopeOf(typed), ...whose, api }, typed, io);
}

/** Sweeps the repositories that a file lists, one address a line; blank lines and `#` comments say nothing. */
export async function runList(file: string, typed: SweepFlags, io: Io): Promise<void> {
  const addresses = await readAddresses(file, io);
  await sweep({ ...scopeOf(typed), addresses }, typed, io);
}

/** The address of an API as it is stored. A token does not go over an open line, but for tests on this machine. */
function checkedApi(url: string): string {
  const refuse = (state: string): LeaksweepError =>
    new LeaksweepError("usage.invalid", `Cannot use API "${url}": ${state}`, { hint: "Write https://HOST/api/v3." });
  if (!URL.canParse(url)) throw refuse("it is no address");
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") throw refuse("there is a login in it");
  const isHere = hostname === "localhost" || /^127(\.\d+){3}$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && isHere)) throw refuse("only https keeps a token private");
  return url.replace(/\/+$/, "");
}

function scopeOf(typed: SweepFlags): Scope {
  const asked = (name: Surface): boolean => typed.allSurfaces === true || typed[name] === true;
  return {
    orgs: [],
    users: [],
    addresses: [],
    people: {
      members: typed.members === true,
      collaborators: typed.collaborators === true,
      contributors: typed.contributors === true,
    },
    surfaces: Object.fromEntries(surfaces.map((name) => [name, asked(name)])) as Scope["surfaces"],
    forks: typed.forks === true,
    archived: typed.archived !== false,
    include: typed.include ?? [],
    exclude: typed.exclude ?? [],
    ...(typed.maxCloneSize !== undefined && { maxCloneSize: typed.maxCloneSize }),
  };
}

async function readAddresses(file: string, { cwd, stdin }: Io): Promise<string[]> {
  const input = file === "-" ? Readable.from(stdin) : createReadStream(resolve(cwd, file));
  const addresses = new Set<string>();
  let number = 0;
  try {
    for await (const line of createInterface({ input })) {
      number++;
      const address = line.trim();
      if (address !== "" && !address.startsWith("#")) addresses.add(checked(address, `${file}:${number}`));
    }
  } catch (cause) {
    if (cause instanceof LeaksweepError) throw cause;
    const state =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String((cause as Error).message);
    throw new LeaksweepError("target.missing", `Cannot read list "${file}": ${state}`, {
      hint: "Name a file with an address a line.",
      cause,
    });
  }
  if (addresses.size === 0) {
    throw new LeaksweepError("usage.invalid", `Cannot sweep "${file}": it names no repository`, {
      hint: "Write an address a line.",
    });
  }
  return [...addresses];
}

/** An address that git may be given. One with a password in it is refused: the store would remember it. */
function checked(address: string, at: string): string {
  const refuse = (state: string, hint: string): LeaksweepError =>
    new LeaksweepError("usage.invalid", `Cannot read address at ${at}: ${state}`, { hint });
  if (!isAddress(address))
    throw refuse("it is none", "Write https://host/owner/name.git, ssh://… or git@host:owner/name.git.");
  if (/^https?:/i.test(address) && withoutUser(address) !== address) {
    throw refuse("there is a login in it", "Put logins into a file and name that in LEAKSWEEP_GIT_CREDENTIALS.");
  }
  remoteOf(address); // throws for transports that are not allowed
  return address;
}

async function sweep(scope: Scope, typed: SweepFlags, io: Io): Promise<void> {
  const { format, output, ...rest } = typed;
  const plan: Plan = await planOf({ command: "git", paths: ["https://sweep"] }, rest, io);
  const logins = await readLogins(io.env);
  if (scope.api !== undefined) await expectLogin(scope.api, typed, io);
  await withStore(typed, io, async (store) => {
    const bench = benchOf(store, logins, typed, io);
    const watch = await watchSweep(store, typed, io);
    try {
      const options: PriceOptions = {
        ...bench,
        scope,
        plan,
        lanes: typed.concurrency ?? defaultLanes,
        signal: io.signal,
        onRefused: (why) => watch.note(refusal(why)),
        onOutage: (reason) => watch.note(outageLine(reason)),
        onBegin: (begun) => {
          if (!typed.quiet) for (const line of beginningLines(begun)) watch.note(line);
          watch.follow(begun.sweep);
        },
        onBudget: (budget) => {
          if (!typed.quiet || typed.dryRun) for (const line of budgetLines(budget)) watch.note(line);
        },
      };
      if (typed.dryRun) {
        await price(options);
        return io.exitWith(io.stopped() ?? 0);
      }
      const id = await conduct({ ...options, restart: typed.restart === true });
      await watch.stop();
      const result = await resultOf(store, id, scopeName(scope));
      await deliver(shown(result, plan), { ...rest, ...(format && { format }), ...(output && { output }) }, io);
      io.exitWith(exitCode(result, plan, io.stopped()));
    } finally {
      await watch.stop();
    }
  });
}

function* beginningLines({ sweep, resumed, insteadOf }: Begun): Iterable<string> {
  if (resumed) yield `going on with sweep ${sweep.id} of ${sweep.started.toISOString().slice(0, 16)}`;
  if (insteadOf !== undefined)
    yield `sweep ${insteadOf} began under other rules or settings and is given up for a new one`;
}

const outageLine = (reason: string): string => `the store does not answer and is tried again: ${reason}`;

const refusal = ({ message, hint }: LeaksweepError): string => `${message}. ${hint}`;

/** Works on whatever sweeps a store has. */
export async function runWorker(typed: SweepFlags & { readonly drain?: boolean }, io: Io): Promise<void> {
  if (placeOf(typed, io).kind === "folder") {
    throw new LeaksweepError("usage.invalid", "Cannot join a store in a folder: one process at a time may use it", {
      hint: "Name a PostgreSQL server with --store or LEAKSWEEP_STORE.",
    });
  }
  const logins = await readLogins(io.env);
  await withStore(typed, io, async (store) => {
    const bench = benchOf(store, logins, typed, io);
    const deskOf = desks(bench, { onRefused: (why) => io.note(`leaksweep: ${printable(refusal(why))}`) });
    await work({
      store,
      lanes: typed.concurrency ?? defaultLanes,
      signal: io.signal,
      onOutage: (reason) => io.note(`leaksweep: ${printable(outageLine(reason))}`),
      deskOf,
      idle: async (refused) => (!(await tend(store, { deskOf, refused })) && typed.drain === true ? "end" : "pause"),
      ...(typed.verbose && {
        onJob: (event) =>
          io.note(`leaksweep: ${event.job.kind} ${event.job.subject} ${event.kind === "ended" ? event.end : "begun"}`),
      }),
    });
    io.exitWith(io.stopped() ?? 0);
  });
}
