/** Every second byte of eight. */
const seconds: u64 = ((<u64>0xff00ff00) << 32) | 0xff00ff00;

/**
 * Whether a run of four characters of ASCII in UTF-16, of either byte order, touches [`from`, `to`) of the text. Text has
 * no NUL at all, which is seen sixteen bytes at a time.
 */
export function hasWide(text: usize, length: u32, from: u32, to: u32): bool {
  const end = text + length;
  const back: u32 = from > 8 ? 8 : from;
  let at = text + from - back;
  const stop = text + to;
  const zero = i8x16.splat(0);
  for (; at < stop; at += 16) {
    if (!v128.any_true(i8x16.eq(v128.load(at), zero))) continue;
    for (let place = at; place < at + 16 && place < stop && place + 8 <= end; place++) {
      const word = load<u64>(place);
      if (isRun(word & seconds, word & ~seconds) || isRun(word & ~seconds, word & seconds)) return true;
    }
  }
  return false;
}

/** Whether every second byte is NUL and no other is. */
function isRun(silent: u64, spoken: u64): bool {
  if (silent !== 0) return false;
  const folded = spoken | (spoken >>> 8);
  return (
    (folded & 0xff) !== 0 &&
    (folded & 0xff0000) !== 0 &&
    (folded & 0xff00000000) !== 0 &&
    (folded & 0xff000000000000) !== 0
  );
}
