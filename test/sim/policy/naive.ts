// The specifications of the policies read naively, rule by rule and pod by pod: what the compiled ones are held against.
import ipaddr from 'ipaddr.js';
import type { LabelSelector, Labels } from '../../../src/sim/model/object.ts';
import type { AdminNetworkPolicy, AdminPolicyPeer, ClusterNetworkPolicy, NetworkPolicy } from '../../../src/sim/model/policy-objects.ts';
import type { PacketProtocol } from '../../../src/sim/model/packet.ts';
import type { PolicyPeer, PolicyPod } from '../../../src/sim/model/policy.ts';
import type { RandomCluster } from './random-cluster.ts';

function picks(selector: LabelSelector, labels: Labels): boolean {
  const wanted = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return wanted && (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return operator === 'In' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
  });
}

function inside(ip: string, cidr: string): boolean {
  const [address, [network, length]] = [ipaddr.parse(ip), ipaddr.parseCIDR(cidr)];
  return address.kind() === network.kind() && address.match(network, length);
}

const isPod = (one: PolicyPod | null): one is PolicyPod => one !== null && one.running && !one.hostNetwork;

/** What the NetworkPolicies of one end say, word by word as the API's comments have it. */
export function naive({ policies, namespaces, ipBlocks, nodes }: RandomCluster, direction: 'ingress' | 'egress', subject: PolicyPod, { pod, ip }: PolicyPeer, protocol: PacketProtocol, port: number | null): boolean {
  if (pod === subject || (direction === 'ingress' && pod?.hostNetwork === true && pod.node === subject.node)) return true;
  const isolating = policies.filter((policy): policy is NetworkPolicy => policy.kind === 'NetworkPolicy').filter(({ metadata, spec = {} }) => {
    const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return metadata.namespace === subject.namespace && isPod(subject) && picks(spec.podSelector ?? {}, subject.labels) && types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  });
  return isolating.length === 0 || isolating.some(({ metadata, spec = {} }) => {
    const rules = direction === 'ingress' ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })) : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(({ peers, ports }) => (peers?.length ? peers : [null]).some((peer) => {
      if (peer?.ipBlock !== undefined) {
        if (ipBlocks === 'outside' && (pod?.running === true || nodes.some(({ addresses }) => addresses.includes(ip)))) return false;
        if (!inside(ip, peer.ipBlock.cidr) || (peer.ipBlock.except ?? []).some((cidr) => inside(ip, cidr))) return false;
      } else if (peer !== null) {
        if (!isPod(pod) || !picks(peer.podSelector ?? {}, pod.labels)) return false;
        const labels = { ...namespaces[pod.namespace], 'kubernetes.io/metadata.name': pod.namespace };
        if (peer.namespaceSelector === undefined ? pod.namespace !== metadata.namespace : !picks(peer.namespaceSelector, labels)) return false;
      }
      const destination = direction === 'ingress' ? subject : peer?.ipBlock === undefined ? pod : null;
      return !ports?.length || ports.some((one) => {
        if (port === null || (one.protocol ?? 'TCP') !== protocol) return false;
        if (typeof one.port === 'string') return isPod(destination) && destination.namedPorts.some((own) => own.name === one.port && own.protocol === protocol && own.port === port);
        return one.port === undefined || (one.port <= port && port <= (one.endPort ?? one.port));
      });
    }));
  });
}

type Wide = ClusterNetworkPolicy | AdminNetworkPolicy;

/** Admin tier, NetworkPolicy, Baseline tier, default: in this order, first match within a tier, NetworkPolicy final for whom it isolates. */
export function naiveTiers(cluster: RandomCluster, direction: 'ingress' | 'egress', subject: PolicyPod, peer: PolicyPeer, protocol: PacketProtocol, port: number | null): boolean {
  const { pod, ip } = peer;
  if (pod === subject || (direction === 'ingress' && pod?.hostNetwork === true && pod.node === subject.node) || !isPod(subject)) return true;
  const labelsOf = (name: string): Labels => ({ ...cluster.namespaces[name], 'kubernetes.io/metadata.name': name });
  const chosen = ({ namespaces, pods }: AdminPolicyPeer, one: PolicyPod): boolean =>
    isPod(one) && (namespaces !== undefined ? picks(namespaces, labelsOf(one.namespace)) : pods !== undefined && picks(pods.namespaceSelector ?? {}, labelsOf(one.namespace)) && picks(pods.podSelector ?? {}, one.labels));
  const readable = ({ namespaces, pods, nodes, networks }: AdminPolicyPeer): boolean => namespaces !== undefined || pods !== undefined || (direction === 'egress' && (nodes !== undefined || networks !== undefined));
  const holds = (one: AdminPolicyPeer): boolean => (pod !== null && chosen(one, pod)) || (one.networks ?? []).some((cidr) => inside(ip, cidr))
    || (one.nodes !== undefined && cluster.nodes.some(({ labels, addresses }) => picks(one.nodes ?? {}, labels) && addresses.includes(ip)));
  const named = (name: string, byPod: boolean): boolean => {
    const destination = direction === 'ingress' ? subject : byPod ? pod : null;
    return isPod(destination) && destination.namedPorts.some((own) => own.name === name && own.protocol === protocol && own.port === port);
  };
  const inTier = (tier: 'Admin' | 'Baseline'): 'allow' | 'deny' | 'next' => {
    const rank = (policy: Wide): number => (policy.kind === 'BaselineAdminNetworkPolicy' ? 1001 : policy.spec.priority ?? 0);
    const own = cluster.policies.filter((policy): policy is Wide => policy.kind !== 'NetworkPolicy')
      .filter((policy) => (policy.kind === 'ClusterNetworkPolicy' ? policy.spec.tier : policy.kind === 'AdminNetworkPolicy' ? 'Admin' : 'Baseline') === tier && chosen(policy.spec.subject, subject))
      .sort((left, right) => rank(left) - rank(right) || (`${left.kind} ${left.metadata.name}` < `${right.kind} ${right.metadata.name}` ? -1 : 1));
    for (const { kind, spec } of own) {
      for (const rule of spec[direction] ?? []) {
        const accepts = rule.action === 'Accept' || rule.action === 'Allow';
        const peers = rule.from ?? rule.to ?? [];
        if (!peers.every(readable)) {
          if (accepts) continue;
          return 'deny';
        }
        if (!peers.some(holds)) continue;
        const byPod = pod !== null && peers.some((one) => chosen(one, pod));
        const inRange = (wanted: string, low: number, high: number): boolean => wanted === protocol && port !== null && low <= port && port <= high;
        const fits = kind === 'ClusterNetworkPolicy' ? !('protocols' in rule) || (rule.protocols ?? []).some(({ tcp, udp, sctp, destinationNamedPort }) => {
          if (destinationNamedPort !== undefined) return named(destinationNamedPort, byPod);
          const wanted = tcp !== undefined ? 'TCP' : udp !== undefined ? 'UDP' : 'SCTP';
          const { number, range } = (tcp ?? udp ?? sctp)?.destinationPort ?? {};
          return inRange(wanted, number ?? range?.start ?? 1, number ?? range?.end ?? 65535);
        }) : !('ports' in rule) || (rule.ports ?? []).some(({ portNumber, portRange, namedPort }) => {
          if (namedPort !== undefined) return named(namedPort, byPod);
          return portNumber !== undefined ? inRange(portNumber.protocol ?? 'TCP', portNumber.port, portNumber.port) : portRange !== undefined && inRange(portRange.protocol ?? 'TCP', portRange.start, portRange.end);
        });
        if (fits) return accepts ? 'allow' : rule.action === 'Deny' ? 'deny' : 'next';
      }
    }
    return 'next';
  };
  const admin = inTier('Admin');
  if (admin !== 'next') return admin === 'allow';
  const isolated = cluster.policies.filter((policy): policy is NetworkPolicy => policy.kind === 'NetworkPolicy').some(({ metadata, spec = {} }) => {
    const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return metadata.namespace === subject.namespace && picks(spec.podSelector ?? {}, subject.labels) && types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  });
  return isolated ? naive(cluster, direction, subject, peer, protocol, port) : inTier('Baseline') !== 'deny';
}
