// CiliumNetworkPolicy: what it allows and denies, as the policy engine of Cilium 1.20.2 itself says of the same rules.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { reachOf } from '../../../src/sim/dataplane/reach.ts';
import { readPorts } from '../../../src/sim/dataplane/reach-ports.ts';
import { portSetHolds } from '../../../src/sim/base/port-set.ts';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import { judge } from '../../../src/sim/policy/judge.ts';
import { lintPolicies, policyWarnings } from '../../../src/sim/policy/lint.ts';
import { ask, connects, indexOf, podOf, policyOf, widePolicyOf } from './cluster-of.ts';
import type { ClusterWords, End } from './cluster-of.ts';
import { naiveCilium } from './naive-cilium.ts';
import { ciliumCluster, nodeAddresses, nodeNames } from './random-cilium.ts';
import { probedAddresses, probedPorts } from './random-cluster.ts';

const a = podOf('x/a', { app: 'a' }, { addresses: ['10.244.1.1', 'fd00:1::1'], namedPorts: [{ name: 'http', port: 8080, protocol: 'TCP' }], serviceAccount: 'robot' });
const b = podOf('x/b', { app: 'b', 'pod-template-hash': 'q' }, { addresses: ['10.244.1.2', 'fd00:1::2'], namedPorts: [{ name: 'http', port: 8080, protocol: 'TCP' }] });
const c = podOf('y/c', { app: 'c' }, { addresses: ['10.244.2.3'], node: 'worker-2' });
const world = '203.0.113.9';
const nodes = [{ name: 'worker-1', labels: {}, addresses: ['192.168.0.11'] }, { name: 'worker-2', labels: {}, addresses: ['192.168.0.12'] }];
const [own, other] = [{ pod: null, ip: '192.168.0.11', node: 'worker-1' }, { pod: null, ip: '192.168.0.12', node: 'worker-2' }] as const;

const cilium = (spec: string, name = 'x/p'): KubeObject => {
  const [namespace = '', own_ = ''] = name.includes('/') ? name.split('/') : ['', name];
  return Object.assign({ apiVersion: 'cilium.io/v2', kind: namespace === '' ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy', metadata: { name: own_, ...(namespace === '' ? {} : { namespace }) } }, { spec: parse(spec) as unknown });
};
const forB = (rules: string): KubeObject => cilium(`{ endpointSelector: { matchLabels: { app: b } }, ${rules} }`);
const under = (policies: readonly KubeObject[], more: Partial<ClusterWords> = {}) => indexOf({ pods: [a, b, c], namespaces: { y: { team: 'red' } }, ipBlocks: 'outside', nodes, policies, ...more });

/** Who reaches b on TCP 80: a in its namespace, c in another, the world, its own node, another node; and a's ping, UDP 80 and TCP 8080. One letter each: `y` or `-`. */
function intoB(...policies: readonly KubeObject[]): string {
  const index = under(policies);
  const into = (peer: End | typeof own | typeof other, port: number | null = 80, protocol: 'TCP' | 'UDP' | 'ICMP' = 'TCP'): string => (ask(index, 'ingress', b, peer, port, protocol).allowed ? 'y' : '-');
  return [into(a), into(c), into(world), into(own), into(other), into(a, null, 'ICMP'), into(a, 80, 'UDP'), into(a, 8080)].join('');
}

const p80 = 'toPorts: [ { ports: [ { port: "80", protocol: TCP } ] } ]';

test('an empty rule isolates and allows nobody, but for the pod\'s own node', () => {
  assert.equal(intoB(forB('ingress: [ {} ]')), '---y----');
  assert.equal(intoB(forB('ingressDeny: [ {} ]')), '---y----');
});

test('an empty selector of endpoints is every pod of the namespace, and an empty list of them nobody', () => {
  assert.equal(intoB(forB('ingress: [ { fromEndpoints: [ {} ] } ]')), 'y--y-yyy');
  assert.equal(intoB(forB('ingress: [ { fromEndpoints: [] } ]')), '---y----');
  assert.equal(intoB(forB(`ingress: [ { fromEndpoints: [], ${p80} } ]`)), '---y----');
});

test('ports without peers are for everybody; without a protocol they are TCP, UDP and SCTP, and port 0 is all of them', () => {
  assert.equal(intoB(forB('ingress: [ { toPorts: [ { ports: [ { port: "80" } ] } ] } ]')), 'yyyyy-y-');
  assert.equal(intoB(forB('ingress: [ { toPorts: [ { ports: [ { port: "0", protocol: TCP } ] } ] } ]')), 'yyyyy--y');
  assert.equal(intoB(forB('ingress: [ { toPorts: [ { ports: [ { port: "79", endPort: 90 } ] } ] } ]')), 'yyyyy-y-');
});

test('a list of ports without a port allows nothing, and an empty list is as good as none', () => {
  assert.equal(intoB(forB('ingress: [ { fromEndpoints: [ {} ], toPorts: [ {} ] } ]')), '---y----');
  assert.equal(intoB(forB('ingress: [ { fromEndpoints: [ {} ], toPorts: [] } ]')), 'y--y-yyy');
});

test('a named port is the port of the destination', () => {
  assert.equal(intoB(forB('ingress: [ { toPorts: [ { ports: [ { port: HTTP } ] } ] } ]')), '---y---y');
});

test('entities are pods and nodes of the cluster, the world, everybody, the pod\'s own node and the other ones', () => {
  const from = (entity: string): string => intoB(forB(`ingress: [ { fromEntities: [ ${entity} ] } ]`));
  assert.deepEqual([from('world'), from('cluster'), from('all'), from('host'), from('remote-node'), from('none')], ['--yy----', 'yy-yyyyy', 'yyyyyyyy', '---y----', '---yy---', '---y----']);
  const egress = (entity: string): string => {
    const index = under([forB(`egress: [ { toEntities: [ ${entity} ] } ]`)]);
    return [a, world, own, other].map((peer) => (ask(index, 'egress', b, peer).allowed ? 'y' : '-')).join('');
  };
  assert.deepEqual([egress('world'), egress('cluster'), egress('host'), egress('remote-node'), egress('all')], ['-y--', 'y-yy', '--y-', '---y', 'yyyy']);
});

test('the API server is an entity of its own', () => {
  const index = under([forB('egress: [ { toEntities: [ kube-apiserver ] } ]')], { apiServer: ['192.168.0.12'] });
  assert.ok(ask(index, 'egress', b, other, 6443).allowed && !ask(index, 'egress', b, own, 6443).allowed && !ask(index, 'egress', b, world, 6443).allowed);
});

test('blocks are for the outside alone: they match neither pods nor nodes', () => {
  assert.equal(intoB(forB('ingress: [ { fromCIDR: [ 0.0.0.0/0 ] } ]')), '--yy----');
  assert.equal(intoB(forB('ingress: [ { fromCIDRSet: [ { cidr: 203.0.113.0/24, except: [ 203.0.113.8/30 ] } ] } ]')), '---y----');
});

test('a group of blocks is meant by its name or its labels', () => {
  const group = Object.assign({ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'g', labels: { set: 'q' } } }, { spec: { externalCIDRs: ['203.0.113.0/24'] } });
  assert.equal(intoB(group, forB('ingress: [ { fromCIDRSet: [ { cidrGroupRef: g } ] } ]')), '--yy----');
  assert.equal(intoB(group, forB('ingress: [ { fromCIDRSet: [ { cidrGroupSelector: { matchLabels: { set: q } } } ] } ]')), '--yy----');
  assert.equal(intoB(group, forB('ingress: [ { fromCIDRSet: [ { cidrGroupRef: h } ] } ]')), '---y----');
});

test('a denying rule goes before every one that allows, and stops the pod\'s own node too', () => {
  assert.equal(intoB(forB('ingress: [ { fromEntities: [ all ] } ], ingressDeny: [ { fromEntities: [ host ] } ]')), 'yyy-yyyy');
  assert.equal(intoB(forB('ingress: [ { fromEntities: [ all ] } ], ingressDeny: [ { fromEntities: [ all ] } ]')), '--------');
  assert.equal(intoB(forB(`ingress: [ { fromEndpoints: [ {} ], ${p80} } ], ingressDeny: [ { fromEndpoints: [ { matchLabels: { app: a } } ] } ]`)), '---y----');
  assert.equal(intoB(forB(`ingressDeny: [ { ${p80} } ]`)), '--------');
  assert.equal(intoB(policyOf('x/open', '{ podSelector: {}, ingress: [ {} ] }'), forB(`ingressDeny: [ { ${p80} } ]`)), '-----yyy');
});

test('a policy that isolates nobody takes away what it denies and nothing else', () => {
  assert.equal(intoB(forB(`enableDefaultDeny: { ingress: false }, ingressDeny: [ { ${p80} } ]`)), '-----yyy');
  assert.equal(intoB(forB(`enableDefaultDeny: { ingress: false }, ingress: [ { fromEndpoints: [ {} ] } ]`)), 'yyyyyyyy');
  assert.equal(intoB(policyOf('x/deny', '{ podSelector: {} }'), forB('enableDefaultDeny: { ingress: false }, ingress: [ { fromEndpoints: [ {} ] } ]')), 'y--y-yyy');
});

test('a direction without rules is not isolated, whatever enableDefaultDeny says', () => {
  assert.equal(intoB(forB('enableDefaultDeny: { ingress: true }, egress: [ { toEntities: [ all ] } ]')), 'yyyyyyyy');
});

test('ping is allowed by a rule without ports, or by its type of ICMP', () => {
  assert.equal(intoB(forB('ingress: [ { icmps: [ { fields: [ { type: 8 } ] } ] } ]')), '---y-y--');
  assert.equal(intoB(forB('ingress: [ { icmps: [ { fields: [ { type: EchoRequest, family: IPv6 } ] } ] } ]')), '---y----');
  assert.equal(intoB(forB('ingress: [ { fromEndpoints: [ {} ] } ], ingressDeny: [ { icmps: [ { fields: [ { type: 8 } ] } ] } ]')), 'y--y--yy');
});

test('a selector of endpoints may name the namespace, its labels, or the service account', () => {
  const from = (selector: string): string => intoB(forB(`ingress: [ { fromEndpoints: [ ${selector} ] } ]`)).slice(0, 2);
  assert.equal(from('{ matchLabels: { "k8s:io.kubernetes.pod.namespace": y } }'), '-y');
  assert.equal(from('{ matchLabels: { io.kubernetes.pod.namespace: y, app: a } }'), '--');
  assert.equal(from('{ matchExpressions: [ { key: "k8s:io.kubernetes.pod.namespace", operator: Exists } ] }'), 'yy');
  assert.equal(from('{ matchLabels: { "k8s:io.cilium.k8s.namespace.labels.team": red } }'), '-y');
  assert.equal(from('{ matchLabels: { io.cilium.k8s.policy.serviceaccount: robot } }'), 'y-');
  assert.equal(from('{ matchLabels: { "container:app": a } }'), '--');
  assert.equal(from('{ matchLabels: { io.cilium.k8s.policy.cluster: default } }'), 'y-');
  assert.equal(from('{ matchLabels: { io.cilium.k8s.policy.cluster: elsewhere } }'), '--');
});

test('a policy is for its own namespace, whatever its selector says; one of the cluster is for every pod', () => {
  assert.equal(intoB(cilium('{ endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": y } }, ingress: [ {} ] }')), '---y----');
  const everywhere = under([cilium('{ endpointSelector: {}, ingress: [ { fromEndpoints: [ {} ] } ] }', 'wide')]);
  assert.ok(connects(everywhere, c, b) && connects(everywhere, b, c) && !connects(everywhere, world, c));
});

test('labels that are part of no identity select nobody', () => {
  assert.equal(intoB(cilium('{ endpointSelector: { matchLabels: { pod-template-hash: q } }, ingress: [ {} ] }')), 'yyyyyyyy');
  const index = under([forB('ingress: [ { fromEndpoints: [ { matchLabels: { pod-template-hash: q } } ] } ]')]);
  assert.ok(lintPolicies(index).some(({ code, where }) => code === 'label-of-no-identity' && where?.field === 'spec.ingress[0].fromEndpoints[0]'));
});

test('a Service is meant by its selector, or by its endpoints where it has none', () => {
  const services = [{ namespace: 'x', name: 'web', labels: { tier: 'front' }, selector: { app: 'a' }, addresses: ['10.244.1.1'] }, { namespace: 'x', name: 'out', labels: {}, selector: null, addresses: [world] }];
  const to = (list: string, more = ''): string => {
    const index = under([forB(`egress: [ { toServices: [ ${list} ]${more} } ]`)], { services });
    return [a, c, world].map((peer) => (ask(index, 'egress', b, peer).allowed ? 'y' : '-')).join('');
  };
  assert.deepEqual([to('{ k8sService: { serviceName: web, namespace: x } }'), to('{ k8sService: { serviceName: out } }'), to('{ k8sServiceSelector: { selector: { matchLabels: { tier: front } } } }')], ['y--', '--y', 'y--']);
  assert.equal(to('{ k8sService: { serviceName: web } }', ', toPorts: [ { ports: [ { port: "81" } ] } ]'), '---');
});

test('a Service that is not there leaves a rule without peers: its ports are open to everybody, which is told', () => {
  const index = under([forB(`egress: [ { toServices: [ { k8sService: { serviceName: nope } } ], ${p80} } ]`)]);
  assert.ok(ask(index, 'egress', b, world).allowed && !ask(index, 'egress', b, world, 81).allowed);
  assert.deepEqual(policyWarnings(index).map(({ code, where }) => `${code} ${where?.field ?? ''}`), ['policy-opens-wide spec.egress[0].toServices']);
  assert.ok(!ask(under([forB('egress: [ { toServices: [ { k8sService: { serviceName: nope } } ] } ]')]), 'egress', b, world).allowed);
});

test('names outside are known once lookups go through the DNS proxy, and never stand for pods', () => {
  const hosts = [{ name: 'api.example.com', addresses: [world] }, { name: 'a.example.com', addresses: ['10.244.1.1'] }];
  const names = (match: string, lookups: string): string => {
    const index = under([forB(`egress: [ { toFQDNs: [ { ${match} } ] }${lookups} ]`)], { hosts });
    return [world, a].map((peer) => (ask(index, 'egress', b, peer, 443).allowed ? 'y' : '-')).join('');
  };
  const dns = ', { toEntities: [ cluster ], toPorts: [ { ports: [ { port: "53", protocol: ANY } ], rules: { dns: [ { matchPattern: "*" } ] } } ] }';
  assert.deepEqual([names('matchName: api.example.com', dns), names('matchPattern: "*.example.com"', dns), names('matchPattern: "*.com"', dns), names('matchPattern: "**.com"', dns), names('matchName: api.example.com', '')], ['y-', 'y-', '--', 'y-', '--']);
  assert.deepEqual(policyWarnings(under([forB('egress: [ { toFQDNs: [ { matchName: api.example.com } ] } ]')], { hosts })).map(({ code }) => code), ['name-not-learned']);
});

test('of several specs each is a policy of its own', () => {
  const two = Object.assign({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'p', namespace: 'x' } }, { specs: [parse('{ endpointSelector: { matchLabels: { app: b } }, ingress: [ { fromEndpoints: [ {} ] } ] }'), parse('{ endpointSelector: { matchLabels: { app: a } }, ingress: [ {} ] }')] as unknown[] });
  assert.equal(intoB(two), 'y--y-yyy');
  const verdict = ask(under([two]), 'ingress', a, b);
  assert.deepEqual([verdict.allowed, verdict.nearest?.field], [false, 'specs[1].ingress[0].fromEndpoints']);
});

test('what Cilium does not take is enforced by nobody, and the warning names the field', () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    ['ingress: [ { fromEndpoints: [ {} ], fromEntities: [ world ] } ]', 'spec.ingress[0].fromEntities', 'combining FromEndpoints and FromEntities is not supported yet'],
    ['ingress: [ { fromNodes: [ {} ] } ]', 'spec.ingress[0].fromNodes', 'FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set'],
    ['ingress: [ { toPorts: [ { ports: [ { port: "80" } ], rules: { http: [ { method: GET } ] } } ] } ]', 'spec.ingress[0].toPorts[0].ports[0].protocol', 'L7 rules can only apply to TCP (not ANY) except for DNS rules'],
    ['ingress: [ { toPorts: [ { ports: [ { port: "80", protocol: TCP } ], rules: { http: [ { path: "/(a" } ] } } ] } ]', 'spec.ingress[0].toPorts[0].rules.http[0].path', 'error parsing regexp: a ) is missing'],
    ['ingress: [ { icmps: [ { fields: [ { type: 8 } ] } ], toPorts: [ { ports: [ { port: "80" } ] } ] } ]', 'spec.ingress[0].icmps', 'the ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts'],
    ['ingress: []', 'spec', 'rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny'],
  ];
  for (const [rules, field, says] of wrong) {
    assert.equal(intoB(forB(rules)), 'yyyyyyyy', rules);
    assert.deepEqual(policyWarnings(under([forB(rules)])).map((one) => [one.code, one.where?.field, one.says.includes(`Invalid CiliumNetworkPolicy spec: ${says}`)]), [['policy-invalid', field, true]], rules);
  }
});

test('HTTP conditions stand in the verdict with their places; a rule without any beside them lets everything through', () => {
  const http = 'toPorts: [ { ports: [ { port: "80", protocol: TCP } ], rules: { http: [ { method: GET, path: "/a" }, { headers: [ "X-Key: 1" ] } ] } }, { ports: [ { port: "81", protocol: TCP } ] } ]';
  const origin = { file: 'c.yaml', positions: { '': [1, 1], 'spec.ingress[0].toPorts[0].rules.http[0]': [9, 9] } as const };
  const verdict = ask(under([forB(`ingress: [ { fromEndpoints: [ {} ], ${http} } ]`)], { origin }), 'ingress', b, a);
  assert.deepEqual(verdict.http?.map(({ ref, method, path, headers }) => [ref.field, ref.file, ref.line, method, path, headers]), [
    ['spec.ingress[0].toPorts[0].rules.http[0]', 'c.yaml', 9, 'GET', '/a', []],
    ['spec.ingress[0].toPorts[0].rules.http[1]', 'c.yaml', 1, null, null, [{ name: 'x-key', value: '1', field: 'headers[0]' }]],
  ]);
  assert.equal(ask(under([forB(`ingress: [ { fromEndpoints: [ {} ], ${http} } ]`)]), 'ingress', b, a, 81).http, undefined);
  const wide = ask(under([forB(`ingress: [ { fromEndpoints: [ {} ], ${http} }, { fromEndpoints: [ {} ] } ]`)]), 'ingress', b, a);
  assert.deepEqual(wide.http?.map(({ ref, method }) => [ref.field, method]).slice(-1), [['spec.ingress[1]', null]]);
  // Nothing isolates: the proxy is there, and lets everything through.
  const open = ask(under([forB(`enableDefaultDeny: { ingress: false }, ingress: [ { ${http} } ]`)]), 'ingress', b, a);
  assert.ok(open.allowed && open.http?.some(({ method, path, headers }) => method === null && path === null && headers.length === 0));
});

test('names that may be looked up stand in the verdict', () => {
  const verdict = ask(under([forB('egress: [ { toEntities: [ all ], toPorts: [ { ports: [ { port: "53" } ], rules: { dns: [ { matchName: a.example }, { matchPattern: "*.b.example" } ] } } ] } ]')]), 'egress', b, a, 53, 'UDP');
  assert.deepEqual(verdict.dns?.map(({ name, pattern }) => [name, pattern]), [['a.example', null], [null, '*.b.example']]);
  assert.equal(verdict.http, undefined);
});

test('a pod that comes back to itself through a Service is not judged', () => {
  const index = under([forB('ingressDeny: [ { fromEntities: [ all ] } ]')]);
  assert.ok(judge(index, { direction: 'ingress', subject: b, peer: { pod: b, ip: '10.244.1.2' }, protocol: 'TCP', port: 80, throughService: true }).allowed);
});

test('the Admin tier goes before Cilium\'s rules, denying ones too', () => {
  const accept = widePolicyOf('w', '{ tier: Admin, priority: 1, subject: { namespaces: {} }, ingress: [ { action: Accept, from: [ { namespaces: { matchLabels: { team: red } } } ] } ] }');
  const index = under([accept, forB('ingressDeny: [ { fromEntities: [ all ] } ]')]);
  assert.ok(ask(index, 'ingress', b, c).allowed && !ask(index, 'ingress', b, a).allowed);
});

test('with another plugin the policy is kept, and the verdict says that nobody enforces it', () => {
  const verdict = ask(under([forB('ingress: [ {} ]')], { enforced: ['NetworkPolicy'] }), 'ingress', b, a);
  assert.ok(verdict.allowed && verdict.http === undefined);
  assert.equal(verdict.says, "The cluster's CNI plugin does not enforce CiliumNetworkPolicy, so everything is allowed; CiliumNetworkPolicy x/p would deny TCP 80 from x/a.");
});

test('a denial says which rule denies, or what the rules that isolate allow', () => {
  assert.equal(ask(under([forB(`ingressDeny: [ { fromEndpoints: [ {} ], ${p80} } ]`)]), 'ingress', b, a).says, 'spec.ingressDeny[0] of CiliumNetworkPolicy x/p denies TCP 80 from x/a, whatever other rules allow.');
  assert.equal(ask(under([forB('ingress: [ { fromEntities: [ world ] } ]')]), 'ingress', b, a).says, 'CiliumNetworkPolicy x/p isolates x/b for ingress, and its only rule does not allow x/a: it allows only the entity world.');
});

test('what is not followed is told by its field', () => {
  const told = (rules: string): readonly string[] => policyWarnings(under([forB(rules)])).map(({ code, where }) => `${code} ${where?.field ?? ''}`);
  assert.deepEqual(told('ingress: [ { fromEndpoints: [ {} ], authentication: { mode: required } } ]'), ['policy-not-followed spec.ingress[0].authentication']);
  assert.deepEqual(told('egress: [ { toGroups: [ { aws: { securityGroupsIds: [ sg-1 ] } } ] } ]'), ['policy-not-followed spec.egress[0].toGroups[0]']);
  assert.deepEqual(told('egress: [ { toPorts: [ { ports: [ { port: "443" } ], serverNames: [ a.example ] } ] } ]'), ['policy-not-followed spec.egress[0].toPorts[0].serverNames']);
  assert.deepEqual(policyWarnings(under([cilium('{ nodeSelector: {}, ingress: [ {} ] }', 'wide')])).map(({ where }) => where?.field), ['spec.nodeSelector']);
});

test('lint: an empty rule is meant; what a denying rule covers never acts; of two denying rules one is too many', () => {
  const codes = (rules: string): readonly string[] => lintPolicies(under([forB(rules)])).map(({ code, where }) => `${code} ${where?.field ?? ''}`);
  assert.deepEqual(codes('ingress: [ {} ]'), []);
  assert.deepEqual(codes('ingress: [ { fromEndpoints: [ { matchLabels: { app: a } } ] } ], ingressDeny: [ { fromEntities: [ all ] } ]'), ['rule-shadowed spec.ingress[0]']);
  assert.deepEqual(codes(`ingressDeny: [ { fromEndpoints: [ {} ] }, { fromEndpoints: [ { matchLabels: { app: a } } ], ${p80} } ]`), ['rule-redundant spec.ingressDeny[1]']);
  assert.deepEqual(codes('ingress: [ { fromEndpoints: [ { matchLabels: { app: zzz } } ] } ]'), ['rule-matches-nothing spec.ingress[0]']);
});

test('on random clusters the compiled policies of Cilium say what a naive reading says, and reach agrees', () => {
  let [asked, denied, proxied] = [0, 0, 0];
  fc.assert(fc.property(ciliumCluster, (drawn) => {
    const cluster = { ...drawn, policies: drawn.policies.filter(({ kind }) => kind !== 'ClusterNetworkPolicy') };
    const index = indexOf(cluster);
    const reach = reachOf({ index, workloads: cluster.pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, kind: 'Pod', pods: [pod] })) });
    for (const subject of cluster.pods) {
      const peers = [...cluster.pods.flatMap((pod) => pod.addresses.map((ip) => ({ pod, ip }))), ...probedAddresses.map((ip) => ({ pod: null, ip })), ...nodeNames.map((node, position) => ({ pod: null, ip: nodeAddresses[position] ?? '', node }))];
      for (const peer of peers) {
        for (const direction of ['ingress', 'egress'] as const) {
          for (const [protocol, ports] of [['TCP', probedPorts], ['UDP', [80, 8080]], ['SCTP', [80]], ['ICMP', [null]]] as const) {
            for (const port of ports) {
              const verdict = ask(index, direction, subject, peer, port, protocol);
              const wanted = naiveCilium(cluster, direction, subject, peer, protocol, port);
              assert.equal(verdict.allowed, wanted !== false, `${direction} ${subject.name} ${peer.pod?.name ?? peer.ip} ${protocol} ${port}: ${verdict.says}`);
              if (wanted !== false) assert.equal(verdict.http !== undefined, wanted === null, `${direction} ${subject.name} ${peer.pod?.name ?? peer.ip} ${protocol} ${port}: ${verdict.says}`);
              asked++;
              if (!verdict.allowed) denied++;
              if (verdict.http !== undefined) proxied++;
            }
          }
        }
        if (peer.pod === null || peer.pod === subject || !subject.running || !peer.pod.running || subject.addresses.length > 1 || peer.pod.addresses.length > 1 || (subject.hostNetwork && subject.node === peer.pod.node)) continue;
        if (subject.addresses[0]?.includes(':') !== peer.ip.includes(':')) continue;
        const row = reach.connections.find(({ from, to }) => from === `${subject.namespace}/${subject.name}` && to === `${peer.pod.namespace}/${peer.pod.name}`);
        for (const port of probedPorts) assert.equal(row !== undefined && portSetHolds(readPorts(row.ports), 'TCP', port), connects(index, subject, peer.pod, port), `${subject.name} > ${peer.pod.name} ${port}`);
      }
    }
  }), { numRuns: 60, seed: 21 });
  assert.ok(denied > asked / 20 && proxied > 20, `${denied} denied, ${proxied} proxied, of ${asked}`);
});
