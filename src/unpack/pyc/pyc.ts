/**
 * What a compiled Python file says, as lines `name = "value"`: in the file names and constants stand apart, and only the
 * instructions tell which belongs to which. Constants that go to no name are lines `- "value"`: two strings with nothing
 * but a line end between them would read as one.
 */
import { bufferOf, damage, type Unpacker } from "../unpacker.ts";
import { assignments, type Instructions, instructionsOf } from "./instructions.ts";
import { type Code, type Constant, codeAt, isCode, Malformed, versions } from "./marshal.ts";

/** Bytes before the code; they hold a time or a hash. */
const headerOf = (magic: number): number => (magic < versions.v37 ? 12 : 16);

export const pyc: Unpacker = {
  async *members(bytes, budget) {
    const buffer = bufferOf(bytes);
    budget.takeMember();
    try {
      const magic = buffer.readUInt16LE(0);
      const code = codeAt(buffer, headerOf(magic), magic);
      const lines: Buffer[] = [];
      for (const line of linesOf(code, { known: instructionsOf(magic), told: new Set() })) {
        budget.takeBytes(line.length);
        lines.push(Buffer.from(line));
      }
      if (lines.length > 0) yield { path: "constants", bytes: Buffer.concat(lines) };
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof RangeError)) throw error;
      yield { path: "", reason: damage(error) };
    }
  },
};

interface Telling {
  readonly known: Instructions | undefined;
  /** Constants that were told. One that is referred to from many places, by others of that kind, would never end. */
  readonly told: Set<Constant>;
}

/** Lines of a module and of all code in it, in the order of the constants. */
function* linesOf(code: Code, telling: Telling): Iterable<string> {
  const named = telling.known === undefined ? [] : assignments(code, telling.known);
  for (const { name, value } of named) {
    telling.told.add(value);
    yield `${name} = "${value}"\n`;
  }
  yield* leaves(code.constants, telling);
}

/** The texts in a constant that no name was found for. */
function* leaves(constant: Constant, telling: Telling): Iterable<string> {
  if (constant === undefined || constant === "" || telling.told.has(constant)) return;
  telling.told.add(constant);
  if (typeof constant === "string") yield `- "${constant}"\n`;
  else if (isCode(constant)) yield* linesOf(constant, telling);
  else for (const inner of constant) yield* leaves(inner, telling);
}
