/**
 * Places in `offsets`, ordered by rising offset; equal offsets keep their order. Sorts by 16 bits at a time, since
 * sorting a million numbers with a comparison function takes a second.
 */
export function entryOrder(offsets: Float64Array): Int32Array {
  const { length } = offsets;
  let largest = 0;
  for (const offset of offsets) if (offset > largest) largest = offset;
  let order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let next = new Int32Array(length);
  const starts = new Int32Array(0x10000);
  for (let unit = 1; unit <= largest; unit *= 0x10000) {
    const digit = (place: number): number => Math.floor((offsets[place] ?? 0) / unit) % 0x10000;
    starts.fill(0);
    for (let i = 0; i < length; i++) starts[digit(i)] = (starts[digit(i)] ?? 0) + 1;
    let sum = 0;
    for (let value = 0; value < 0x10000; value++) {
      const count = starts[value] ?? 0;
      starts[value] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const place = order[i] ?? 0;
      const value = digit(place);
      const slot = starts[value] ?? 0;
      starts[value] = slot + 1;
      next[slot] = place;
    }
    [order, next] = [next, order];
  }
  return order;
}
