// One DNS server of two that does not answer: what pods see of it was measured with glibc and musl behind a kube-proxy's DNAT.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, pod, resolved, sent, service } from './asked.ts';

const dnsPod = (name: string, labels: string, listen: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: kube-system, labels: {k8s-app: kube-dns${labels}}, annotations: {k8snet-lab/listen: "${listen}"}}\nspec: {dnsPolicy: Default, containers: [{name: coredns, image: coredns, ports: [{containerPort: 53, name: dns, protocol: UDP}]}]}\n---\n`;
const all = '0.0.0.0:53/UDP,0.0.0.0:53/TCP';
const kubeDns = service('kube-system/kube-dns', 'clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]');
const closed = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: closed, namespace: kube-system}\nspec: {podSelector: {matchLabels: {half: "yes"}}, policyTypes: [Ingress]}\n---\n';
const shop = pod('shop/web', null, 'app: web') + pod('shop/api', 80, 'app: api') + service('shop/api', 'selector: {app: api}, ports: [{port: 80}]');
const musl = shop.replace('labels: {app: web}', 'labels: {app: web}, annotations: {k8snet-lab/resolver: musl}');

test('of two DNS servers one is silent: half the lookups work at once, a quarter fail after ten seconds, a quarter after twenty', () => {
  const lab = cluster(shop + kubeDns + dnsPod('dns-a', '', all) + dnsPod('dns-b', ', half: "yes"', all) + closed);
  assert.deepEqual(sent(lab, 'shop/web', 'http://api/').ways.map((way) => way.replace(/^\S+ /, '')), ['delivered 0.50', 'dns-failure 0.25', 'name-not-found 0.25']);
  assert.equal(sent(lab, 'shop/web', 'http://api/').verdict, 'intermittent');
});

test('musl waits five seconds and gives up: half the lookups fail', () => {
  const lab = cluster(musl + kubeDns + dnsPod('dns-a', '', all) + dnsPod('dns-b', ', half: "yes"', all) + closed);
  assert.deepEqual(sent(lab, 'shop/web', 'http://api/').ways.map((way) => way.replace(/^\S+ /, '')).toSorted(), ['delivered 0.50', 'dns-failure 0.50']);
});

test('of two DNS servers one has its port closed: glibc tries again from another port, and three of four lookups work', () => {
  const lab = cluster(shop + kubeDns + dnsPod('dns-a', '', all) + dnsPod('dns-b', '', '127.0.0.1:5353/UDP'));
  const { ways } = sent(lab, 'shop/web', 'http://api/');
  assert.equal(ways[0]?.replace(/^\S+ /, ''), 'delivered 0.75');
});

test('a pod of one family gets the addresses that it can reach first', () => {
  const host = 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: {underlay: {hosts: [{name: both.example, addresses: ["2001:db8::7", 198.51.100.7], ports: [{port: 443}]}]}}\n---\n';
  assert.deepEqual(resolved(cluster(shop + host), 'shop/web', 'both.example').addresses, ['198.51.100.7', '2001:db8::7']);
});
