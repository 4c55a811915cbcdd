// Addresses of pods: each from its node's ranges, the next one that was never given out, and freed ones when the range has been gone through once.
import { formatAddress, nthAddress, parseRange } from '../base/address.ts';
import type { CniPlugin, NodeAddresses } from '../cni/cni-plugin.ts';
import type { NodeObject, Pod } from '../model/object.ts';
import { next, type Draft } from './draft.ts';

export const internalAddresses = (node: NodeObject | undefined): string[] => (node?.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);

const podCidrs = (node: NodeObject): readonly string[] => node.spec?.podCIDRs ?? (node.spec?.podCIDR === undefined ? [] : [node.spec.podCIDR]);

/** How the plugin deals out addresses; the same answer for the same nodes. */
export function nodeAddresses(plugin: CniPlugin, podRanges: readonly string[], nodes: readonly NodeObject[]): ReadonlyMap<string, NodeAddresses> {
  return new Map(plugin.addresses({ podRanges, nodes: nodes.map((node) => ({ name: node.metadata.name, internal: internalAddresses(node), podRanges: podCidrs(node), instanceType: node.metadata.labels?.['node.kubernetes.io/instance-type'] ?? null })) }).map((given) => [given.name, given]));
}

export const addressesOf = (pod: Pod): readonly string[] => pod.status?.podIPs?.map(({ ip }) => ip) ?? (pod.status?.podIP === undefined || pod.status.podIP === '' ? [] : [pod.status.podIP]);

/** Who has which address: nodes by address, and how many pods of a node have one. */
export interface AddressBook {
  readonly dealt: ReadonlyMap<string, NodeAddresses>;
  readonly holders: Map<string, Set<string>>;
  readonly held: Map<string, number>;
}

export function openBook(dealt: ReadonlyMap<string, NodeAddresses>, pods: readonly Pod[]): AddressBook {
  const book: AddressBook = { dealt, holders: new Map(), held: new Map() };
  for (const pod of pods) {
    if (pod.spec.hostNetwork === true) continue;
    const node = pod.spec.nodeName ?? '';
    const addresses = addressesOf(pod);
    if (addresses.length > 0) book.held.set(node, (book.held.get(node) ?? 0) + 1);
    for (const ip of addresses) note(book, ip, node);
  }
  return book;
}

function note(book: AddressBook, ip: string, node: string): void {
  const found = book.holders.get(ip);
  if (found === undefined) book.holders.set(ip, new Set([node]));
  else found.add(node);
}

/** An address that another node holds is free where that node was given the same range: neither knows of the other. */
const isFree = (book: AddressBook, ip: string, node: string, cidr: string): boolean =>
  [...book.holders.get(ip) ?? []].every((holder) => holder !== node && book.dealt.get(holder)?.ranges.includes(cidr) === true);

function fromRange(draft: Draft, book: AddressBook, given: NodeAddresses, cidr: string): string | undefined {
  const range = parseRange(cidr);
  if (range === undefined) return undefined;
  const at = (offset: number): string | undefined => {
    const address = nthAddress(range, offset);
    return address === undefined || (!given.wholeRange && address.value === range.last) ? undefined : formatAddress(address);
  };
  const counter = `address/${given.name}/${cidr}`;
  for (;;) {
    const text = at(given.reserved + (draft.counters[counter] ?? 0));
    if (text === undefined) break;
    next(draft, counter);
    if (isFree(book, text, given.name, cidr)) return text;
  }
  for (let offset = given.reserved; ; offset++) {
    const text = at(offset);
    if (text === undefined || isFree(book, text, given.name, cidr)) return text;
  }
}

/** One address of each family that the node has ranges of; empty when there is none left. */
export function takeAddresses(draft: Draft, book: AddressBook, node: string): string[] {
  const given = book.dealt.get(node);
  if (given === undefined || (given.capacity !== null && (book.held.get(node) ?? 0) >= given.capacity)) return [];
  const addresses = new Map<string, string>();
  for (const cidr of given.ranges) {
    const family = cidr.includes(':') ? 'IPv6' : 'IPv4';
    const found = addresses.has(family) ? undefined : fromRange(draft, book, given, cidr);
    if (found !== undefined) addresses.set(family, found);
  }
  // Of two families a pod gets both or none.
  const families = new Set(given.ranges.map((cidr) => (cidr.includes(':') ? 'IPv6' : 'IPv4')));
  if (addresses.size < families.size) return [];
  for (const ip of addresses.values()) note(book, ip, node);
  if (addresses.size > 0) book.held.set(node, (book.held.get(node) ?? 0) + 1);
  return [...addresses.values()];
}
