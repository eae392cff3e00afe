/** Digits of GitHub, npm and Azure: 0-9, A-Z, a-z. */
export const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A non-negative number written with `alphabet` as digits, at least `width` of them; the first one stands for 0. */
export function digits(value: number, alphabet: string, width: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) {
    text = alphabet.charAt(rest % alphabet.length) + text;
  }
  return text.padStart(width, alphabet.charAt(0));
}
