// From what is declared to what is worked out: the network as plain data, topic by topic.
import { parseRange } from '../base/address.ts';
import { byText, sortedBy } from '../base/order.ts';
import type { Store } from '../cluster/store.ts';
import { list } from '../cluster/store.ts';
import type { Network, NetworkNode, NetworkService } from '../model/network.ts';
import { refOf } from '../model/object.ts';
import { compileWayIn, publicHosts } from './compile/edge.ts';
import { compileDns } from './compile/dns.ts';
import { compileNamespaces, compileNodes } from './compile/nodes.ts';
import { compileOutside, withPublicHosts } from './compile/outside.ts';
import { compilePods } from './compile/pods.ts';
import { compilePolicy } from './compile/policy.ts';
import { compileServices } from './compile/services.ts';
import { compileWorkloads } from './compile/workloads.ts';
import { nodePortRange } from './services.ts';
import type { Settings } from './settings.ts';

/** The declared ranges, or those of the nodes where the plugin deals out others (a cloud's subnets). */
function rangesOfPods(declared: readonly string[], nodes: readonly NetworkNode[]): readonly string[] {
  const whole = declared.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  const own = [...new Set(nodes.flatMap(({ podRanges }) => podRanges))];
  const within = (cidr: string): boolean => { const range = parseRange(cidr); return range === undefined || whole.some((one) => one.family === range.family && one.first <= range.first && range.last <= one.last); };
  return own.every(within) ? declared : own.sort(byText);
}

/** IPVS takes packets for addresses of the node only: every address of a Service stands on the interface kube-ipvs0 of every node. */
function withServiceAddresses(nodes: readonly NetworkNode[], services: readonly NetworkService[]): NetworkNode[] {
  const others = new Set(nodes.flatMap(({ internal }) => internal));
  const ips = [...new Set(services.flatMap((service) => [...service.clusterAddresses, ...service.externalAddresses, ...service.balancer.flatMap(({ ip, mode }) => (ip !== null && mode === 'VIP' ? [ip] : []))]))];
  const addresses = sortedBy(ips.filter((ip) => !others.has(ip)), (ip) => ip).map((ip) => `${ip}${ip.includes(':') ? '/128' : '/32'}`);
  return nodes.map((node) => ({ ...node, interfaces: [...node.interfaces, { name: 'kube-ipvs0', kind: 'ipvs', addresses, mtu: 1500, pod: null }] }));
}

/** What stands around the manifests is an object too: the cause of what the plugin or the proxy does. */
function clusterDocument(store: Store): Network['cluster'] {
  const object = list(store, 'Cluster')[0]?.object;
  return object === undefined ? { ref: { kind: 'Cluster', namespace: '', name: 'lab' }, declared: false } : { ref: refOf(object), declared: true };
}

/** The network of a store of which nothing but policies was changed, which no controller answers. */
export const recompilePolicy = (network: Network, store: Store, settings: Settings): Network => ({ ...network, policy: compilePolicy(store, settings, network.cni) });

/** Reads a store that {@link reconcile} has left. A function of its arguments; everything in the answer is sorted. */
export function compile(store: Store, settings: Settings): Network {
  const outside = compileOutside(store, settings);
  const dns = compileDns(store, settings);
  const pods = compilePods(store, settings, dns, outside);
  const services = compileServices(store, pods);
  const { cni, nodes: bare, underlay } = compileNodes(store, settings, pods, services, outside);
  const nodes = settings.proxy.mode === 'ipvs' ? withServiceAddresses(bare, services) : bare;
  const edge = compileWayIn(store);
  const podRanges = rangesOfPods(settings.podRanges, nodes);
  return {
    seed: settings.seed, cluster: clusterDocument(store), domain: settings.domain, podRanges, serviceRanges: settings.serviceRanges, nodePortRange,
    cni, proxy: settings.proxy.clusterRanges === settings.podRanges ? { ...settings.proxy, clusterRanges: podRanges } : settings.proxy, namespaces: compileNamespaces(list(store, 'Namespace')), nodes, pods,
    workloads: compileWorkloads(store, pods), services, policy: compilePolicy(store, settings, cni), dns, outside: withPublicHosts(outside, publicHosts(edge, services, pods, nodes)), underlay, edge,
  };
}
