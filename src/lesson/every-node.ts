// The same workload seen from every node: a copy of its pod on each node where pods may run.
import type { Lab, Source } from '../sim/lab.ts';
import { parseSource } from '../sim/lab.ts';
import { layPlane } from '../sim/dataplane/plane.ts';
import type { NetworkNode, NetworkPod } from '../sim/model/network.ts';
import { formatAddress, nthAddress, parseAddress, parseRange, rangeHolds } from '../sim/base/address.ts';
import { by } from '../sim/base/order.ts';

export interface Copy {
  readonly node: string;
  readonly source: Source;
}

/** An address of the node's pod range that nobody has, counted from its end. */
function freeAddress(node: NetworkNode, taken: Set<string>): string[] {
  return node.podRanges.flatMap((cidr) => {
    const range = parseRange(cidr);
    if (range === undefined) return [];
    const size = range.last - range.first;
    for (let offset = size > 1n ? size - 1n : size; offset > 0n && offset > size - 1000n; offset--) {
      const address = nthAddress(range, offset);
      const text = address === undefined ? undefined : formatAddress(address);
      if (text !== undefined && !taken.has(text)) {
        taken.add(text);
        return [text];
      }
    }
    return [];
  });
}

/**
 * The cluster with a copy of each source that is a workload's pod, on every node but its own; and the copies by source as it was written.
 * Nothing but the pods is new: the copies stand behind no Service and no controller counts them.
 */
export function everyNode(sources: readonly string[], lab: Lab): { readonly lab: Lab; readonly copies: ReadonlyMap<string, readonly Copy[]> } {
  const { network } = lab;
  const nodes = network.nodes.filter((node) => node.ready && node.taints.every((taint) => taint.effect === 'PreferNoSchedule'));
  const taken = new Set(network.pods.flatMap((pod) => pod.addresses));
  const copies = new Map<string, Copy[]>();
  const made = new Map<string, Copy[]>();
  const pods: NetworkPod[] = [];
  for (const text of sources) {
    const parsed = parseSource(text, network);
    if (!parsed.ok || parsed.value.kind !== 'pod') continue;
    const source = parsed.value;
    const pod = network.pods.find((one) => one.namespace === source.namespace && one.name === source.name);
    if (pod === undefined || pod.owner.kind === 'Pod') continue;
    const key = `${pod.namespace}/${pod.name}`;
    let all = made.get(key);
    if (all === undefined) {
      all = [];
      for (const node of nodes) {
        if (node.name === pod.node) continue;
        const addresses = pod.hostNetwork ? node.internal : freeAddress(node, taken);
        if (addresses.length === 0) continue;
        const name = `${pod.name}-on-${node.name}`;
        pods.push({ ...pod, name, ref: { ...pod.ref, name }, node: node.name, addresses, hostname: name });
        all.push({ node: node.name, source: { ...source, name } });
      }
      made.set(key, all);
    }
    copies.set(text, all);
  }
  if (pods.length === 0) return { lab, copies };
  const spread = { ...network, pods: [...network.pods, ...pods].sort(by((pod) => `${pod.namespace}\u0000${pod.name}`)) };
  return { lab: { ...lab, network: spread, plane: layPlane(spread) }, copies };
}

/** Whether an address lies in a pod range of the cluster. */
export function isPodAddress(lab: Lab, ip: string): boolean {
  const address = parseAddress(ip);
  return address !== undefined && lab.network.podRanges.some((cidr) => {
    const range = parseRange(cidr);
    return range !== undefined && rangeHolds(range, address);
  });
}
