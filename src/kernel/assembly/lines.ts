/**
 * How many lines end in [`from`, `to`) of memory: at LF, at CR LF or at a CR alone, as `bytes/lines.ts` has it. The byte
 * at `to` is looked at too.
 */
export function lineEnds(from: usize, to: usize): u32 {
  const feed = i8x16.splat(10);
  const carriage = i8x16.splat(13);
  let count: u32 = 0;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const alone = v128.andnot(i8x16.eq(bytes, carriage), i8x16.eq(v128.load(at, 1), feed));
    let ends = <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, feed), alone));
    if (at + 16 > to) ends &= (1 << (<u32>(to - at))) - 1;
    count += popcnt(ends);
  }
  return count;
}
