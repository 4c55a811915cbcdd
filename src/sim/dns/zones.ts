// Zones as a Corefile writes them: names, or address ranges that stand for reverse zones.
import { formatAddress, parseAddress, parseRange } from '../base/address.ts';
import { comparableName, isAskable, isUnder, labelsOf } from './names.ts';

/**
 * `cluster.local` is itself; `10.0.0.0/16` is `0.10.in-addr.arpa.`; a range that ends inside a label is all the zones it covers.
 * Empty when the text is no zone.
 */
export function zonesOf(text: string): readonly string[] {
  const range = text.includes('/') ? parseRange(text) : undefined;
  if (range === undefined) return isAskable(text) ? [comparableName(text)] : [];
  const [bits, step, suffix] = range.family === 'IPv4' ? [32, 8, 'in-addr.arpa.'] : [128, 4, 'ip6.arpa.'];
  const length = Number(text.slice(text.indexOf('/') + 1));
  const whole = Math.min(Math.ceil(length / step) * step, bits);
  const zones: string[] = [];
  for (let index = 0; index < 2 ** (whole - length); index++) {
    const value = range.first + (BigInt(index) << BigInt(bits - whole));
    const labels: string[] = [];
    for (let at = step; at <= whole; at += step) labels.unshift(((value >> BigInt(bits - at)) & BigInt(2 ** step - 1)).toString(step === 4 ? 16 : 10));
    zones.push([...labels, suffix].join('.'));
  }
  return zones;
}

/** The longest of the zones that the name lies under; `undefined` when there is none. */
export function matchZone(zones: readonly string[], name: string): string | undefined {
  let best: string | undefined;
  for (const zone of zones) if (isUnder(zone, name) && (best === undefined || zone.length > best.length)) best = zone;
  return best;
}

/** A name under in-addr.arpa or ip6.arpa; these two are not (CoreDNS plugin/pkg/dnsutil `IsReverse`). */
export const isReverse = (name: string): boolean => /\.(in-addr|ip6)\.arpa\.?$/i.test(name);

/** The canonical address that a reverse name stands for; `undefined` for every other name. */
export function addressOfReverse(name: string): string | undefined {
  const labels = labelsOf(comparableName(name));
  const digits = labels.slice(0, -2).toReversed();
  if (labels.slice(-2).join('.') === 'in-addr.arpa' && digits.length === 4) {
    const address = parseAddress(digits.join('.'));
    return address === undefined ? undefined : formatAddress(address);
  }
  if (labels.slice(-2).join('.') === 'ip6.arpa' && digits.length === 32 && digits.every((digit) => /^[0-9a-f]$/.test(digit))) {
    const address = parseAddress(digits.join('').replace(/(.{4})(?=.)/g, '$1:'));
    return address === undefined ? undefined : formatAddress(address);
  }
  return undefined;
}

/** The name under which an address stands in reverse; `undefined` for what is no address. */
export function reverseName(ip: string): string | undefined {
  const address = parseAddress(ip);
  if (address === undefined) return undefined;
  if (address.family === 'IPv4') return `${formatAddress(address).split('.').toReversed().join('.')}.in-addr.arpa.`;
  return `${[...address.value.toString(16).padStart(32, '0')].toReversed().join('.')}.ip6.arpa.`;
}
