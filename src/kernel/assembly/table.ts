/** Tables of 32-bit numbers in memory. */

export function put(table: usize, index: u32, value: u32): void {
  store<u32>(table + ((<usize>index) << 2), value);
}

export function get(table: usize, index: u32): u32 {
  return load<u32>(table + ((<usize>index) << 2));
}
