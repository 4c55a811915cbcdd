// Choices by hash instead of dice: one more choice does not shift the others, and a replay is exact.

/** FNV-1a over the UTF-16 code units with a final avalanche; an unsigned 32-bit number. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}

/** Picks one of the items by seed and key, evenly; `undefined` when there is nothing to pick from. */
export function choose<Item>(seed: number, key: string, items: readonly Item[]): Item | undefined {
  return items[hash32(`${seed}\u0000${key}`) % Math.max(items.length, 1)];
}

// The alphabet of Kubernetes' generated names (k8s.io/apimachinery/pkg/util/rand): no vowels, no look-alikes.
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A name suffix as Kubernetes generates them, chosen by seed and key. */
export function suffix(seed: number, key: string, length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) text += safeAlphabet[hash32(`${seed}\u0000${key}\u0000${index}`) % safeAlphabet.length];
  return text;
}
