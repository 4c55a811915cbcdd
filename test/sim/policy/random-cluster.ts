// Random clusters for fast-check: few labels, ports and addresses, so that rules and pods meet often.
import fc from 'fast-check';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import type { AdminNetworkPolicy, AdminPolicyPeer, ClusterNetworkPolicy, NetworkPolicy } from '../../../src/sim/model/policy-objects.ts';
import type { PolicyPod } from '../../../src/sim/model/policy.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;
type Port = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number];
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number];

export interface RandomCluster {
  /** What `nodes` peers select. */
  readonly nodes: readonly { readonly name?: string; readonly labels: Readonly<Record<string, string>>; readonly addresses: readonly string[] }[];
  readonly pods: readonly PolicyPod[];
  readonly policies: readonly KubeObject[];
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ipBlocks: 'all' | 'outside';
}

export const probedPorts = [79, 80, 81, 82, 8080, 65535] as const;
export const probedAddresses = ['10.0.0.1', '10.0.1.4', '192.0.2.1', '255.255.255.255', '0.0.0.0', 'fd00::7'] as const;

const keys = ['app', 'tier'] as const;
const value = fc.constantFrom('a', 'b');
const labels = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 });
const namespace = fc.constantFrom('x', 'y', 'z');
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');

const expression = fc.oneof(
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom('In', 'NotIn'), values: fc.uniqueArray(value, { minLength: 1 }) }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector = fc.record({ matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) }, { requiredKeys: [] });

const cidr = fc.constantFrom('10.0.0.0/8', '10.0.0.0/30', '10.0.0.2/31', '10.0.1.0/24', '0.0.0.0/0', '192.0.2.1/32', 'fd00::/64');
const except = fc.constantFrom('10.0.0.2/32', '10.0.1.4/30', '255.0.0.0/8');
const block = fc.record({ cidr, except: fc.array(except, { maxLength: 2 }) }, { requiredKeys: ['cidr'] });
const peer: fc.Arbitrary<Peer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock: block }),
);
const port: fc.Arbitrary<Port> = fc.oneof(
  fc.record({ protocol, port: fc.oneof(fc.constantFrom<number | string>(80, 81, 'http', 'dns')) }, { requiredKeys: [] }),
  fc.record({ protocol, port: fc.constant(80), endPort: fc.constantFrom(80, 82, 65535) }, { requiredKeys: ['port', 'endPort'] }),
);
const ports = fc.array(port, { maxLength: 2 });
const peers = fc.array(peer, { maxLength: 3 });
const spec: fc.Arbitrary<Spec> = fc.record({
  podSelector: selector,
  policyTypes: fc.constantFrom<('Ingress' | 'Egress')[][]>([], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
  ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
  egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
}, { requiredKeys: [] });

const pod = fc.record({
  namespace, labels,
  hostNetwork: fc.constantFrom(false, false, false, true),
  running: fc.constantFrom(true, true, true, true, false),
  node: fc.constantFrom('node-1', 'node-2'),
  namedPorts: fc.array(fc.record({ name: fc.constantFrom('http', 'dns'), port: fc.constantFrom(80, 8080), protocol }), { maxLength: 2 }),
  families: fc.constantFrom<('4' | '6')[]>(['4'], ['4'], ['6'], ['4', '6']),
  where: fc.constantFrom(0, 1),
});

export const randomCluster: fc.Arbitrary<RandomCluster> = fc.record({
  pods: fc.array(pod, { minLength: 1, maxLength: 6 }).map((drawn) => drawn.map(({ families, where, ...rest }, index): PolicyPod => ({
    ...rest, name: `pod-${index}`, addresses: families.map((family) => (family === '4' ? `10.0.${where}.${index + 1}` : `fd00::${index + 1}`)),
  }))),
  policies: fc.array(fc.record({ namespace, spec }), { maxLength: 4 }).map((drawn) => drawn.map(({ namespace: own, spec: written }, index): NetworkPolicy => ({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace: own, name: `policy-${index}` }, spec: written,
  }))),
  namespaces: fc.record({ x: labels, y: labels }),
  ipBlocks: fc.constantFrom('all', 'outside'),
  nodes: fc.constant([]),
});

const namespacedPods = fc.record({ namespaceSelector: selector, podSelector: selector });
const subject = fc.oneof(fc.record({ namespaces: selector }), fc.record({ pods: namespacedPods }));
// An empty peer, and on ingress one of egress alone, cannot be read: such a rule fails closed.
const widePeer: fc.Arbitrary<AdminPolicyPeer> = fc.oneof(
  { weight: 8, arbitrary: subject },
  { weight: 3, arbitrary: fc.record({ networks: fc.uniqueArray(cidr, { minLength: 1, maxLength: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ nodes: selector }) },
  { weight: 1, arbitrary: fc.constant({}) },
);
const widePeers = fc.array(widePeer, { minLength: 1, maxLength: 2 });
const destinationPort = fc.oneof(fc.record({ number: fc.constantFrom(80, 81) }), fc.constant({ range: { start: 80, end: 82 } }), fc.constant({ range: { start: 81, end: 65535 } }));
const match = fc.record({ destinationPort }, { requiredKeys: [] });
const protocols = fc.array(fc.oneof(fc.record({ tcp: match }), fc.record({ udp: match }), fc.record({ sctp: match }), fc.record({ destinationNamedPort: fc.constantFrom('http', 'dns') })), { minLength: 1, maxLength: 2 });
const widePorts = fc.array(fc.oneof(
  fc.record({ portNumber: fc.record({ protocol, port: fc.constantFrom(80, 81) }, { requiredKeys: ['port'] }) }),
  fc.record({ portRange: fc.record({ protocol, start: fc.constant(80), end: fc.constantFrom(82, 65535) }, { requiredKeys: ['start', 'end'] }) }),
  fc.record({ namedPort: fc.constantFrom('http', 'dns') }),
), { minLength: 1, maxLength: 2 });
const cnpRule = <Side extends 'from' | 'to'>(side: Side) => fc.record({ action: fc.constantFrom('Accept', 'Deny', 'Pass'), peers: widePeers, protocols }, { requiredKeys: ['action', 'peers'] }).map(({ peers: list, ...rest }) => ({ ...rest, [side]: list }));
const anpRule = <Side extends 'from' | 'to'>(side: Side, actions: readonly ('Allow' | 'Deny' | 'Pass')[]) => fc.record({ action: fc.constantFrom(...actions), peers: widePeers, ports: widePorts }, { requiredKeys: ['action', 'peers'] }).map(({ peers: list, ...rest }) => ({ ...rest, [side]: list }));
const few = <Value>(rule: fc.Arbitrary<Value>) => fc.array(rule, { maxLength: 3 });

const clusterPolicies = fc.array(fc.record({ tier: fc.constantFrom('Admin', 'Baseline'), priority: fc.integer({ min: 0, max: 3 }), subject, ingress: few(cnpRule('from')), egress: few(cnpRule('to')) }), { maxLength: 3 })
  .map((drawn) => drawn.map((written, index): ClusterNetworkPolicy => ({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: `wide-${index}` }, spec: written })));
const adminPolicies = fc.array(fc.record({ priority: fc.integer({ min: 0, max: 3 }), subject, ingress: few(anpRule('from', ['Allow', 'Deny', 'Pass'])), egress: few(anpRule('to', ['Allow', 'Deny', 'Pass'])) }), { maxLength: 2 })
  .map((drawn) => drawn.map((written, index): AdminNetworkPolicy => ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: `admin-${index}` }, spec: written })));
const baseline = fc.option(fc.record({ subject, ingress: few(anpRule('from', ['Allow', 'Deny'])), egress: few(anpRule('to', ['Allow', 'Deny'])) }), { nil: null })
  .map((written): readonly AdminNetworkPolicy[] => (written === null ? [] : [{ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' }, spec: written }]));

/** Policies of every tier, with nodes at some of the probed addresses. */
export const tieredCluster: fc.Arbitrary<RandomCluster> = fc.tuple(randomCluster, clusterPolicies, adminPolicies, baseline, fc.array(labels, { maxLength: 2 })).map(([cluster, wide, admin, base, nodes]) => ({
  ...cluster, policies: [...cluster.policies.slice(0, 2), ...wide, ...admin, ...base],
  nodes: nodes.map((own, index) => ({ labels: own, addresses: [probedAddresses[index] ?? '', probedAddresses[index + 4] ?? ''] })),
}));
