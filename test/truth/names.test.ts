import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, pod, resolved, sent, service } from './asked.ts';

const names = service('d/s', 'clusterIP: 10.96.5.1, selector: {app: e}, ports: [{name: http, port: 80}]')
  + service('e/hl', 'clusterIP: None, selector: {app: h}, ports: [{name: pg, port: 80, targetPort: 8080}]')
  + service('e/nobody', 'clusterIP: None, selector: {app: x}, ports: [{port: 80}]')
  + 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: h, namespace: e}\nspec: {replicas: 2, serviceName: hl, selector: {matchLabels: {app: h}}, template: {metadata: {labels: {app: h}}, spec: {containers: [{name: c, image: a, ports: [{containerPort: 8080}]}]}}}\n---\n'
  + 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: odd, namespace: e}\nspec: {replicas: 1, serviceName: typo, selector: {matchLabels: {app: o}}, template: {metadata: {labels: {app: o}}, spec: {containers: [{name: c, image: a}]}}}\n---\n';
const musl = (name: string, more: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: d, annotations: {k8snet-lab/resolver: musl}}\nspec: {containers: [{name: c, image: a}]${more}}\n---\n`;
const lab = cluster(names + pod('d/glibc', null, 'app: g') + musl('musl', '') + pod('d/one', null, 'app: g', 'dnsConfig: {options: [{name: ndots, value: "1"}]}') + musl('muslone', ', dnsConfig: {options: [{name: ndots, value: "1"}]}')
  + pod('d/host', null, 'app: g', 'hostNetwork: true') + pod('d/hostfirst', null, 'app: g', 'hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet') + pod('d/default', null, 'app: g', 'dnsPolicy: Default')
  + pod('d/none', null, 'app: g', 'dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10], searches: [e.svc.cluster.local]}'));

test('a name in another namespace is found by the second entry of the search list', () => {
  assert.deepEqual(resolved(lab, 'd/glibc', 'hl.e', 'A').asked, ['hl.e.d.svc.cluster.local. A NXDOMAIN', 'hl.e.svc.cluster.local. A NOERROR']);
});

test('a full name without its last dot goes through the search list first', () => {
  assert.equal(resolved(lab, 'd/glibc', 's.d.svc.cluster.local').asked.length, 8);
  assert.equal(resolved(lab, 'd/glibc', 's.d.svc.cluster.local.').asked.length, 2);
  assert.equal(resolved(lab, 'd/glibc', 'example.com').asked.length, 8);
});

test('a pod of a StatefulSet has a name only under the Service that its serviceName says', () => {
  assert.equal(resolved(lab, 'd/glibc', 'h-0.hl.e').addresses.length, 1);
  assert.equal(resolved(lab, 'd/glibc', 'odd-0.hl.e').error, 'EAI_NONAME');
});

test('a headless Service without a ready pod does not exist, and one with a cluster address and no pod does', () => {
  assert.equal(resolved(lab, 'd/glibc', 'nobody.e').error, 'EAI_NONAME');
  assert.deepEqual(resolved(lab, 'd/glibc', 's').addresses, ['10.96.5.1']);
});

test('the SRV record of a headless Service has the pod\'s port', () => {
  assert.deepEqual(resolved(lab, 'd/glibc', '_pg._tcp.hl.e.svc.cluster.local', 'SRV').data, ['0 50 8080 h-0.hl.e.svc.cluster.local.', '0 50 8080 h-1.hl.e.svc.cluster.local.']);
  assert.deepEqual(resolved(lab, 'd/glibc', '_http._tcp.s.d.svc.cluster.local', 'SRV').data, ['0 100 80 s.d.svc.cluster.local.']);
});

test('with ndots:1 glibc still finds a name of another namespace, and musl does not', () => {
  assert.deepEqual(resolved(lab, 'd/one', 's.d').addresses, ['10.96.5.1']);
  assert.equal(resolved(lab, 'd/one', 's.d', 'A').asked[0], 's.d. A NXDOMAIN');
  assert.equal(resolved(lab, 'd/muslone', 's.d').error, 'EAI_NONAME');
});

test('hostNetwork forgets the cluster\'s DNS unless the dnsPolicy says ClusterFirstWithHostNet', () => {
  assert.deepEqual([resolved(lab, 'd/host', 's').addresses, resolved(lab, 'd/hostfirst', 's').addresses, resolved(lab, 'd/default', 's').addresses], [[], ['10.96.5.1'], []]);
  assert.equal(sent(lab, 'd/host', 'http://s/').because, 'dns: Pod d/host spec.dnsPolicy');
});

test('dnsPolicy None has the search list of its dnsConfig alone', () => {
  assert.equal(resolved(lab, 'd/none', 'hl').addresses.length, 2);
  assert.equal(resolved(lab, 'd/none', 's').error, 'EAI_NONAME');
});

const closed = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: eg, namespace: d}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}\n---\n';

test('an egress policy without DNS costs glibc twenty seconds and musl five, and the policy is named', () => {
  const dark = cluster(names + pod('d/glibc', null, 'app: g') + musl('musl', '') + closed);
  assert.deepEqual([resolved(dark, 'd/glibc', 's').elapsed, resolved(dark, 'd/musl', 's').elapsed], [20, 5]);
  const { verdict, because } = sent(dark, 'd/glibc', 'http://s/');
  assert.deepEqual([verdict, because], ['dns-failure', 'policy: NetworkPolicy d/eg spec.egress[0].to']);
  assert.equal(resolved(cluster(names + pod('d/glibc', null, 'app: g') + closed, { cni: 'flannel' }), 'd/glibc', 's').error, null);
});

test('without a CoreDNS pod glibc fails at once and musl waits, and the Deployment is named', () => {
  const scaled = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: coredns, namespace: kube-system}\nspec: {replicas: 0, selector: {matchLabels: {k8s-app: kube-dns}}, template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: [{name: coredns, image: coredns, ports: [{containerPort: 53, protocol: UDP}]}]}}}\n---\n';
  const dark = cluster(names + pod('d/glibc', null, 'app: g') + musl('musl', '') + scaled);
  assert.ok(resolved(dark, 'd/glibc', 's').elapsed < 1);
  assert.equal(resolved(dark, 'd/musl', 's').elapsed, 5);
  assert.equal(sent(dark, 'd/glibc', 'http://s/').because, 'dns: Deployment kube-system/coredns spec.replicas');
});
