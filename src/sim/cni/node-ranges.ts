// Addresses as most plugins give them out: from the range that the controller manager gave the node.
import type { IpamInput, NodeAddresses } from './cni-plugin.ts';

export const nodeRanges = (reserved: number) => (input: IpamInput): readonly NodeAddresses[] =>
  input.nodes.map(({ name, podRanges }) => ({ name, ranges: podRanges, reserved, wholeRange: false, capacity: null, maxPods: null }));
