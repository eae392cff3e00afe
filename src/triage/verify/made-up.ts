/**
 * A secret of the same form that nobody issued: its first characters, which say whose it is, and the letters and digits
 * behind them in reverse. An API that takes this one, too, takes anything, and its yes is worth nothing.
 */
export function madeUp(secret: string): string {
  const kept = Math.min(8, Math.floor(secret.length / 3));
  const tail = secret.slice(kept);
  const signs = [...tail.matchAll(/[A-Za-z0-9]/g)].map(([sign]) => sign);
  const turned = signs.join("") === signs.toReversed().join("") ? [...signs.slice(1), ...signs.slice(0, 1)] : signs;
  return secret.slice(0, kept) + tail.replace(/[A-Za-z0-9]/g, () => turned.pop() ?? "");
}
