// Addresses and ranges as numbers, so that ranges can be compared, cut and counted. Parsing and printing is ipaddr.js'.
import ipaddr from 'ipaddr.js';
import { remembered } from './remembered.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

export interface Address {
  readonly family: AddressFamily;
  readonly value: bigint;
}

/** An inclusive span of addresses of one family. */
export interface AddressRange {
  readonly family: AddressFamily;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { IPv4: 32n, IPv6: 128n } as const;

/** Reads an address in the form that Kubernetes accepts (no leading zeros, no short forms, no zone); `undefined` when it is none. */
export const parseAddress = remembered(readAddress, 50_000);

function readAddress(text: string): Address | undefined {
  // The library finds out by throwing, which is slow: what is plainly no address of a family is not offered to it.
  if (/^\d+(\.\d+){3}$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text)) return fromBytes('IPv4', ipaddr.IPv4.parse(text).toByteArray());
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)) return fromBytes('IPv6', ipaddr.IPv6.parse(text).toByteArray());
  return undefined;
}

function fromBytes(family: AddressFamily, bytes: readonly number[]): Address {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return { family, value };
}

/** The canonical text: dotted quads, or the compressed lower-case form of RFC 5952. */
export function formatAddress(address: Address): string {
  const bytes: number[] = [];
  for (let shift = bits[address.family] - 8n; shift >= 0n; shift -= 8n) bytes.push(Number((address.value >> shift) & 0xffn));
  return address.family === 'IPv4' ? bytes.join('.') : new ipaddr.IPv6(bytes).toRFC5952String();
}

/** Reads a CIDR; host bits are masked away. `undefined` when it is none. */
export const parseRange = remembered(readRange, 10_000);

function readRange(cidr: string): AddressRange | undefined {
  const [text = '', length = '', ...rest] = cidr.split('/');
  const address = parseAddress(text);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const host = bits[address.family] - BigInt(length);
  if (host < 0n) return undefined;
  const first = (address.value >> host) << host;
  return { family: address.family, first, last: first + (1n << host) - 1n };
}

export const rangeHolds = (range: AddressRange, address: Address): boolean =>
  range.family === address.family && range.first <= address.value && address.value <= range.last;

/** The address `offset` places after the first of the range; `undefined` past its end. */
export function nthAddress(range: AddressRange, offset: number | bigint): Address | undefined {
  const value = range.first + BigInt(offset);
  return value > range.last ? undefined : { family: range.family, value };
}

/** Every address of a family as one range. */
export const wholeFamily = (family: AddressFamily): AddressRange => ({ family, first: 0n, last: (1n << bits[family]) - 1n });

/** `LOW-HIGH`. */
export const formatRange = (range: AddressRange): string =>
  `${formatAddress({ family: range.family, value: range.first })}-${formatAddress({ family: range.family, value: range.last })}`;

/** How an address stands in front of a port: IPv6 in brackets. */
export const hostText = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

/** `IP:PORT`, IPv6 in brackets. */
export const socketText = (ip: string, port: number): string => `${hostText(ip)}:${port}`;
