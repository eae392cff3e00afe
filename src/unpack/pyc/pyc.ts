/**
 * What a compiled Python file says, as lines `name = "value"`: in the file names and constants stand apart, and only the
 * instructions tell which belongs to which. Constants that go to no name are lines `- "value"`: two strings with nothing
 * but a line end between them would read as one.
 */
import { bufferOf, damage, type Unpacker } from "../unpacker.ts";
import { type Code, type Constant, codeAt, isCode, Malformed, versions } from "./marshal.ts";

/**
 * Instructions, the same in CPython 3.6 to 3.12 (Lib/opcode.py). Those of later versions have other numbers, so that
 * of their constants none goes to a name.
 */
const op = {
  cache: 0,
  storeItem: 60,
  storeName: 90,
  storeAttribute: 95,
  storeGlobal: 97,
  loadConstant: 100,
  loadName: 101,
  map: 105,
  loadAttribute: 106,
  loadGlobal: 116,
  loadLocal: 124,
  storeLocal: 125,
  callWithNames: 141,
  extended: 144,
  mapOfNames: 156,
  namesOfCall: 172,
} as const;

/** Bytes before the code; they hold a time or a hash. */
const headerOf = (magic: number): number => (magic < versions.v37 ? 12 : 16);

export const pyc: Unpacker = {
  async *members(bytes, budget) {
    const buffer = bufferOf(bytes);
    budget.takeMember();
    try {
      const magic = buffer.readUInt16LE(0);
      const code = codeAt(buffer, headerOf(magic), magic);
      const text = Buffer.from(linesOf(code, magic < versions.v313).join(""));
      budget.takeBytes(text.length);
      if (text.length > 0) yield { path: "constants", bytes: text };
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof RangeError)) throw error;
      yield { path: "", reason: damage(error) };
    }
  },
};

/** Lines of a module and of all code in it, in the order of the constants. */
function linesOf(code: Code, isKnown: boolean): string[] {
  const told = new Set<Constant>();
  const named = isKnown ? assignments(code) : [];
  for (const { value } of named) told.add(value);
  return [
    ...named.map(({ name, value }) => `${name} = "${value}"\n`),
    ...code.constants.flatMap((constant) => leaves(constant, isKnown, told)),
  ];
}

/** The texts in a constant that no name was found for. */
function leaves(constant: Constant, isKnown: boolean, told: ReadonlySet<Constant>): string[] {
  if (typeof constant === "string") return constant === "" || told.has(constant) ? [] : [`- "${constant}"\n`];
  if (constant === undefined) return [];
  return isCode(constant) ? linesOf(constant, isKnown) : constant.flatMap((inner) => leaves(inner, isKnown, told));
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

type Pair = readonly [name: Constant, value: Constant];

/** What an instruction gives to which name, by what lies on the stack, its operand, and the tables of its code. */
type Giving = (stack: readonly Constant[], operand: number, code: Code) => readonly Pair[];

const toName: Giving = (stack, operand, { names }) => [[names[operand], stack.at(-1)]];

const toNames = (names: Constant, values: readonly Constant[]): readonly Pair[] =>
  Array.isArray(names) ? names.map((name, index) => [name, values.at(index - names.length)]) : [];

const toNamesOnTop: Giving = (stack) => toNames(stack.at(-1), stack.slice(0, -1));

const givings: ReadonlyMap<number, Giving> = new Map([
  [op.storeName, toName],
  [op.storeGlobal, toName],
  [op.storeLocal, (stack, operand, { locals }) => [[locals[operand], stack.at(-1)]]],
  [op.storeAttribute, (stack, operand, { names }) => [[names[operand], stack.at(-2)]]],
  [op.storeItem, (stack) => [[stack.at(-1), stack.at(-3)]]],
  [op.map, (stack, operand) => range(operand).map((index) => [stack.at(-2 * index - 2), stack.at(-2 * index - 1)])],
  [op.namesOfCall, (stack, operand, { constants }) => toNames(constants[operand], stack)],
  [op.callWithNames, toNamesOnTop],
  [op.mapOfNames, toNamesOnTop],
] satisfies [number, Giving][]);

/** The numbers below `count`; a stack holds no more than some. */
const range = (count: number): readonly number[] => [...Array(Math.min(count, 1000)).keys()];

/** Instructions that put something on the stack that is no constant, and those that leave its height as it is. */
const loads: ReadonlySet<number> = new Set([op.loadName, op.loadGlobal, op.loadLocal]);
const passing: ReadonlySet<number> = new Set([op.cache, op.loadAttribute]);

/**
 * Constants that go to a variable, an attribute or an item, to a named argument of a call, or under a key. The stack is
 * known as far as it was loaded without anything worked out in between; what is no constant stands in it as `undefined`.
 */
function assignments(own: Code): Assignment[] {
  const found: Assignment[] = [];
  let stack: Constant[] = [];
  for (const { code, operand } of decoded(own.instructions)) {
    if (code === op.loadConstant) stack.push(own.constants[operand]);
    else if (loads.has(code)) stack.push(undefined);
    else if (!passing.has(code)) {
      for (const [name, value] of givings.get(code)?.(stack, operand, own) ?? []) {
        if (typeof name === "string" && typeof value === "string" && name && value) found.push({ name, value });
      }
      stack = [];
    }
  }
  return found;
}

/** Instructions with their operands, which longer ones have in pieces. */
function* decoded(instructions: Uint8Array): Iterable<{ readonly code: number; readonly operand: number }> {
  let extended = 0;
  for (let at = 0; at + 1 < instructions.length; at += 2) {
    const [code = 0, low = 0] = instructions.subarray(at, at + 2);
    const operand = extended * 256 + low;
    if (code !== op.extended) yield { code, operand };
    extended = code === op.extended ? operand : 0;
  }
}
