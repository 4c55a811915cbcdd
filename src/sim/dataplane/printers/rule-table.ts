// A table of iptables in the making: its chains with their rules, and how iptables-save prints them.
import { formatAddress, parseRange } from '../../base/address.ts';
import { byText } from '../../base/order.ts';

/** The rules of each chain, without `-A CHAIN`. */
export type Table = Map<string, string[]>;

export const host = (ip: string): string => `${ip}/${ip.includes(':') ? 128 : 32}`;
/** A CIDR as iptables writes it: without host bits. */
export function network(cidr: string): string {
  const range = parseRange(cidr);
  return range === undefined ? cidr : `${formatAddress({ family: range.family, value: range.first })}/${cidr.split('/')[1] ?? ''}`;
}
export const comment = (text: string): string => `-m comment --comment "${text}"`;

export function add(table: Table, chain: string, ...rules: readonly string[]): void {
  const there = table.get(chain);
  if (there === undefined) table.set(chain, [...rules]);
  else there.push(...rules);
}

/** Chains that nobody's rules are in are there too, and the built-in ones come first, in the order of the hooks. */
export function printed(name: string, builtIn: readonly string[], table: Table): string {
  const own = [...table.keys()].filter((chain) => !builtIn.includes(chain)).sort(byText);
  const rules = [...builtIn, ...own].flatMap((chain) => (table.get(chain) ?? []).map((rule) => `-A ${chain} ${rule}\n`)).join('');
  return `*${name}\n${builtIn.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}${own.map((chain) => `:${chain} - [0:0]\n`).join('')}${rules}COMMIT\n`;
}

export const empty = (chains: readonly string[]): Table => new Map(chains.map((chain) => [chain, []]));
