/** Searches one text, for engines that are shown whole texts. */
import { forgetMarks } from "./ahead";
import { denseKeyword, markKeyword, runKeyword, seesEncoded } from "./encoded";
import { canMatch, passesAhead } from "./gate";
import { beginHits, endHits, findKeywords, setHits, sortHits } from "./prefilter";
import { arenaAt, foundAt, foundLimit, keywordsAt } from "./regions";
import { findDense, findRuns } from "./runs";

/**
 * Finds the keywords of a text at `arenaAt` that start in [`from`, `to`) and pass their gates, and writes them, ordered, to
 * `foundAt`; of what is encoded all but runs. How many; -1 where there is no room.
 */
export function searchText(length: u32, from: u32, to: u32): i32 {
  forgetMarks();
  beginHits(foundAt, foundLimit);
  findKeywords(arenaAt, length, from, to);
  if (endHits() > foundLimit || (seesEncoded && !addMarked(arenaAt, length))) return -1;
  if (seesEncoded) setHits(findDense(arenaAt, length, from, to, denseKeyword, endHits()));
  if (endHits() > foundLimit) return -1;
  const end = endHits();
  sortHits(foundAt, end);
  let kept = foundAt;
  for (let hit = foundAt; hit < end; hit += 8) {
    const number = load<u32>(hit, 4);
    const meaning = keywordsAt + ((<usize>number) << 4);
    const isEncoded = number === markKeyword || number === denseKeyword;
    if (!isEncoded && !canMatch(arenaAt, length, load<u32>(hit), meaning)) continue;
    store<u64>(kept, load<u64>(hit));
    kept += 8;
  }
  return <i32>((kept - foundAt) >> 3);
}

/** Whether the text at `arenaAt` holds no keyword that could come to something, and nothing encoded that could be text. */
export function isSilent(length: u32): bool {
  forgetMarks();
  beginHits(foundAt, foundLimit);
  if (seesEncoded) {
    if (findRuns(arenaAt, length, 0, length, runKeyword, foundAt) > foundAt) return false;
    if (findDense(arenaAt, length, 0, length, denseKeyword, foundAt) > foundAt) return false;
  }
  findKeywords(arenaAt, length, 0, length);
  const end = endHits();
  if (end > foundLimit) return false;
  for (let hit = foundAt; hit < end; hit += 8) {
    const place = load<u32>(hit);
    const meaning = keywordsAt + ((<usize>load<u32>(hit, 4)) << 4);
    if (canMatch(arenaAt, length, place, meaning)) return false;
    if (seesEncoded && passesAhead(arenaAt, length, place, meaning)) return false;
  }
  return true;
}

/** Adds hits of the keyword for marks beside those that were found. False where there is no room. */
function addMarked(at: usize, length: u32): bool {
  const end = endHits();
  let next = end;
  for (let hit = foundAt; hit < end; hit += 8) {
    const number = load<u32>(hit, 4);
    if (!passesAhead(at, length, load<u32>(hit), keywordsAt + ((<usize>number) << 4))) continue;
    if (next + 8 > foundLimit) return false;
    store<u32>(next, load<u32>(hit));
    store<u32>(next, markKeyword, 4);
    next += 8;
  }
  setHits(next);
  return true;
}
