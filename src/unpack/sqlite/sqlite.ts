/**
 * What the tables of an SQLite database say, as lines `table.column = "value"`: in the file a value stands without the
 * name of its column, and a long one in pieces. In a table of settings the setting's own name takes the column's place.
 */
import type { Budget } from "../budget.ts";
import { formatOf } from "../magic.ts";
import { damage, type Member, type Unpacker, type Unread } from "../unpacker.ts";
import { Damage, type Database, databaseIn, records } from "./pages.ts";
import { type Content, type Value, valuesOf } from "./record.ts";
import { columnsOf } from "./schema.ts";

/** Bytes of lines after which a table goes on in another member, so that a large one is never held whole. */
const part = 4 << 20;

/** Columns in which a table of settings has the name of one, and its value. */
const naming = /^(?:key|name|var|variable|setting|option|option_?name|property|param|parameter|(?:conf|config)_?key)$/i;
const holding = /^(?:value|val|data|content|option_?value|setting_?value|(?:conf|config)_?value)$/i;

interface Table {
  readonly name: string;
  /** Its first page. */
  readonly root: number;
  readonly columns: readonly string[];
}

export const sqlite: Unpacker = {
  async *members(bytes, budget) {
    const problems = new Set<string>();
    const onDamage = (error: Damage): void => void problems.add(error.message);
    try {
      const database = databaseIn(bytes);
      for (const table of tablesOf(database, budget, onDamage)) yield* membersOf(table, { database, budget, onDamage });
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      onDamage(error);
    }
    const [first] = problems;
    if (first !== undefined) yield { path: "", reason: damage(new Error(first)) } satisfies Unread;
  },
};

/** The ordinary tables; virtual ones keep what they have in ordinary ones. */
function tablesOf(database: Database, budget: Budget, onDamage: (error: Damage) => void): readonly Table[] {
  const tables: Table[] = [];
  for (const record of records(database, 1, onDamage)) {
    budget.takeBytes(record.length);
    const [type, name, , root, statement] = valuesOf(record, database.encoding);
    if (textOf(type) !== "table" || typeof root !== "number" || root <= 0) continue;
    tables.push({ name: textOf(name), root, columns: columnsOf(textOf(statement)) });
  }
  return tables;
}

const textOf = (value: Value): string =>
  typeof value === "object" ? Buffer.from(value.bytes).toString("utf8") : String(value ?? "");

interface Reading {
  readonly database: Database;
  readonly budget: Budget;
  readonly onDamage: (error: Damage) => void;
}

/** The lines of a table, and each blob that is a container of its own. */
function* membersOf(table: Table, { database, budget, onDamage }: Reading): Iterable<Member> {
  let lines: Uint8Array[] = [];
  let length = 0;
  let parts = 0;
  const told = (): Member => {
    budget.takeMember();
    parts++;
    const bytes = Buffer.concat(lines);
    lines = [];
    length = 0;
    return { path: parts === 1 ? table.name : `${table.name} (${parts})`, bytes };
  };
  for (const record of records(database, table.root, onDamage)) {
    budget.takeBytes(record.length);
    for (const { name, value } of cellsOf(valuesOf(record, database.encoding), table)) {
      if (!value.text && formatOf(value.bytes) !== undefined) {
        budget.takeMember();
        yield { path: name, bytes: value.bytes };
      } else {
        const line = [Buffer.from(`${name} = "`), value.bytes, Buffer.from('"\n')];
        lines.push(...line);
        length += line.reduce((sum, each) => sum + each.length, 0);
      }
    }
    if (length >= part) yield told();
  }
  if (length > 0) yield told();
}

/** The texts and blobs of a row, each with the name that says most about it. */
function cellsOf(values: readonly Value[], { name, columns }: Table): { name: string; value: Content }[] {
  const key = values[columns.findIndex((column) => naming.test(column))];
  return values.flatMap((value, index) => {
    if (typeof value !== "object" || value.bytes.length === 0) return [];
    const column = columns[index] ?? `column ${index + 1}`;
    const own = holding.test(column) && key !== value ? textOf(key) : "";
    return [{ name: `${name}.${own === "" ? column : own}`, value }];
  });
}
