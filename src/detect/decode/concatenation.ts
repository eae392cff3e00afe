import { substituting } from "./substitution.ts";

const joints = [" +", "+", " .", ".", " &", "&", " |", " <", " \\", "\\", "\n", "\r\n"];

/**
 * Strings put together in a program: `"ab" + "cd"` (JavaScript, Java, C#, Python, Swift), `.` (PHP, Perl), `..` (Lua),
 * `&` (Visual Basic), `||` (SQL), `<>` (Elixir), `++` (Haskell), over lines with a backslash, an underscore or nothing
 * (C, Python), and a string's line that ends in a backslash.
 */
export const concatenation = substituting({
  name: "concatenation",
  texts: ["\\\n", "\\\r\n", ...['"', "'", "`"].flatMap((quote) => joints.map((joint) => quote + joint))],
  mark: /(["'`])(?:[ \t]{0,8}(?:\+\+?|\.\.?|&|\|\||<>)[ \t]{0,8}(?:[\\_]?\r?\n[ \t]{0,40}){0,2}|[ \t]{0,8}\\?\r?\n[ \t]{0,40}(?:(?:\+\+?|\.\.?|&|\|\||<>)[ \t]{0,8})?)[bfrLuU@$]?\1|\\\r?\n[ \t]{0,20}/g,
  overLines: true,
  of: () => "",
});
