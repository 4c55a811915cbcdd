// Warnings about policies that the API server accepts: each with its code, its file and its line.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decode } from '../../../src/sim/cluster/decode.ts';
import type { PolicyPod } from '../../../src/sim/model/policy.ts';
import type { Problem } from '../../../src/sim/model/problem.ts';
import { compilePolicies, policyKinds } from '../../../src/sim/policy/compile-policies.ts';
import { lintPolicies } from '../../../src/sim/policy/lint.ts';
import { connects, indexOf, podOf } from './cluster-of.ts';
import { probedPorts, tieredCluster } from './random-cluster.ts';

const db = podOf('shop/db', { app: 'db', tier: 'back' }, { addresses: ['10.244.1.1'], namedPorts: [{ name: 'sql', port: 5432, protocol: 'TCP' }] });
const web = podOf('shop/web', { app: 'web', tier: 'front' }, { addresses: ['10.244.2.3'] });
const job = podOf('shop/job', { app: 'job' }, { running: false });
const dns = podOf('kube-system/coredns-1', { 'k8s-app': 'kube-dns' }, { addresses: ['10.244.0.2'], namedPorts: [{ name: 'dns', port: 5353, protocol: 'UDP' }] });
const pods = [db, web, job, dns];

function lint(text: string, enforced: readonly string[] = policyKinds, given: readonly PolicyPod[] = pods): readonly Problem[] {
  const decoded = decode([{ path: 'p.yaml', text }]);
  assert.ok(decoded.ok, JSON.stringify(decoded));
  const namespaces = new Map([['shop', { team: 'blue' }], ['kube-system', {}]]);
  return lintPolicies(compilePolicies({ namespaces, pods: given, objects: decoded.value.documents, enforced, ipBlocks: 'all' }));
}

const found = (text: string, enforced?: readonly string[], given?: readonly PolicyPod[]): string[] => lint(text, enforced, given).map(({ code, where }) => `${code} ${where?.line ?? '?'} ${where?.field ?? ''}`);

const netpol = (name: string, spec: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec:\n${spec}\n---\n`;
const wide = (name: string, tier: string, priority: number, rules: string, subject = '{namespaces: {}}'): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec:\n  tier: ${tier}\n  priority: ${priority}\n  subject: ${subject}\n${rules}\n---\n`;

/** As a subject: the pods of namespace shop, without those of the DNS server. */
const blue = '{namespaces: {matchLabels: {team: blue}}}';

test('policies that do what they say get no warning', () => {
  assert.deepEqual(lint(netpol('db', '  podSelector: {matchLabels: {app: db}}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: web}}\n    ports:\n    - port: sql\n  - from:\n    - ipBlock: {cidr: 203.0.113.0/24}')
    + wide('guard', 'Admin', 1, '  ingress:\n  - action: Accept\n    from:\n    - pods: {podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}\n  - action: Deny\n    from:\n    - namespaces: {matchLabels: {team: blue}}', blue)
    + wide('low', 'Baseline', 1, '  ingress:\n  - action: Deny\n    from:\n    - namespaces: {}', blue)), []);
});

test('a policy that selects nothing is told at its selector; finished pods do not count', () => {
  assert.deepEqual(lint(netpol('a', '  podSelector:\n    matchLabels: {app: job}')), [{
    code: 'policy-selects-nothing', severity: 'warning', says: 'NetworkPolicy shop/a selects nothing: there are no running pods with app=job in namespace shop.',
    where: { file: 'p.yaml', line: 5, column: 3, object: 'NetworkPolicy shop/a', field: 'spec.podSelector' }, help: 'Compare its labels with `kubectl get pods -A --show-labels`; a policy that selects no pod does nothing.',
  }]);
  assert.deepEqual(found(wide('a', 'Admin', 1, '', '{namespaces: {matchLabels: {team: green}}}')), ['policy-selects-nothing 7 spec.subject']);
});

test('a rule of whose peers none meets anybody is told once, else each such peer; addresses meet the outside', () => {
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: wbe}}\n    - namespaceSelector: {matchLabels: {team: red}}')), ['rule-matches-nothing 7 spec.ingress[0]']);
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: web}}\n    - podSelector: {matchLabels: {app: wbe}}')), ['peer-matches-nothing 9 spec.ingress[0].from[1]']);
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock: {cidr: 192.0.2.0/24}')), []);
  assert.match(lint(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: wbe}}'))[0]?.says ?? '', /^spec\.ingress\[0\] of NetworkPolicy shop\/a matches nothing: there are no running pods with app=wbe in namespace shop\.$/);
});

test('a named port that no destination has is told at its place', () => {
  assert.deepEqual(found(netpol('a', '  podSelector: {matchLabels: {app: db}}\n  ingress:\n  - ports:\n    - port: sql\n    - port: http\n    - {port: sql, protocol: UDP}')), ['named-port-unresolved 9 spec.ingress[0].ports[1].port', 'named-port-unresolved 10 spec.ingress[0].ports[2].port']);
  const egress = (peer: string): string[] => found(netpol('a', `  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]\n  egress:\n  - ports: [{port: 5353, protocol: UDP}]\n  - to:\n    - ${peer}\n    ports:\n    - port: sql`));
  assert.deepEqual(egress('podSelector: {matchLabels: {app: db}}'), []);
  assert.deepEqual(egress('podSelector: {matchLabels: {app: web}}'), ['named-port-unresolved 12 spec.egress[1].ports[0].port']);
  assert.deepEqual(egress('ipBlock: {cidr: 10.0.0.0/8}'), ['named-port-unresolved 12 spec.egress[1].ports[0].port']);
  assert.deepEqual(found(wide('a', 'Admin', 1, '  ingress:\n  - action: Accept\n    from:\n    - namespaces: {}\n    protocols:\n    - destinationNamedPort: sqll')), ['named-port-unresolved 13 spec.ingress[0].protocols[0].destinationNamedPort']);
});

test('of a union a rule is redundant that other rules cover, of its own policy or of another one for the same pods', () => {
  const [narrow, broad] = ['  - from:\n    - podSelector: {matchLabels: {app: web}}\n    ports:\n    - port: 80', '  - from:\n    - podSelector: {}'];
  assert.deepEqual(found(netpol('a', `  podSelector: {matchLabels: {app: db}}\n  ingress:\n${narrow}\n${broad}`)), ['rule-redundant 7 spec.ingress[0]']);
  const two = netpol('a', `  podSelector: {matchLabels: {app: db}}\n  ingress:\n${narrow}`) + netpol('b', `  podSelector: {}\n  ingress:\n${broad}`);
  assert.match(lint(two)[0]?.says ?? '', /^spec\.ingress\[0\] of NetworkPolicy shop\/a changes nothing: spec\.ingress\[0\] of NetworkPolicy shop\/b already allows everything that it allows\.$/);
  assert.deepEqual(found(netpol('a', `  podSelector: {}\n  ingress:\n${narrow}`) + netpol('b', `  podSelector: {matchLabels: {app: db}}\n  ingress:\n${broad}`)), []);
  assert.deepEqual(found(netpol('a', `  podSelector: {}\n  ingress:\n${narrow}\n${narrow}`)), ['rule-redundant 11 spec.ingress[1]']);
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - ports: [{port: 80, endPort: 90}]\n  - ports: [{port: 70, endPort: 80}]\n  - ports: [{port: 75, endPort: 85}]')), ['rule-redundant 9 spec.ingress[2]']);
});

test('what only happens to be covered by the pods of the moment is not called redundant', () => {
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: web}}\n  - from:\n    - podSelector: {matchLabels: {tier: front}}')), []);
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8}\n    ports: [{port: 80}]\n  - from:\n    - ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.0/24]}')), []);
  assert.deepEqual(found(netpol('a', '  podSelector: {}\n  ingress:\n  - {}\n  - from:\n    - ipBlock: {cidr: 10.1.0.0/16, except: [10.1.2.0/24]}')), ['rule-redundant 8 spec.ingress[1]']);
});

test('of an ordered tier a rule is shadowed that an earlier one covers, whatever the earlier one does', () => {
  const rules = (first: string, second: string): string => `  ingress:\n  - action: ${first}\n    from:\n    - namespaces: {}\n  - action: ${second}\n    from:\n    - namespaces: {matchLabels: {team: blue}}`;
  for (const action of ['Accept', 'Deny', 'Pass']) assert.deepEqual(found(wide('a', 'Admin', 1, rules(action, 'Deny'), blue)), ['rule-shadowed 12 spec.ingress[1]']);
  const [first, second] = ['  ingress:\n  - action: Pass\n    from:\n    - namespaces: {}', '  ingress:\n  - action: Deny\n    from:\n    - pods: {namespaceSelector: {}, podSelector: {}}'];
  assert.match(lint(wide('z', 'Admin', 1, first) + wide('a', 'Admin', 2, second))[0]?.says ?? '', /^spec\.ingress\[0\] of ClusterNetworkPolicy a can never act: spec\.ingress\[0\] of ClusterNetworkPolicy z comes before it and matches everything that it matches\.$/);
  assert.deepEqual(found(wide('z', 'Admin', 2, first) + wide('a', 'Baseline', 3, second), policyKinds, [db, web, job]), []);
  assert.deepEqual(found(wide('z', 'Admin', 1, first, '{namespaces: {matchLabels: {team: blue}}}') + wide('a', 'Admin', 2, second), policyKinds, [db, web, job]), []);
  assert.deepEqual(found(wide('a', 'Admin', 1, '  egress:\n  - action: Accept\n    to:\n    - networks: [0.0.0.0/0]\n  - action: Deny\n    to:\n    - namespaces: {}')), ['rule-shadowed 12 spec.egress[1]']);
  assert.deepEqual(found(wide('a', 'Admin', 1, '  ingress:\n  - action: Accept\n    from:\n    - namespaces: {}\n    protocols: [{tcp: {}}, {udp: {}}, {sctp: {}}]\n  - action: Deny\n    from:\n    - namespaces: {}')), [], 'ICMP is left');
});

test('two policies of one priority are told when they want different things of the same connection', () => {
  const rules = (action: string, port: number): string => `  ingress:\n  - action: ${action}\n    from:\n    - namespaces: {}\n    protocols: [{tcp: {destinationPort: {number: ${port}}}}]`;
  assert.deepEqual(found(wide('a', 'Admin', 5, rules('Accept', 80)) + wide('b', 'Admin', 5, rules('Deny', 80))), ['equal-priorities 19 spec.priority']);
  assert.match(lint(wide('a', 'Admin', 5, rules('Accept', 80)) + wide('b', 'Admin', 5, rules('Deny', 80)))[0]?.says ?? '', /^ClusterNetworkPolicy b and ClusterNetworkPolicy a have the same priority 5, and spec\.ingress\[0\] of the first/);
  for (const other of [wide('b', 'Admin', 6, rules('Deny', 80)), wide('b', 'Baseline', 5, rules('Deny', 80)), wide('b', 'Admin', 5, rules('Deny', 81)), wide('b', 'Admin', 5, rules('Accept', 80)), wide('b', 'Admin', 5, rules('Deny', 80), '{namespaces: {matchLabels: {kubernetes.io/metadata.name: nowhere}}}')]) {
    assert.deepEqual(found(wide('a', 'Admin', 5, rules('Accept', 80)) + other).filter((line) => line.startsWith('equal')), [], other);
  }
});

test('a pod without a way to the DNS server is told with the policy that stands in it; the port is the server\'s own', () => {
  const egress = (rules: string): string => netpol('deny', `  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]\n${rules}`);
  const [problem] = lint(egress(''));
  assert.deepEqual([problem?.code, problem?.where?.line, problem?.where?.field], ['dns-blocked', 4, 'spec.egress']);
  assert.equal(problem?.says, "NetworkPolicy shop/deny cuts shop/web off from DNS: nothing allows UDP 5353 to the DNS server's pods, so that every name lookup times out.");
  const toDns = (port: number): string => `  egress:\n  - to:\n    - namespaceSelector: {}\n      podSelector: {matchLabels: {k8s-app: kube-dns}}\n    ports: [{port: ${port}, protocol: UDP}]`;
  assert.deepEqual(found(egress(toDns(5353))), []);
  assert.deepEqual(found(egress(toDns(53))), ['dns-blocked 11 spec.egress[0].ports']);
  assert.deepEqual(found(egress(''), policyKinds, [db, web]), []);
  assert.deepEqual(found(wide('a', 'Admin', 1, '  egress:\n  - action: Deny\n    to:\n    - networks: [10.0.0.0/8]')), ['dns-blocked 9 spec.egress[0]']);
});

test('a DNS server whose own policies let nobody in is told with the same code, and with the side that is to be changed', () => {
  const isolated = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: dns, namespace: kube-system}\nspec:\n  podSelector: {}\n  ingress: []\n';
  assert.deepEqual(lint(isolated).map(({ code, says, help }) => [code, says, help]), [['dns-blocked', "NetworkPolicy kube-system/dns cuts shop/db and others off from DNS: nothing allows UDP 5353 to the DNS server's pods, so that every name lookup times out.", 'Allow ingress from every namespace to the pods with k8s-app=kube-dns in namespace kube-system, on port 5353 of UDP and TCP.']]);
  const denied = wide('a', 'Admin', 1, '  ingress:\n  - action: Deny\n    from:\n    - namespaces: {}');
  assert.deepEqual(lint(denied).map(({ says, help }) => [says, help]), [["ClusterNetworkPolicy a cuts shop/db and others off from DNS: it denies UDP 5353 to the DNS server's pods, so that every name lookup times out.", 'Leave out of what it denies: ingress from every namespace to the pods with k8s-app=kube-dns in namespace kube-system, on port 5353 of UDP and TCP.']]);
});

test('a policy that nobody enforces, and a rule that fails closed, are told', () => {
  assert.deepEqual(found(netpol('a', '  podSelector: {}'), []), ['policy-not-enforced 1 ']);
  assert.deepEqual(found(wide('a', 'Admin', 1, '  ingress:\n  - action: Pass\n    from:\n    - {}', blue)), ['rule-fails-closed 10 spec.ingress[0].from']);
});

test('to take away a rule that is called redundant or shadowed changes nothing', () => {
  let taken = 0;
  fc.assert(fc.property(tieredCluster, (cluster) => {
    const before = indexOf(cluster);
    for (const { code, where } of lintPolicies(before)) {
      if (code !== 'rule-redundant' && code !== 'rule-shadowed') continue;
      const [, direction = '', position = ''] = /^spec\.(ingress|egress)\[(\d+)\]$/.exec(where?.field ?? '') ?? [];
      const after = indexOf({ ...cluster, policies: cluster.policies.map((policy) => {
        const written = 'spec' in policy ? policy.spec as Readonly<Record<string, unknown>> : {};
        const name = policy.metadata.namespace === undefined ? policy.metadata.name : `${policy.metadata.namespace}/${policy.metadata.name}`;
        if (`${policy.kind} ${name}` !== where?.object) return policy;
        const types = written['policyTypes'] as readonly string[] | undefined ?? [];
        const kept = (written[direction] as readonly unknown[]).filter((_, index) => index !== Number(position));
        const policyTypes = types.length > 0 ? types : ['Ingress', ...((written['egress'] as readonly unknown[] | undefined ?? []).length > 0 ? ['Egress'] : [])];
        return Object.assign({}, policy, { spec: { ...written, policyTypes, [direction]: kept } });
      }) });
      taken++;
      for (const from of cluster.pods) {
        for (const to of cluster.pods) {
          for (const port of probedPorts) assert.equal(connects(after, from, to, port), connects(before, from, to, port), `${where?.object ?? ''} ${where?.field ?? ''} ${from.name} ${to.name} ${port}`);
          assert.equal(connects(after, from, to, null, 'ICMP'), connects(before, from, to, null, 'ICMP'));
        }
      }
    }
  }), { numRuns: 300, seed: 8 });
  assert.ok(taken > 20, `only ${taken}`);
});
