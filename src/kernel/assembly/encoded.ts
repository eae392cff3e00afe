/** What is encoded, as hits of keywords of its own. */

/** A number that no keyword has. */
const noKeyword: u32 = (1 << 30) - 1;
/** Bytes around a keyword's start that bear on whether something is encoded behind it. */
export const markReach: u32 = 600;

/** Bytes around a place that bear on what is made of what is encoded there: a name before, marks and a block behind. */
export const encodedBefore: u32 = 512;
export const encodedAfter: u32 = 2304;

/** Whether a run of base64 or hexadecimal digits that begins here may go on beyond these bytes. */
export function runGoesOn(at: usize, textEnd: usize): bool {
  const end = min(textEnd, at + encodedAfter);
  for (let next = at; next < end; next++) {
    const byte: u32 = load<u8>(next);
    // A blank line ends every block.
    if (byte === 0x0a && load<u8>(next + 1) === 0x0a) return false;
    if (byte < 0x2b && byte !== 0x0a && byte !== 0x0d && byte !== 0x20 && byte !== 0x09) return false;
  }
  return end < textEnd;
}

/** Whether what is encoded is looked for, and the numbers of the keywords that stand for it. */
export let seesEncoded: bool = false;
export let runKeyword: u32 = noKeyword;
export let markKeyword: u32 = noKeyword;
export let denseKeyword: u32 = noKeyword;

/** Percent codes in a row that are a hit of `denseKeyword`. */
export let leastCodes: u32 = 4;

/**
 * Says that runs of base64 and hexadecimal digits are hits too, of keyword `run`; and those of keyword `mark` where a
 * gate would let a keyword pass if what follows it were all written plainly; and those of keyword `dense` where several
 * characters in a row are written otherwise, so that a keyword may be among them: four, or `codes` percent codes.
 */
export function seeEncoded(run: u32, mark: u32, dense: u32, codes: u32): void {
  seesEncoded = true;
  runKeyword = run;
  markKeyword = mark;
  denseKeyword = dense;
  leastCodes = codes;
}
