// Nodes and namespaces: addresses, ranges, interfaces and routes, as the CNI plugin compiles them and as the underlay lets them be.
import type { CniNode, CniOutput } from '../../cni/cni-plugin.ts';
import { list, type Store, type Stored } from '../../cluster/store.ts';
import type { CniFacts, NetworkNamespace, NetworkNode, NetworkPod, NetworkService, OutsideFacts, Socket, UnderlayFacts } from '../../model/network.ts';
import type { Namespace, NodeObject } from '../../model/object.ts';
import { bgpSessions, unlearned, type Speaker } from '../bgp-sessions.ts';
import { machineAddresses } from '../guarded-probes.ts';
import { isControlPlane } from '../implied.ts';
import { staleSince } from '../last-rules.ts';
import { internalAddresses, nodeAddresses } from '../pod-addresses.ts';
import { standingRoutes, type RoutedNode } from '../node-routes.ts';
import { nodeState, type OwnState } from '../node-state.ts';
import { idleAgent } from '../plugin-agent.ts';
import { securityGroups } from '../security-groups.ts';
import type { Settings } from '../settings.ts';
import { nodeResolvConf } from './outside.ts';

export const compileNamespaces = (namespaces: readonly Stored<Namespace>[]): NetworkNamespace[] =>
  namespaces.map(({ object, implied }) => ({ name: object.metadata.name, labels: object.metadata.labels ?? {}, implied }));

/** Kubelet and kube-proxy on every node where they run, the API server on those of the control plane. */
function ownSockets(node: NodeObject, settings: Settings, state: OwnState, resolvConf: string, encapsulation: CniFacts['encapsulation']): Socket[] {
  const open = (port: number, container: string, tls: readonly string[] | null, ip = '0.0.0.0'): Socket => ({ ip, port, protocol: 'TCP', container, tls, answers: [] });
  // A file that names systemd-resolved's stub is that of a machine on which it listens.
  const stub = /^nameserver[ \t]+127\.0\.0\.53$/m.test(resolvConf) ? (['UDP', 'TCP'] as const).map((protocol): Socket => ({ ...open(53, 'systemd-resolved', null, '127.0.0.53'), protocol })) : [];
  const proxy = state.kubeProxyRuns ? [open(10256, 'kube-proxy', null), open(10249, 'kube-proxy', null, '127.0.0.1')] : [];
  // The kernel itself takes a tunnel's packets, and BIRD the sessions.
  const tunnel: readonly Socket[] = encapsulation?.port == null ? [] : [{ ...open(encapsulation.port, encapsulation.name, null), protocol: 'UDP' }];
  const border = settings.traits.announcedBy === 'bgp' ? [open(179, 'bird', null)] : [];
  const sockets = [open(10250, 'kubelet', [node.metadata.name]), ...proxy, ...tunnel, ...border, open(10248, 'kubelet', null, '127.0.0.1'), ...stub];
  return isControlPlane(node) ? [...sockets, open(6443, 'kube-apiserver', ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${settings.domain}`])] : sockets;
}

export function compileUnderlay(settings: Settings, nodes: readonly NodeObject[], pods: readonly NetworkPod[]): UnderlayFacts {
  const { underlay } = settings;
  return {
    mtu: settings.underlayMtu, fragmentationNeeded: underlay.fragmentationNeeded === 'lost' ? 'lost' : 'delivered', sourceDestinationCheck: underlay.sourceDestinationCheck === true,
    securityGroups: securityGroups(underlay, nodes.map((node) => ({ name: node.metadata.name, addresses: machineAddresses(node, settings) })), pods.filter(({ hostNetwork }) => !hostNetwork), settings.traits.announcedBy === 'cloud'),
  };
}

function speakers(nodes: readonly NodeObject[], states: ReadonlyMap<string, OwnState>, settings: Settings): Speaker[] {
  const addresses = new Map(nodes.map((node) => [node.metadata.name, machineAddresses(node, settings)]));
  const holders = (ip: string): number => [...addresses.values()].filter((list) => list.includes(ip)).length;
  return nodes.flatMap((node): Speaker[] => {
    const { name } = node.metadata;
    const state = states.get(name);
    if (state?.announces == null || !state.cniInstalled) return [];
    // An address that several machines have is each one's own: whoever sends there talks to itself.
    return [{ name, labels: node.metadata.labels ?? {}, ip: state.announces, reachable: addresses.get(name)?.includes(state.announces) === true && holders(state.announces) === 1, asNumber: settings.declaredNodes.get(name)?.node.asNumber ?? null, field: state.field }];
  });
}

/** Nodes whose uplinks carry less than the others' give their pods less. */
const smallestOfPods = (nodes: CniOutput['nodes']): number | null =>
  nodes.reduce<number | null>((least, { interfaces }) => interfaces.reduce<number | null>((found, { kind, pod, mtu }) => (kind === 'veth' && pod !== null && (found === null || mtu < found) ? mtu : found), least), null);

export function compileNodes(store: Store, settings: Settings, pods: readonly NetworkPod[], services: readonly NetworkService[], outside: OutsideFacts): { readonly cni: CniFacts; readonly nodes: NetworkNode[]; readonly underlay: UnderlayFacts } {
  const stored = list(store, 'Node');
  const objects = stored.map(({ object }) => object);
  const byNode = new Map<string, { key: string; addresses: readonly string[] }[]>();
  for (const pod of pods) {
    if (pod.node === null || pod.hostNetwork || pod.addresses.length === 0) continue;
    const entry = { key: `${pod.namespace}/${pod.name}`, addresses: pod.addresses };
    const found = byNode.get(pod.node);
    if (found === undefined) byNode.set(pod.node, [entry]);
    else found.push(entry);
  }
  const given = nodeAddresses(settings.plugin, settings.podRanges, objects);
  const nodeRanges = (node: NodeObject): readonly string[] => given.get(node.metadata.name)?.ranges ?? [];
  const states = new Map(objects.map((object) => [object.metadata.name, nodeState(object, settings.declaredNodes.get(object.metadata.name), settings)]));
  const input = objects.map((object): CniNode => {
    const said = settings.declaredNodes.get(object.metadata.name)?.node;
    return {
      name: object.metadata.name, internal: internalAddresses(object), podRanges: nodeRanges(object), pods: byNode.get(object.metadata.name) ?? [],
      ...(said?.mtu === undefined ? {} : { mtu: said.mtu }), ...(said?.announces === undefined ? {} : { announces: said.announces }),
      ...(said?.wireguard === undefined ? {} : { wireguard: said.wireguard }), ...(said?.interfaces === undefined ? {} : { interfaces: said.interfaces }),
    };
  });
  const { facts, nodes } = settings.plugin.compile({ mode: settings.mode, mtu: settings.mtu, underlayMtu: settings.underlayMtu, gateway: outside.gateway, podRanges: settings.podRanges, nodes: input });
  const underlay = compileUnderlay(settings, objects, pods);
  const speaking = settings.traits.announcedBy === 'bgp' ? speakers(objects, states, settings) : [];
  const sessions = bgpSessions(speaking, settings.bgp, underlay.securityGroups);
  const routed = nodes.flatMap((node): RoutedNode[] => {
    const state = states.get(node.name);
    return state === undefined ? [] : [{ ...node, podRanges: given.get(node.name)?.ranges ?? [], state, agent: idleAgent(node.name, given.get(node.name)?.ranges ?? [], settings), declared: settings.declaredNodes.get(node.name) }];
  });
  const standing = standingRoutes(routed, settings.traits, settings.underlay.segments, (from, to) => unlearned(sessions, speaking, settings.bgp, from, to));
  return {
    cni: { ...facts, mtu: smallestOfPods(nodes) ?? facts.mtu, ...(settings.traits.keepsSource === null ? {} : { keepsSource: settings.traits.keepsSource }), denied: settings.traits.denied, ...(settings.traits.deniedHttp === null ? {} : { deniedHttp: settings.traits.deniedHttp }) },
    underlay,
    nodes: stored.map(({ object, implied }): NetworkNode => {
      const { name } = object.metadata;
      const state = states.get(name) ?? nodeState(object, undefined, settings);
      const worked = standing.get(name);
      const resolvConf = nodeResolvConf(outside, settings, name);
      return {
        name, labels: object.metadata.labels ?? {}, taints: object.spec?.taints ?? [], implied,
        ready: (object.status?.conditions ?? []).every(({ type, status }) => type !== 'Ready' || status === 'True'),
        addresses: object.status?.addresses ?? [], internal: internalAddresses(object), zone: object.metadata.labels?.['topology.kubernetes.io/zone'] ?? null,
        podRanges: nodeRanges(object), interfaces: worked?.interfaces ?? [], routes: worked?.routes ?? [],
        resolvConf, sockets: ownSockets(object, settings, state, resolvConf, facts.encapsulation),
        // What the document says of old rules goes before what is known of them.
        state: { ...state, stale: state.kubeProxyRuns ? {} : { ...staleSince(store.lastRules?.get(name), services), ...state.stale }, bgp: sessions.get(name) ?? [], unrouted: worked?.unrouted ?? [] },
      };
    }),
  };
}
