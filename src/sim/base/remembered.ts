// Work that depends on a text alone, done once for each text.

/** Longer texts are no addresses, ranges or names: they are not kept where nothing else is said. */
const longestName = 300;

/** The function with its answers kept. At `most` of them it forgets them all, so that strange input cannot fill the memory. */
export function remembered<Value>(work: (text: string) => Value, most: number, longest = longestName): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    if (text.length > longest) return work(text);
    const found = known.get(text);
    if (found !== undefined) return found.value;
    const value = work(text);
    if (known.size >= most) known.clear();
    known.set(text, { value });
    return value;
  };
}
