/** `make`, which keeps its last answer: an engine asks many rules about one text, and one rule many times. */
export function lastOnly<T>(make: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly made: T } | undefined;
  return (text) => {
    if (last === undefined || last.text !== text) last = { text, made: make(text) };
    return last.made;
  };
}

/** `make`, called when first needed. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
