// What lies between the nodes and what is particular in their kernels, made ready for packets. Nothing at all where nothing is particular: a healthy network pays nothing for it.
import { parseAddress, parseRange, rangeHolds, type AddressRange } from '../base/address.ts';
import type { CniFacts, Network, NetworkNode, NetworkPod, NodeState, Route, SecurityGroupFacts, UnderlayFacts } from '../model/network.ts';

/** A node's routes as the kernel looks them up: single addresses first, then ranges, longest prefix first. */
interface RouteTable {
  readonly single: ReadonlyMap<string, Route>;
  readonly ranges: readonly { readonly range: AddressRange; readonly route: Route }[];
}

export interface Underlay {
  readonly facts: UnderlayFacts;
  readonly cni: CniFacts;
  readonly groupsOfNode: ReadonlyMap<string, readonly SecurityGroupFacts[]>;
  /** By `NAMESPACE/NAME`; empty where pods have no interface of their own. */
  readonly groupsOfPod: ReadonlyMap<string, readonly SecurityGroupFacts[]>;
  /** Running pods that share an address with another one, by address. */
  readonly twins: ReadonlyMap<string, readonly NetworkPod[]>;
  /** Filled as nodes are asked. */
  readonly tables: Map<string, RouteTable>;
}

const widest = 1n << 129n;

/** How many bytes a pod's interface takes; a pod on its node's network has the node's. */
export function podMtu(node: NetworkNode, pod: Pick<NetworkPod, 'namespace' | 'name' | 'hostNetwork'>, cni: CniFacts): number {
  if (pod.hostNetwork) return node.state.mtu;
  const key = `${pod.namespace}/${pod.name}`;
  return node.interfaces.find((one) => one.pod === key)?.mtu ?? cni.mtu;
}

const mtuOfPods = (node: NetworkNode, cni: CniFacts): number => node.interfaces.find(({ kind, pod }) => kind === 'veth' && pod !== null)?.mtu ?? cni.mtu;

/** Something about the node that a packet can feel. */
function isParticular(state: NodeState, internal: readonly string[]): boolean {
  return state.field !== null && (state.conntrack.used >= state.conntrack.max || state.rpFilter === 'strict' || state.forwardPolicy === 'DROP' || !state.ipForward || !state.hairpinMode || !state.wireguard || (state.announces !== null && state.announces !== internal[0]))
    || state.unrouted.length > 0;
}

/** Two nodes with one range, which only a written podCIDR brings about. */
function shareRanges(nodes: readonly NetworkNode[]): boolean {
  const seen = new Set<string>();
  for (const { podRanges } of nodes) {
    for (const range of podRanges) {
      if (seen.has(range)) return true;
      seen.add(range);
    }
  }
  return false;
}

/** The smallest uplink is too small for what the largest pod interface sends through it. */
function isNarrow({ nodes, cni, underlay }: Network): boolean {
  let [largest, smallest] = [0, underlay.mtu];
  for (const node of nodes) {
    largest = Math.max(largest, mtuOfPods(node, cni));
    smallest = Math.min(smallest, node.state.mtu);
  }
  return largest + (cni.encapsulation?.overhead ?? 0) > smallest || nodes.some(({ state }) => state.mtu !== smallest);
}

const among = (groups: readonly SecurityGroupFacts[], members: (group: SecurityGroupFacts) => readonly string[]): Map<string, SecurityGroupFacts[]> => {
  const found = new Map<string, SecurityGroupFacts[]>();
  for (const group of groups) {
    for (const name of members(group)) {
      const there = found.get(name);
      if (there === undefined) found.set(name, [group]);
      else there.push(group);
    }
  }
  return found;
};

function twinsOf(pods: readonly NetworkPod[]): Map<string, NetworkPod[]> {
  const first = new Map<string, NetworkPod>();
  const twins = new Map<string, NetworkPod[]>();
  for (const pod of pods) {
    if (!pod.running || pod.hostNetwork) continue;
    for (const ip of pod.addresses) {
      const other = first.get(ip);
      if (other === undefined) first.set(ip, pod);
      else twins.set(ip, [...(twins.get(ip) ?? [other]), pod]);
    }
  }
  return twins;
}

/** `null`: every node is as machines usually are, and everything between them gets through. `twins`: two running pods have one address. */
export function layUnderlay(network: Network, twins: boolean): Underlay | null {
  const { cni, nodes, pods, underlay } = network;
  const particular = twins || underlay.securityGroups.length > 0 || underlay.sourceDestinationCheck || !cni.masquerades
    || nodes.some(({ state, internal }) => isParticular(state, internal)) || shareRanges(nodes) || isNarrow(network);
  if (!particular) return null;
  return {
    facts: underlay, cni, groupsOfNode: among(underlay.securityGroups, (group) => group.nodes),
    // A tunnel hides who of a node's pods sends, and its pods have no interface that the cloud knows.
    groupsOfPod: cni.encapsulation === null ? among(underlay.securityGroups, (group) => group.pods) : new Map(),
    twins: twins ? twinsOf(pods) : new Map(), tables: new Map(),
  };
}

function tableOf(node: NetworkNode): RouteTable {
  const single = new Map<string, Route>();
  const ranges: { range: AddressRange; route: Route }[] = [];
  for (const route of node.routes) {
    const range = parseRange(route.to);
    if (range === undefined) continue;
    if (range.first !== range.last) ranges.push({ range, route });
    else {
      const ip = route.to.replace(/\/.*$/, '');
      if (!single.has(ip)) single.set(ip, route);
    }
  }
  const size = ({ family, first, last }: AddressRange): bigint => (family === 'IPv4' ? last - first : last - first + widest);
  const own = ({ kind }: Route): number => (kind === 'local' ? 0 : 1);
  // Of two routes to one range the node's own comes first, then the one that was made first.
  ranges.sort((left, right) => { const [one, other] = [size(left.range), size(right.range)]; return one === other ? own(left.route) - own(right.route) : one < other ? -1 : 1; });
  return { single, ranges };
}

/** The route that a node's kernel takes for an address; `undefined`: it has none. */
export function routeTo(underlay: Underlay, node: NetworkNode, ip: string): Route | undefined {
  let table = underlay.tables.get(node.name);
  if (table === undefined) underlay.tables.set(node.name, table = tableOf(node));
  const exact = table.single.get(ip);
  if (exact !== undefined) return exact;
  const address = parseAddress(ip);
  if (address === undefined) return undefined;
  const found = table.ranges.find(({ range }) => rangeHolds(range, address));
  // The tables hold the first family's links and default alone; the other's run beside them.
  return found?.route ?? (address.family === 'IPv6' ? node.routes.find(({ kind }) => kind === 'default') : undefined);
}

/** The underlay itself knows whose address it is: the cloud gave it out (a route without a next hop, or an address of the nodes' own network). */
export function isKnownOutside(underlay: Underlay, node: NetworkNode, ip: string): boolean {
  const route = routeTo(underlay, node, ip);
  if (route?.kind === 'direct') return route.via === null;
  if (route?.kind === 'link') return true;
  const address = parseAddress(ip);
  return address !== undefined && node.routes.some(({ kind, to }) => { const range = kind === 'link' ? parseRange(to) : undefined; return range !== undefined && rangeHolds(range, address); });
}

/** Addresses of the nodes' network that the machine has. */
export const machineAddresses = (node: NetworkNode): readonly string[] => [
  ...node.addresses.flatMap(({ type, address }) => (type.endsWith('IP') ? [address] : [])),
  ...node.interfaces.flatMap(({ kind, addresses }) => (kind === 'uplink' ? addresses.map((cidr) => cidr.replace(/\/.*$/, '')) : [])),
];

/** The uplink that has the address; the first one where none has. */
export const uplinkOf = (node: NetworkNode, ip: string): string => {
  const uplinks = node.interfaces.filter(({ kind }) => kind === 'uplink');
  return (uplinks.find(({ addresses }) => addresses.some((cidr) => cidr.startsWith(`${ip}/`))) ?? uplinks[0])?.name ?? 'eth0';
};

/** Its pods hang on a bridge, so that a packet between two of them is not routed. */
export const hasBridge = (node: NetworkNode): boolean => node.interfaces.some(({ kind }) => kind === 'bridge');
