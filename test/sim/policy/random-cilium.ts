// Random policies of Cilium for fast-check, beside NetworkPolicies, on clusters with two nodes.
import fc from 'fast-check';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import type { CiliumNetworkPolicy, CiliumRule, CiliumSpec } from '../../../src/sim/model/policy-objects.ts';
import type { RandomCluster } from './random-cluster.ts';
import { tieredCluster } from './random-cluster.ts';

export const nodeNames = ['node-1', 'node-2'] as const;
export const nodeAddresses = ['172.20.0.1', '172.20.0.2'] as const;

const value = fc.constantFrom('a', 'b');
const key = fc.constantFrom('app', 'tier', 'k8s:app', 'any:tier');
const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In' as const, 'NotIn' as const), values: fc.uniqueArray(value, { minLength: 1 }) }),
  fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);
const selector = fc.record({ matchLabels: fc.dictionary(key, value, { maxKeys: 1 }), matchExpressions: fc.array(expression, { maxLength: 1 }) }, { requiredKeys: [] });
const peerSelector = fc.oneof(
  { weight: 4, arbitrary: selector },
  { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((namespace) => ({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace } })) },
  { weight: 1, arbitrary: value.map((label) => ({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.app': label } })) },
  { weight: 1, arbitrary: fc.constant({ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' as const }] }) },
);
const entity = fc.constantFrom('all', 'world', 'cluster', 'host', 'remote-node', 'none', 'health');
const cidr = fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/32', '172.16.0.0/12', '::/0');
const cidrRule = fc.constantFrom({ cidr: '0.0.0.0/0', except: ['192.0.2.0/24'] }, { cidr: '192.0.0.0/8' }, { cidr: '10.0.0.0/8', except: ['10.0.1.0/24'] });

const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP', 'ANY');
const port = fc.oneof(
  fc.record({ port: fc.constantFrom('80', '81', '0', 'http', 'dns'), protocol }, { requiredKeys: ['port'] }),
  fc.record({ port: fc.constant('80'), endPort: fc.constantFrom(80, 82, 65535), protocol }, { requiredKeys: ['port', 'endPort'] }),
);
const http = fc.array(fc.record({ method: fc.constantFrom('GET', 'POST'), path: fc.constantFrom('/a', '/b.*') }, { requiredKeys: [] }), { minLength: 1, maxLength: 2 });
const portRule = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ports: fc.array(port, { minLength: 1, maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ ports: fc.constantFrom([{ port: '80', protocol: 'TCP' }], [{ port: '81', protocol: 'TCP' }]), rules: fc.record({ http }) }) },
);
const plainPortRule = fc.record({ ports: fc.array(port, { maxLength: 2 }) }, { requiredKeys: [] });
const icmps = fc.constantFrom([{ fields: [{ type: 8 }] }], [{ fields: [{ family: 'IPv6' as const, type: 'EchoRequest' }] }], [{ fields: [{ type: 3 }] }]);

const peersOf = (side: 'from' | 'to'): fc.Arbitrary<CiliumRule> => fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.array(peerSelector, { maxLength: 2 }).map((list) => ({ [`${side}Endpoints`]: list })) },
  { weight: 2, arbitrary: fc.array(entity, { minLength: 1, maxLength: 2 }).map((list) => ({ [`${side}Entities`]: list })) },
  { weight: 1, arbitrary: fc.array(cidr, { minLength: 1, maxLength: 2 }).map((list) => ({ [`${side}CIDR`]: list })) },
  { weight: 1, arbitrary: fc.array(cidrRule, { minLength: 1, maxLength: 2 }).map((list) => ({ [`${side}CIDRSet`]: list })) },
);
const portsOf = (deny: boolean): fc.Arbitrary<CiliumRule> => fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: fc.array(deny ? plainPortRule : portRule, { maxLength: 2 }).map((toPorts) => ({ toPorts })) },
  { weight: 1, arbitrary: icmps.map((list) => ({ icmps: list })) },
);
const rules = (side: 'from' | 'to', deny: boolean): fc.Arbitrary<readonly CiliumRule[]> => fc.array(fc.tuple(peersOf(side), portsOf(deny)).map(([peers, ports]) => ({ ...peers, ...ports })), { maxLength: 2 });

const spec: fc.Arbitrary<CiliumSpec> = fc.record({
  endpointSelector: selector, ingress: rules('from', false), ingressDeny: rules('from', true), egress: rules('to', false), egressDeny: rules('to', true),
  enableDefaultDeny: fc.record({ ingress: fc.boolean(), egress: fc.boolean() }, { requiredKeys: [] }),
}, { requiredKeys: ['endpointSelector'] });

const policies = fc.array(fc.record({ namespace: fc.constantFrom('x', 'y', null), spec, more: fc.option(spec, { nil: null, freq: 4 }) }), { minLength: 1, maxLength: 3 }).map((drawn) => drawn.map(({ namespace, spec: first, more }, index): CiliumNetworkPolicy => ({
  apiVersion: 'cilium.io/v2', kind: namespace === null ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy', metadata: { name: `cilium-${index}`, ...(namespace === null ? {} : { namespace }) },
  ...(more === null ? { spec: first } : { specs: [first, more] }),
})));

/** Cilium's policies with others that Cilium enforces: NetworkPolicy, and ClusterNetworkPolicy without peers that cannot be read. */
export const ciliumCluster: fc.Arbitrary<RandomCluster> = fc.tuple(tieredCluster, policies, fc.boolean()).map(([cluster, drawn, tiers]) => ({
  ...cluster, ipBlocks: 'outside',
  // A pod on its node's network has the node's address.
  pods: cluster.pods.map((pod) => (pod.hostNetwork ? { ...pod, addresses: [nodeAddresses[nodeNames.findIndex((name) => name === pod.node)] ?? ''] } : pod)),
  policies: [...cluster.policies.filter(({ kind }) => kind === 'NetworkPolicy' || (tiers && kind === 'ClusterNetworkPolicy')).slice(0, 3), ...drawn] satisfies readonly KubeObject[],
  nodes: nodeNames.map((name, index) => ({ name, labels: {}, addresses: [nodeAddresses[index] ?? ''] })),
}));
