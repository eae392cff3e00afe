/** What the instructions of compiled Python say of its constants: to which name each is given. */
import { type Code, type Constant, versions } from "./marshal.ts";

/** Numbers of the instructions that tell, in one version or several. */
export interface Instructions {
  readonly cache: number;
  readonly storeItem: number;
  readonly storeName: number;
  readonly storeAttribute: number;
  readonly storeGlobal: number;
  readonly loadConstant: number;
  readonly loadName: number;
  readonly map: number;
  readonly loadAttribute: number;
  readonly loadGlobal: number;
  readonly loadLocal: number;
  readonly storeLocal: number;
  readonly callWithNames: number;
  readonly extended: number;
  readonly mapOfNames: number;
  /** Only where a call is told its names by an instruction of its own. */
  readonly namesOfCall?: number;
}

/** CPython 3.6 to 3.12 (Lib/opcode.py). */
const since36: Instructions = {
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
};

/** CPython 3.13 (Lib/_opcode_metadata.py). */
const in313: Instructions = {
  cache: 0,
  storeItem: 39,
  mapOfNames: 46,
  map: 48,
  callWithNames: 57,
  extended: 71,
  loadAttribute: 82,
  loadConstant: 83,
  loadLocal: 85,
  loadGlobal: 91,
  loadName: 92,
  storeAttribute: 108,
  storeLocal: 110,
  storeGlobal: 113,
  storeName: 114,
};

/** Those of the version with this magic number; `undefined` where they have others that are not known here. */
export function instructionsOf(magic: number): Instructions | undefined {
  if (magic < versions.v313) return since36;
  return magic < versions.v314 ? in313 : undefined;
}

/** A constant and the name that it is given to. */
export interface Assignment {
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

const givings: Readonly<Partial<Record<keyof Instructions, Giving>>> = {
  storeName: toName,
  storeGlobal: toName,
  storeLocal: (stack, operand, { locals }) => [[locals[operand], stack.at(-1)]],
  storeAttribute: (stack, operand, { names }) => [[names[operand], stack.at(-2)]],
  storeItem: (stack) => [[stack.at(-1), stack.at(-3)]],
  map: (stack, operand) => range(operand).map((index) => [stack.at(-2 * index - 2), stack.at(-2 * index - 1)]),
  namesOfCall: (stack, operand, { constants }) => toNames(constants[operand], stack),
  callWithNames: toNamesOnTop,
  mapOfNames: toNamesOnTop,
};

/** The numbers below `count`; a stack holds no more than some. */
const range = (count: number): readonly number[] => [...Array(Math.min(count, 1000)).keys()];

/** Instructions that put something on the stack that is no constant, and those that leave its height as it is. */
const loads: ReadonlySet<string | undefined> = new Set(["loadName", "loadGlobal", "loadLocal"]);
const passing: ReadonlySet<string | undefined> = new Set(["cache", "loadAttribute"]);

/**
 * Constants that go to a variable, an attribute or an item, to a named argument of a call, or under a key. The stack is
 * known as far as it was loaded without anything worked out in between; what is no constant stands in it as `undefined`.
 */
export function* assignments(own: Code, instructions: Instructions): Iterable<Assignment> {
  const kinds = new Map(Object.entries(instructions).map(([kind, number]) => [number, kind as keyof Instructions]));
  let stack: Constant[] = [];
  for (const { code, operand } of decoded(own.instructions, instructions.extended)) {
    const kind = kinds.get(code);
    if (kind === "loadConstant") stack.push(own.constants[operand]);
    else if (loads.has(kind)) stack.push(undefined);
    else if (!passing.has(kind)) {
      for (const [name, value] of (kind && givings[kind]?.(stack, operand, own)) ?? []) {
        if (typeof name === "string" && typeof value === "string" && name && value) yield { name, value };
      }
      stack = [];
    }
  }
}

/** Instructions with their operands, which longer ones have in pieces. */
function* decoded(
  instructions: Uint8Array,
  extended: number,
): Iterable<{ readonly code: number; readonly operand: number }> {
  let high = 0;
  for (let at = 0; at + 1 < instructions.length; at += 2) {
    const [code = 0, low = 0] = instructions.subarray(at, at + 2);
    const operand = high * 256 + low;
    if (code !== extended) yield { code, operand };
    high = code === extended ? operand : 0;
  }
}
