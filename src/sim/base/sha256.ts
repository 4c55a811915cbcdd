// SHA-256 (FIPS 180-4) as a function without a world: kube-proxy names its chains by it.

/** The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function rootBits(count: number, root: (value: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  let prime = 2;
  for (let index = 0; index < count; prime++) {
    let divides = false;
    for (let divisor = 2; divisor * divisor <= prime && !divides; divisor++) divides = prime % divisor === 0;
    if (!divides) words[index++] = (root(prime) % 1) * 0x100000000;
  }
  return words;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The digest of the UTF-8 bytes of a text: 32 bytes. */
export function sha256(text: string): Uint8Array {
  const round = rootBits(64, Math.cbrt);
  const state = rootBits(8, Math.sqrt);
  const message = new TextEncoder().encode(text);
  const padded = new Uint8Array(((message.length + 8) >> 6 << 6) + 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((message.length * 8) / 0x100000000));
  view.setUint32(padded.length - 4, message.length * 8);
  const schedule = new Uint32Array(64);
  const at = (words: Uint32Array, index: number): number => words[index] ?? 0;
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let index = 0; index < 16; index++) schedule[index] = view.getUint32(offset + index * 4);
    for (let index = 16; index < 64; index++) {
      const [early, late] = [at(schedule, index - 15), at(schedule, index - 2)];
      const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      schedule[index] = at(schedule, index - 16) + first + at(schedule, index - 7) + second;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let index = 0; index < 64; index++) {
      const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + at(round, index) + at(schedule, index);
      const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = at(state, index) + word;
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, index) => { out.setUint32(index * 4, word); });
  return digest;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The standard alphabet of RFC 4648, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const high = bytes[bit >> 3] ?? 0;
    const low = bytes[(bit >> 3) + 1] ?? 0;
    text += alphabet[(((high << 8) | low) >> (11 - (bit & 7))) & 31] ?? '';
  }
  return text;
}
