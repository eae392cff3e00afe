/** The entry of the command line, which `start.ts` runs. */
import { failure } from "./failure.ts";
import { type Io, openIo } from "./io.ts";

const io = openIo(process);
const hook = hookOf(io);
if (hook === undefined) void import("./program.ts").then(({ main }) => main(io));
else void hook().catch((error: unknown) => io.exitWith(failure(error, io)));

/**
 * What a git hook runs as `leaksweep hook install` writes it, without any flag: somebody waits for it, and what reads
 * a command line takes as long to load as the judging takes.
 */
function hookOf(io: Io): (() => Promise<void>) | undefined {
  const [command, ...words] = io.args;
  if (words.some((word) => word.startsWith("-"))) return undefined;
  if (command === "push" && words.length === 2) {
    return async () => {
      const { judgePush } = await import("./push.ts");
      await judgePush(words, {}, io);
    };
  }
  if (command === "staged" && words.length === 0) {
    return async () => {
      const { judgeIndex } = await import("./staged.ts");
      await judgeIndex({}, io);
    };
  }
  return undefined;
}
