// Order that is the same on every machine: by code units, never by locale and never by insertion.

/** Compares two texts by their UTF-16 code units. */
export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Compares by a key of text; equal keys keep their order, so pass a key that is unique. */
export const by = <Item>(key: (item: Item) => string) => (left: Item, right: Item): number => byText(key(left), key(right));

/** A sorted copy, by a key of text. */
export const sortedBy = <Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] => [...items].sort(by(key));

/** The entries of a record, sorted by their keys. */
export const sortedEntries = <Value>(record: Readonly<Record<string, Value>>): [string, Value][] => Object.entries(record).sort(([left], [right]) => byText(left, right));
