/** The names of a table's columns, from the statement that made it. */

/** A comment, a quoted name or text, a word, or a single sign. */
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$\u0080-\uffff]+|\S/g;

/** What a definition begins with that is no column. */
const constraint = /^(?:constraint|primary|unique|check|foreign)$/i;

/**
 * Names in the order in which a row stores them: as written, but for a table without a rowid, which has its primary key
 * first. Columns that are worked out when they are read are not stored.
 */
export function columnsOf(statement: string): readonly string[] {
  const tokens = statement.match(token)?.filter((text) => !text.startsWith("--") && !text.startsWith("/*")) ?? [];
  const { definitions, rest } = definitionsIn(tokens);
  const columns = definitions.filter(([name = ""]) => !constraint.test(name) && name !== "");
  const stored = columns.filter((words) => !has(words, "as") || has(words, "stored")).map(([name = ""]) => bare(name));
  if (!has(rest, "without")) return stored;
  const key = keyOf(definitions);
  return [...stored.filter((name) => key.includes(name)), ...stored.filter((name) => !key.includes(name))];
}

const has = (words: readonly string[], word: string): boolean => words.some((each) => each.toLowerCase() === word);

/** What stands between the commas of the outermost parentheses, and what stands behind them. */
function definitionsIn(tokens: readonly string[]) {
  const definitions: string[][] = [[]];
  let depth = 0;
  for (const [index, text] of tokens.entries()) {
    if (text === ")" && --depth === 0) return { definitions, rest: tokens.slice(index + 1) };
    if (text === "," && depth === 1) definitions.push([]);
    else if (depth > 0) definitions.at(-1)?.push(text);
    if (text === "(") depth++;
  }
  return { definitions, rest: [] };
}

/** Names of the columns of the primary key, as a column's own mark or as a constraint says. */
function keyOf(definitions: readonly (readonly string[])[]): readonly string[] {
  return definitions.flatMap((words) => {
    const at = words.findIndex((word, index) => /^primary$/i.test(word) && /^key$/i.test(words[index + 1] ?? ""));
    if (at < 0) return [];
    return constraint.test(words[0] ?? "") ? words.slice(at + 3).map(bare) : [bare(words[0] ?? "")];
  });
}

const bare = (name: string): string => (/^["'`[]/.test(name) ? name.slice(1, -1) : name);
