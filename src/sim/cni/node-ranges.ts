// Addresses as most plugins give them out: from the range that the controller manager gave the node.
import { formatAddress, formatRange, parseRange, type AddressRange } from '../base/address.ts';
import type { IpamInput, NodeAddresses } from './cni-plugin.ts';

export const nodeRanges = (reserved: number) => (input: IpamInput): readonly NodeAddresses[] =>
  input.nodes.map(({ name, podRanges }) => ({ name, ranges: podRanges, reserved, wholeRange: false, capacity: null, maxPods: null }));

/** host-local's words for a range that is used up: it counts all addresses but the first and the last, the bridge's own among them (containernetworking/plugins, plugins/ipam/host-local). */
export function hostLocalFails(ranges: readonly string[]): string {
  const [range] = ranges.flatMap((cidr) => parseRange(cidr) ?? []);
  return `failed to allocate for range 0: no IP addresses available in range set: ${range === undefined ? '' : formatRange({ ...range, first: range.first + 1n, last: range.last - 1n })}`;
}

/** A block of 64 addresses of the pods' ranges for each node that the controller manager gave no range of its own: Calico and Weave Net look after addresses themselves, and need no podCIDR. */
export const nodeRangesOrBlocks = (reserved: number) => (input: IpamInput): readonly NodeAddresses[] => {
  const taken = input.nodes.flatMap(({ podRanges }) => podRanges.flatMap((cidr) => parseRange(cidr) ?? []));
  return input.nodes.map((node, index) => {
    const twice = input.nodes.slice(0, index).some((other) => other.podRanges.some((cidr) => node.podRanges.includes(cidr)));
    if (node.podRanges.length > 0 && !twice) return { name: node.name, ranges: node.podRanges, reserved, wholeRange: false, capacity: null, maxPods: null };
    return { name: node.name, ranges: freeBlock(input.podRanges, taken), reserved, wholeRange: false, capacity: null, maxPods: null };
  });
};

function freeBlock(podRanges: readonly string[], taken: AddressRange[]): readonly string[] {
  for (const whole of podRanges.flatMap((cidr) => parseRange(cidr) ?? [])) {
    for (let first = whole.first; whole.family === 'IPv4' && first + 63n <= whole.last; first += 64n) {
      const last = first + 63n;
      if (taken.some((other) => other.family === whole.family && other.first <= last && first <= other.last)) continue;
      taken.push({ family: whole.family, first, last });
      return [`${formatAddress({ family: whole.family, value: first })}/26`];
    }
  }
  return [];
}
