// `conntrack -L`, `-C` and `-S` on a node: the entries that requests made before have left in its table, as conntrack-tools 1.4.7 prints them.
import type { Connection } from '../../model/connection.ts';
import type { Network, NetworkNode } from '../../model/network.ts';
import type { Packet } from '../../model/packet.ts';
import type { Hop, Walk } from '../../model/trace.ts';

type End = Packet['source'];

/** One direction of a connection, as a packet of it has its addresses. */
export interface Tuple {
  readonly from: End;
  readonly to: End;
}

export interface ConntrackEntry {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Seconds until it is forgotten. */
  readonly left: number;
  /** Of TCP. */
  readonly state: 'SYN_SENT' | 'ESTABLISHED' | 'TIME_WAIT' | null;
  readonly original: Tuple;
  /** As answers come: a translated destination answers under its own address, to a rewritten source. */
  readonly reply: Tuple;
  readonly replied: boolean;
  readonly assured: boolean;
}

/** Linux' timeouts in seconds (net.netfilter.nf_conntrack_*_timeout*). */
const timeouts = { ESTABLISHED: 432_000, SYN_SENT: 120, TIME_WAIT: 120, udp: 30, icmp: 30 } as const;

/** Stages whose drops and rejects fall on a packet inside a node, before its entry counts. */
const inside: ReadonlySet<Hop['stage']> = new Set(['node', 'kube-proxy', 'egress-policy', 'ingress-policy', 'masquerade']);

/** The node whose kernel handled the packet at this hop; `undefined` outside the nodes. */
function nodeAt(hop: Hop, network: Network): string | undefined {
  if (hop.stage === 'masquerade') return hop.object.name;
  if (hop.at.kind === 'node') return hop.at.name;
  const { at } = hop;
  return at.kind === 'pod' ? network.pods.find(({ namespace, name }) => namespace === at.namespace && name === at.name)?.node ?? undefined : undefined;
}

interface Passage {
  readonly arrived: Packet;
  readonly left: Packet;
  /** The packet was taken there: no entry came about. */
  readonly taken: boolean;
}

/** How the packet came to the node and how it left, as often as it did: to another node's port and back to a pod of this one is twice. */
function passages(walk: Walk, node: NetworkNode, network: Network): Passage[] {
  const runs: Hop[][] = [];
  let before: string | undefined;
  for (const hop of walk.hops) {
    if (['lookup', 'outside', 'load-balancer', 'loopback'].includes(hop.stage)) continue;
    const at = nodeAt(hop, network);
    if (at === node.name && before === at) runs.at(-1)?.push(hop);
    else if (at === node.name) runs.push([hop]);
    before = at;
  }
  return runs.flatMap((run): Passage[] => {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) return [];
    // An eBPF replacement turns the address at connect(): no packet with the Service's address is ever seen.
    const unseen = network.proxy.replacement?.atConnect === true && first.stage === 'kube-proxy' && first.action === 'dnat';
    const arrived = unseen ? first.after : first.packet;
    // A pod that calls itself stays in its own network namespace.
    if (arrived.source.ip === last.after.destination.ip && arrived.source.ip === arrived.destination.ip) return [];
    return [{ arrived, left: last.after, taken: inside.has(last.stage) && (last.action === 'drop' || last.action === 'reject') }];
  });
}

const reached = (walk: Walk): boolean => walk.verdict === 'delivered' || walk.verdict === 'http-error' || walk.verdict === 'tls-error' || walk.verdict === 'hang';

/** The next of the ephemeral ports, as often as the same addresses were used before: no two connections share them. */
const moved = (end: End, times: number): End => (end.port === null || times === 0 ? end : { ...end, port: 32768 + ((end.port - 32768 + 2 * times) % 28232) });

function entryOf({ walk, ago, open }: Connection, { arrived, left }: Passage, times: number): ConntrackEntry | undefined {
  const protocol = arrived.protocol === 'TCP' ? 'tcp' : arrived.protocol === 'UDP' ? 'udp' : arrived.protocol === 'ICMP' ? 'icmp' : undefined;
  if (protocol === undefined) return undefined;
  const replied = reached(walk);
  // A closed port answers with a reset, and the kernel forgets at once what was never more than that.
  if (protocol === 'tcp' && walk.verdict === 'refused' && walk.hops.at(-1)?.stage === 'arrival') return undefined;
  const state = protocol !== 'tcp' ? null : !replied ? 'SYN_SENT' : open || walk.verdict === 'hang' ? 'ESTABLISHED' : 'TIME_WAIT';
  const rest = (state !== null ? timeouts[state] : protocol === 'udp' ? timeouts.udp : timeouts.icmp) - 1 - Math.floor(ago);
  if (rest < 0) return undefined;
  return {
    protocol, left: rest, state, replied, assured: protocol === 'tcp' && replied,
    original: { from: moved(arrived.source, times), to: arrived.destination }, reply: { from: left.destination, to: moved(left.source, times) },
  };
}

/** In the order in which the connections were made. */
export function conntrackEntries(network: Network, node: NetworkNode, connections: readonly Connection[]): ConntrackEntry[] {
  const used = new Map<string, number>();
  return connections.flatMap((connection): ConntrackEntry[] => {
    const { walk } = connection;
    const dialled = walk.hops.find(({ stage }) => stage !== 'lookup')?.packet;
    const key = JSON.stringify(dialled ?? null);
    const times = used.get(key) ?? 0;
    used.set(key, times + 1);
    return passages(walk, node, network).flatMap((passed): ConntrackEntry[] => {
      const entry = passed.taken ? undefined : entryOf(connection, passed, times);
      return entry === undefined ? [] : [entry];
    });
  });
}

const tuple = (protocol: ConntrackEntry['protocol'], { from, to }: Tuple, type: number): string =>
  `src=${from.ip} dst=${to.ip} ${protocol === 'icmp' ? `type=${type} code=0 id=1` : `sport=${String(from.port ?? 0)} dport=${String(to.port ?? 0)}`}`;

/** A line of `conntrack -L`. */
export function conntrackLine(entry: ConntrackEntry): string {
  const number = { tcp: 6, udp: 17, icmp: 1 }[entry.protocol];
  return `${entry.protocol.padEnd(8)} ${number} ${entry.left} ${entry.state === null ? '' : `${entry.state} `}${tuple(entry.protocol, entry.original, 8)} ${entry.replied ? '' : '[UNREPLIED] '}${tuple(entry.protocol, entry.reply, 0)} ${entry.assured ? '[ASSURED] ' : ''}mark=0 use=1\n`;
}

// Simplified: `conntrack -L` lists what the lab's own requests left (TCP, UDP and ICMP over IPv4), oldest first; the kernel's table also has kubelet's probes and the plugin's tunnels, in no order, and gives connections whose source it rewrites another port (`--random-fully`).
export const conntrackList = (network: Network, node: NetworkNode, connections: readonly Connection[]): string =>
  conntrackEntries(network, node, connections).filter(({ original }) => !original.from.ip.includes(':')).map(conntrackLine).join('');

/** What `conntrack -L` writes to standard error. */
export const conntrackListed = (count: number): string => `conntrack v1.4.7 (conntrack-tools): ${count} flow entries have been shown.\n`;

/** `conntrack -C`: the whole table, so with what the Cluster document says is in it. */
export const conntrackCount = (network: Network, node: NetworkNode, connections: readonly Connection[]): string =>
  `${Math.min(node.state.conntrack.used + conntrackEntries(network, node, connections).length, node.state.conntrack.max)}\n`;

/** `conntrack -S`, one line a CPU: packets that found the table full count as dropped. */
export function conntrackStats(network: Network, node: NetworkNode, connections: readonly Connection[]): string {
  const full = node.state.conntrack.used >= node.state.conntrack.max;
  const dropped = full ? connections.filter(({ walk }) => walk.hops.some((hop) => hop.action === 'drop' && nodeAt(hop, network) === node.name)).length : 0;
  return [0, 1].map((cpu) => `cpu=${cpu}   \tfound=0 invalid=0 insert=0 insert_failed=${cpu === 0 ? dropped : 0} drop=${cpu === 0 ? dropped : 0} early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \n`).join('');
}
