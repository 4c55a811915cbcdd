// Cilium's policies read naively, rule by rule, with NetworkPolicy beside them: what the compiled ones are held against. Without the tiers of ClusterNetworkPolicy.
import ipaddr from 'ipaddr.js';
import type { LabelSelector, Labels } from '../../../src/sim/model/object.ts';
import type { CiliumNetworkPolicy, CiliumPort, CiliumRule, CiliumSpec, NetworkPolicy } from '../../../src/sim/model/policy-objects.ts';
import type { PacketProtocol } from '../../../src/sim/model/packet.ts';
import type { PolicyPeer, PolicyPod } from '../../../src/sim/model/policy.ts';
import { naive } from './naive.ts';
import type { RandomCluster } from './random-cluster.ts';

const lists = { ingress: ['ingress', 'ingressDeny', 'from'], egress: ['egress', 'egressDeny', 'to'] } as const;

function inside(ip: string, cidr: string): boolean {
  const [address, [network, length]] = [ipaddr.parse(ip), ipaddr.parseCIDR(cidr)];
  return address.kind() === network.kind() && address.match(network, length);
}

/** The labels of an identity, with those that Cilium adds for the namespace. */
const identity = (pod: PolicyPod, { namespaces }: RandomCluster): Labels => ({
  ...pod.labels, 'io.kubernetes.pod.namespace': pod.namespace, 'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': pod.namespace,
  ...Object.fromEntries(Object.entries(namespaces[pod.namespace] ?? {}).map(([key, value]) => [`io.cilium.k8s.namespace.labels.${key}`, value])),
});

function picks(selector: LabelSelector, labels: Labels): boolean {
  const bare = (key: string): string => key.replace(/^(k8s|any):/, '');
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[bare(key)] === value) && (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[bare(key)];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return operator === 'In' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
  });
}

/** A verdict of one end; `null` where a proxy decides the rest. */
export function naiveCilium(cluster: RandomCluster, direction: 'ingress' | 'egress', subject: PolicyPod, { pod, ip, ...where }: PolicyPeer, protocol: PacketProtocol, port: number | null): boolean | null {
  const node = pod?.hostNetwork === true ? pod.node : ('node' in where ? where.node ?? null : null);
  const peerPod = pod !== null && pod.running && !pod.hostNetwork ? pod : null;
  const isNode = cluster.nodes.some(({ addresses }) => addresses.includes(ip));
  const ownNode = direction === 'ingress' && node === subject.node;
  if (pod === subject || !subject.running || subject.hostNetwork) return true;
  const [allow, deny, side] = lists[direction];

  const peerHolds = (rule: CiliumRule, namespace: string | null): boolean | undefined => {
    const cidrs = [...(rule[`${side}CIDR`] ?? []).map((cidr) => ({ cidr, except: [] as readonly string[] })), ...(rule[`${side}CIDRSet`] ?? []).map(({ cidr = '', except = [] }) => ({ cidr, except }))];
    const given = [rule[`${side}Endpoints`], rule[`${side}Entities`], rule[`${side}CIDR`], rule[`${side}CIDRSet`]];
    if (given.every((one) => one === undefined)) return undefined;
    return (rule[`${side}Endpoints`] ?? []).some((selector) => {
      if (peerPod === null) return false;
      const keys = [...Object.keys(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map(({ key }) => key)];
      const elsewhere = namespace === null || keys.some((key) => /io\.kubernetes\.pod\.namespace|io\.cilium\.k8s\.namespace\.labels/.test(key));
      return (elsewhere || peerPod.namespace === namespace) && picks(selector, identity(peerPod, cluster));
    }) || cidrs.some(({ cidr, except }) => pod?.running !== true && !isNode && inside(ip, cidr) && !except.some((hole) => inside(ip, hole)))
      || (rule[`${side}Entities`] ?? []).some((entity) => entity === 'all' || (entity === 'world' && pod?.running !== true && !isNode) || (entity === 'cluster' && (peerPod !== null || isNode))
        || (isNode && entity === (cluster.nodes.find(({ addresses }) => addresses.includes(ip))?.name === subject.node ? 'host' : 'remote-node')));
  };
  const portFits = ({ port: text = '', endPort = 0, protocol: wanted = 'ANY' }: CiliumPort): boolean => {
    if (port === null || (wanted !== 'ANY' && wanted !== protocol)) return false;
    if (!/^\d+$/.test(text)) {
      const destination = direction === 'ingress' ? subject : peerPod;
      return destination?.namedPorts.some((own) => own.name === text && own.protocol === protocol && own.port === port) === true;
    }
    return Number(text) === 0 || (Number(text) <= port && port <= Math.max(endPort, Number(text)));
  };
  /** `proxied`: only what its conditions let through. */
  const holds = (rule: CiliumRule, namespace: string | null): 'open' | 'proxied' | null => {
    const peer = peerHolds(rule, namespace);
    const { toPorts = [], icmps = [] } = rule;
    if (peer === false || (peer === undefined && toPorts.length + icmps.length === 0)) return null;
    if (icmps.length > 0) return protocol === 'ICMP' && icmps.some(({ fields = [] }) => fields.some(({ family = 'IPv4', type }) => (ipaddr.parse(ip).kind() === 'ipv4' ? family === 'IPv4' && type === 8 : family === 'IPv6' && type === 'EchoRequest'))) ? 'open' : null;
    if (toPorts.length === 0) return 'open';
    const found = toPorts.filter(({ ports = [] }) => ports.some(portFits));
    return found.length === 0 ? null : found.some(({ rules }) => (rules?.http ?? []).length > 0) ? 'proxied' : 'open';
  };

  const written = cluster.policies.filter((policy): policy is CiliumNetworkPolicy => policy.kind.startsWith('Cilium'));
  const count = (spec: CiliumSpec): number => (['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const).reduce((sum, list) => sum + (spec[list] ?? []).length, 0);
  const specs = written.flatMap(({ metadata, kind, spec, specs: more = [] }) => {
    const all = [...(spec === undefined ? [] : [spec]), ...more];
    const namespace = kind === 'CiliumNetworkPolicy' ? (metadata.namespace ?? 'default') : null;
    return all.some((one) => count(one) === 0) ? [] : all.filter(({ endpointSelector = {} }) => (namespace === null || namespace === subject.namespace) && picks(endpointSelector, identity(subject, cluster))).map((one) => ({ one, namespace }));
  });
  if (specs.some(({ one, namespace }) => (one[deny] ?? []).some((rule) => holds(rule, namespace) !== null))) return false;
  if (ownNode) return true;
  const isolating = specs.some(({ one }) => (one[allow] ?? []).length + (one[deny] ?? []).length > 0 && one.enableDefaultDeny?.[direction] !== false);
  const netpols = cluster.policies.filter((policy): policy is NetworkPolicy => policy.kind === 'NetworkPolicy');
  const selected = netpols.some(({ metadata, spec = {} }) => {
    const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return metadata.namespace === subject.namespace && picks(spec.podSelector ?? {}, subject.labels) && types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  });
  const found = specs.flatMap(({ one, namespace }) => (one[allow] ?? []).flatMap((rule) => holds(rule, namespace) ?? []));
  const byNetpol = selected && naive(cluster, direction, subject, { pod, ip, ...where }, protocol, port);
  if (found.length === 0 && !byNetpol && (isolating || selected)) return false;
  return found.includes('proxied') ? null : true;
}
