// Items of the list of policy semantics that only a whole cluster can show: the numbers are the rows of design/policy.md.
import assert from 'node:assert/strict';
import test from 'node:test';
import { change, reach, type Lab } from '../../src/sim/lab.ts';
import { decode } from '../../src/sim/cluster/decode.ts';
import { cluster, nodes, pod, refusal, rows, sent, service } from './asked.ts';

const policy = (path: string, spec: string): string => {
  const [namespace, name] = path.split('/');
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${String(name)}, namespace: ${String(namespace)}}\nspec: {${spec}}\n---\n`;
};

function applied(lab: Lab, documents: string): Lab {
  const decoded = decode([{ path: 'change.yaml', text: documents }]);
  assert.ok(decoded.ok);
  const changed = change(lab, decoded.value.documents.map(({ object, origin }) => ({ verb: 'apply', object, origin })));
  assert.ok(changed.ok);
  return changed.value.lab;
}

test('24: through a node port of policy Cluster a pod on another node sees the node as the source, with Local the client', () => {
  const guarded = (traffic: string, cidr: string): string => sent(cluster(nodes + pod('a/web', 8080, 'app: web', 'nodeName: n2') + service('a/web', `type: NodePort, externalTrafficPolicy: ${traffic}, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]`)
    + policy('a/in', `podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]`)), 'external/203.0.113.9', `tcp://${traffic === 'Local' ? '172.20.0.12' : '172.20.0.11'}:30080`).verdict;
  assert.deepEqual([guarded('Cluster', '203.0.113.9/32'), guarded('Cluster', '172.20.0.11/32'), guarded('Local', '203.0.113.9/32')], ['timeout', 'delivered', 'delivered']);
});

test('28: a policy judges the connections that begin after it', () => {
  const before = cluster(nodes + pod('a/web', 8080, 'app: web') + pod('a/cli', null, 'app: cli'));
  const after = applied(before, policy('a/deny', 'podSelector: {}'));
  assert.deepEqual([sent(before, 'a/cli', `tcp://${ipOf(before, 'a/web')}:8080`).verdict, sent(after, 'a/cli', `tcp://${ipOf(after, 'a/web')}:8080`).verdict], ['delivered', 'timeout']);
});

const ipOf = (lab: Lab, name: string): string => lab.network.pods.find((one) => `${one.namespace}/${one.name}` === name)?.addresses[0] ?? '';

test('31: a pod that is not scheduled has no connections at all, and is nobody\'s peer', () => {
  const lab = cluster(nodes + pod('a/web', 8080, 'app: web') + pod('a/late', null, 'app: late', 'nodeSelector: {nowhere: "yes"}') + policy('a/in', 'podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: late}}}]}]'));
  assert.deepEqual(rows(lab).filter((row) => row.includes('a/late')), []);
  assert.deepEqual(reach(lab).workloads.find(({ name }) => name === 'a/late')?.pods, 1);
});

test('34: new labels of a pod or a namespace act like a changed policy', () => {
  const before = cluster(`apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n---\n${nodes}` + pod('a/web', 8080, 'app: web') + pod('b/cli', null, 'app: cli') + policy('a/in', 'podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {role: caller}}}]}]'));
  const reaches = (lab: Lab): boolean => rows(lab).some((row) => row.startsWith('b/cli -> a/web'));
  const named = applied(before, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {team: red}}\n');
  const both = applied(named, pod('b/cli', null, 'app: cli, role: caller'));
  assert.deepEqual([reaches(before), reaches(named), reaches(both)], [false, false, true]);
});

const wide = (rule: string): string => `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: w}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, ${rule}}]}\n`;

test('47: a named port cannot stand beside networks, nodes or names, which have none', () => {
  for (const peer of ['networks: [10.0.0.0/8]', 'nodes: {}', 'domainNames: [a.example]']) assert.match(refusal(wide(`to: [{${peer}}], protocols: [{destinationNamedPort: web}]`)), /cannot be set with namedPorts/, peer);
  assert.equal(refusal(wide('to: [{namespaces: {}}], protocols: [{destinationNamedPort: web}]')), 'accepted');
});

test('48: what is accepted on one side can still be dropped on the other, or find nobody', () => {
  const accepting = wide('to: [{namespaces: {}}]') + '---\n';
  const documents = nodes + accepting + pod('a/web', 8080, 'app: web') + pod('a/cli', null, 'app: cli');
  const denied = cluster(documents + policy('a/in', 'podSelector: {matchLabels: {app: web}}'));
  assert.deepEqual([sent(denied, 'a/cli', `tcp://${ipOf(denied, 'a/web')}:8080`).verdict, sent(cluster(documents), 'a/cli', `tcp://${ipOf(cluster(documents), 'a/web')}:9`).verdict], ['timeout', 'refused']);
});

test('51: sameLabels and notSameLabels are no fields any more', () => {
  for (const field of ['sameLabels', 'notSameLabels']) {
    assert.match(refusal(`apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: w}\nspec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {${field}: [team]}}]}]}\n`), new RegExp(`unknown field "spec\\.ingress\\[0\\]\\.from\\[0\\]\\.namespaces\\.${field}"`));
  }
});

test('the rows of reach are those that other analyzers give for the same facts', () => {
  const ns = (name: string, labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n---\n`;
  const admin = (spec: string): string => `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: admin}\nspec: {priority: 30, subject: {namespaces: {matchLabels: {apps: inner}}}, ${spec}}\n---\n`;
  const base = (spec: string): string => `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec: {subject: {namespaces: {matchLabels: {apps: inner}}}, ${spec}}\n---\n`;
  const two = ns('n1', 'apps: inner') + ns('n3', 'apps: outer') + pod('n1/a', 80, 'app: a') + 'apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: n3, labels: {app: web}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP, name: dns}]}]}\n---\n';
  const peer = '{pods: {namespaceSelector: {matchLabels: {apps: outer}}, podSelector: {matchLabels: {app: web}}}}';
  // A name and a range and a number in one rule: the name is the destination's own.
  assert.deepEqual(rows(cluster(two + admin(`egress: [{action: Allow, to: [${peer}], ports: [{portRange: {protocol: UDP, start: 5000, end: 6000}}, {portNumber: {port: 8080}}, {namedPort: dns}]}, {action: Deny, to: [${peer}]}]`))).filter((row) => row.startsWith('n1/a -> n3')), ['n1/a -> n3/b {"TCP":[[8080,8080]],"UDP":[[80,80],[5000,6000]]}']);
  // A range that ends before it starts is empty.
  assert.deepEqual(rows(cluster(two + admin('ingress: [{action: Allow, from: [{namespaces: {matchLabels: {apps: outer}}}], ports: [{portRange: {start: 10, end: 1}}, {portNumber: {port: 80}}]}]') + base('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {apps: outer}}}]}]'))).filter((row) => row.endsWith('n1/a {"TCP":[[80,80]]}')), ['n3/b -> n1/a {"TCP":[[80,80]]}']);
  // Networks of the other family say nothing of IPv4; what the Admin tier passes on the Baseline tier denies; pods are accepted before.
  assert.deepEqual(rows(cluster(two + admin('egress: [{action: Deny, to: [{networks: [8.8.8.8/32, "ff06::/3"]}], ports: [{portNumber: {protocol: UDP, port: 53}}]}, {action: Allow, to: [{networks: ["fd00::/8", 60.45.72.0/22]}]}, {action: Allow, to: [{namespaces: {}}]}, {action: Pass, to: [{networks: [0.0.0.0/0]}]}]') + base('egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]'))).filter((row) => row.startsWith('n1/a ->')), ['n1/a -> 60.45.72.0-60.45.75.255 "all"', 'n1/a -> n3/b "all"']);
  // A named port of another protocol than the rule's opens nothing.
  assert.deepEqual(rows(cluster(two + policy('n3/in', 'podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: dns}]}]'))).filter((row) => row.endsWith('n3/b "all"') || row.startsWith('n1/a -> n3/b')), []);
});
