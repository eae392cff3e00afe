import initSqlJs from "sql.js";

/** A database file made by SQLite itself, from statements and rows that are put in by one. */
export async function databaseFile(
  statements: readonly string[],
  rows: readonly (readonly [statement: string, values: readonly (string | number | Uint8Array | null)[]])[] = [],
): Promise<Buffer> {
  const { Database } = await initSqlJs();
  const database = new Database();
  try {
    for (const statement of statements) database.run(statement);
    for (const [statement, values] of rows) database.run(statement, [...values]);
    return Buffer.from(database.export());
  } finally {
    database.close();
  }
}
