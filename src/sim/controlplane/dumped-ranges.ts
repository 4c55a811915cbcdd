// The ranges of pods and Services of a cluster whose manifests do not say them: read from the addresses that a dump of it holds.
import { formatAddress, parseAddress, parseRange, rangeHolds, type AddressFamily, type AddressRange } from '../base/address.ts';
import { list, type Store } from '../cluster/store.ts';

const bits = { IPv4: 32, IPv6: 128 } as const;
/** How wide a range is where a few of its addresses are all that is known: what installers give (/16, and /56 or /112 for IPv6). */
const usual = { pods: { IPv4: 16, IPv6: 56 }, services: { IPv4: 16, IPv6: 112 } } as const;

const overlap = (left: AddressRange, right: AddressRange): boolean => left.family === right.family && left.first <= right.last && right.first <= left.last;

/** Nobody gives a wider one: what would need it does not belong together. */
const widest = { IPv4: 8, IPv6: 32 } as const;

/** The smallest CIDR of at least a width that holds all of these ranges of one family. */
function covering(family: AddressFamily, parts: readonly AddressRange[], width: number): { readonly text: string; readonly range: AddressRange } | undefined {
  const first = parts.reduce((least, part) => (part.first < least ? part.first : least), parts[0]?.first ?? 0n);
  const last = parts.reduce((most, part) => (part.last > most ? part.last : most), parts[0]?.last ?? 0n);
  for (let length = width; length >= widest[family]; length--) {
    const host = BigInt(bits[family] - length);
    if (first >> host !== last >> host) continue;
    const text = `${formatAddress({ family, value: (first >> host) << host })}/${length}`;
    const range = parseRange(text);
    return range === undefined ? undefined : { text, range };
  }
  return undefined;
}

const asText = (part: AddressRange): string => {
  let length = bits[part.family];
  for (let size = part.last - part.first + 1n; size > 1n; size >>= 1n) length--;
  return `${formatAddress({ family: part.family, value: part.first })}/${length}`;
};

const single = (ip: string): AddressRange[] => { const address = parseAddress(ip); return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }]; };

/**
 * The default where it holds everything that is given. Otherwise one range a family, as wide as installers make them and free of what is
 * elsewhere; where there is no such one, the parts themselves.
 */
function inferred(defaults: string, parts: readonly AddressRange[], elsewhere: readonly AddressRange[], widths: Readonly<Record<AddressFamily, number>>): readonly string[] {
  const standard = parseRange(defaults);
  if (standard === undefined) return [defaults];
  const strays = parts.filter((part) => part.family !== standard.family || part.first < standard.first || part.last > standard.last);
  const found = (['IPv4', 'IPv6'] as const).flatMap((family): string[] => {
    const own = strays.filter((part) => part.family === family);
    if (own.length === 0) return [];
    for (const width of [widths[family], bits[family]]) {
      const range = covering(family, own, width);
      if (range !== undefined && !elsewhere.some((other) => overlap(other, range.range))) return [range.text];
    }
    return own.map(asText);
  });
  const replaced = strays.length === parts.length && found.some((text) => !text.includes(':'));
  return replaced ? found : [defaults, ...found];
}

/** Ranges of the Nodes decide; addresses of pods count where no Node's range holds them. A pod on its node's network has none of its own. */
export function dumpedPodRanges(store: Store, defaults: string, services: readonly string[]): readonly string[] {
  const nodes = list(store, 'Node').map(({ object }) => object);
  const cidrs = nodes.flatMap((node) => node.spec?.podCIDRs ?? (node.spec?.podCIDR === undefined ? [] : [node.spec.podCIDR])).flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  const standard = parseRange(defaults);
  const held = [...cidrs, ...(standard === undefined ? [] : [standard])];
  const strays = list(store, 'Pod').filter(({ object }) => object.spec.hostNetwork !== true)
    .flatMap(({ object }) => (object.status?.podIPs ?? (object.status?.podIP === undefined ? [] : [{ ip: object.status.podIP }])).flatMap(({ ip }) => single(ip)))
    .filter(({ family, first }) => !held.some((range) => rangeHolds(range, { family, value: first })));
  const elsewhere = [...nodes.flatMap((node) => (node.status?.addresses ?? []).flatMap(({ address }) => single(address))), ...services.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; })];
  return inferred(defaults, [...cidrs, ...strays], elsewhere, usual.pods);
}

export function dumpedServiceRanges(store: Store, defaults: string): readonly string[] {
  const given = list(store, 'Service').flatMap(({ object }) => object.spec.clusterIPs ?? (object.spec.clusterIP === undefined ? [] : [object.spec.clusterIP])).flatMap(single);
  const elsewhere = list(store, 'Node').flatMap(({ object }) => [...(object.status?.addresses ?? []).flatMap(({ address }) => single(address)), ...(object.spec?.podCIDRs ?? [object.spec?.podCIDR ?? '']).flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; })]);
  return inferred(defaults, given, elsewhere, usual.services);
}
