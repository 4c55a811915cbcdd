// A record as zone files write it: `NAME [TTL] [CLASS] TYPE DATA`.
import { formatAddress, parseAddress } from '../base/address.ts';
import type { DnsRecord, RecordType } from '../model/lookup.ts';
import { absoluteName, isAskable } from './names.ts';

const defaultTtl = 3600;
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const types: readonly RecordType[] = ['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'NS', 'SOA'];

/** Seconds, also as `1h30m`; `undefined` for what is no time to live. */
function ttlOf(text: string): number | undefined {
  if (!/^\d+([smhdw]\d*)*$/i.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (units[unit ?? ''] ?? 1), 0);
}

/** The words of a line; texts in quotes are one. */
const wordsOf = (text: string): readonly string[] => text.replace(/;.*$/, '').match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];

/** The record, its data as dig prints it; `undefined` for what is none, or of a type that the simulation has no records of. */
export function parseRecord(text: string): DnsRecord | undefined {
  const [name = '', ...rest] = wordsOf(text);
  let ttl = defaultTtl;
  let at = 0;
  // Time and class come in either order, and both may be missing.
  for (; at < 2; at++) {
    const word = rest[at] ?? '';
    const time = ttlOf(word);
    if (time !== undefined) ttl = time;
    else if (word.toUpperCase() !== 'IN') break;
  }
  const type = types.find((known) => known === rest[at]?.toUpperCase());
  if (type === undefined || !isAskable(absoluteName(name))) return undefined;
  const data = dataOf(type, rest.slice(at + 1));
  return data === undefined ? undefined : { name: absoluteName(name), type, ttl, data };
}

function dataOf(type: RecordType, words: readonly string[]): string | undefined {
  const [first = ''] = words;
  const isName = (text: string | undefined): text is string => text !== undefined && isAskable(absoluteName(text));
  const numbers = (texts: readonly string[]): boolean => texts.every((text) => /^\d{1,10}$/.test(text));
  switch (type) {
    case 'A': case 'AAAA': {
      const address = words.length === 1 ? parseAddress(first) : undefined;
      return address === undefined || (address.family === 'IPv6') !== (type === 'AAAA') ? undefined : formatAddress(address);
    }
    case 'CNAME': case 'NS': case 'PTR': return words.length === 1 && isName(first) ? absoluteName(first) : undefined;
    case 'SRV': return words.length === 4 && numbers(words.slice(0, 3)) && isName(words[3]) ? [...words.slice(0, 3), absoluteName(words[3])].join(' ') : undefined;
    case 'TXT': return words.length === 0 ? undefined : words.map((word) => (word.startsWith('"') ? word : `"${word}"`)).join(' ');
    case 'SOA': {
      const times = words.slice(2).map((word) => ttlOf(word.replace(/[()]/g, '')));
      return isName(words[0]) && isName(words[1]) && times.length === 5 && times.every((time) => time !== undefined) ? [absoluteName(words[0]), absoluteName(words[1]), ...times].join(' ') : undefined;
    }
  }
}
