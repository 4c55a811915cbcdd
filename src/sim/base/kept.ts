// What was worked out once of a value that never changes, kept for as long as the value is.

/** A memory for each owner, by text. At `most` answers an owner's memory forgets them all. The answer must follow from the owner and the key alone. */
export function keptWith<Owner extends object, Value>(most: number): (owner: Owner, key: string, work: () => Value) => Value {
  const memories = new WeakMap<Owner, Map<string, Value>>();
  return (owner, key, work) => {
    let memory = memories.get(owner);
    if (memory === undefined) {
      memory = new Map();
      memories.set(owner, memory);
    }
    const found = memory.get(key);
    // An answer that is `undefined` is worked out again: no memory is kept of nothing.
    if (found !== undefined) return found;
    const value = work();
    if (memory.size >= most) memory.clear();
    memory.set(key, value);
    return value;
  };
}
