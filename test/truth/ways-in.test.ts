import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, nodes, pod, sent, service } from './asked.ts';

const backends = pod('t/a1', 80, 'app: a', 'nodeName: n1') + pod('t/a2', 8080, 'app: a', 'nodeName: n2');
const lab = cluster(nodes + backends + pod('t/c1', null, 'app: c', 'nodeName: n1') + pod('t/c3', null, 'app: c', 'nodeName: n3')
  + service('t/inner', 'clusterIP: 10.96.1.1, internalTrafficPolicy: Local, selector: {app: a}, ports: [{port: 80, targetPort: main}]')
  + 'apiVersion: v1\nkind: Service\nmetadata: {name: outer, namespace: t}\nspec: {type: LoadBalancer, clusterIP: 10.96.1.2, externalTrafficPolicy: Local, externalIPs: [198.51.100.77], selector: {app: a}, ports: [{port: 80, targetPort: main, nodePort: 30180}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.60}]}}\n---\n'
  + service('t/plain', 'type: NodePort, clusterIP: 10.96.1.3, selector: {app: a}, ports: [{port: 80, targetPort: main, nodePort: 30181}]')
  + 'apiVersion: v1\nkind: Service\nmetadata: {name: ranged, namespace: t}\nspec: {type: LoadBalancer, clusterIP: 10.96.1.4, loadBalancerSourceRanges: [198.51.100.0/24], selector: {app: a}, ports: [{port: 80, targetPort: main, nodePort: 30182}]}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.61}]}}\n---\n');
const both = ['t/a1:80 delivered 0.50', 't/a2:8080 delivered 0.50'];
const rewritten = both.map((way) => `${way} snat`);

test('internalTrafficPolicy: Local keeps to the node and drops where it has nobody', () => {
  assert.deepEqual(sent(lab, 't/c1', '10.96.1.1:80').ways, ['t/a1:80 delivered 1.00']);
  assert.deepEqual(sent(lab, 't/c3', '10.96.1.1:80'), { verdict: 'timeout', because: 'service: Service t/inner spec.internalTrafficPolicy', ways: ['nobody timeout 1.00'] });
  assert.equal(sent(lab, 'node/n3', '10.96.1.1:80').verdict, 'timeout');
});

test('externalTrafficPolicy: Local drops outsiders on a node without an endpoint, on every kind of address', () => {
  for (const target of ['192.0.2.60:80', '172.20.0.13:30180', '198.51.100.77:80']) {
    assert.equal(sent(lab, 'external@n3', target).because, 'service: Service t/outer spec.externalTrafficPolicy', target);
    assert.deepEqual(sent(lab, 'external@n1', target.replace('.13:', '.11:')).ways, ['t/a1:80 delivered 1.00'], target);
  }
});

test('externalTrafficPolicy: Local takes pods and the node itself to every endpoint', () => {
  for (const target of ['192.0.2.60:80', '172.20.0.13:30180', '198.51.100.77:80']) {
    assert.deepEqual(sent(lab, 't/c3', target).ways, both, target);
    assert.deepEqual(sent(lab, 'node/n3', target).ways, rewritten, target);
  }
});

test('a node port with the Cluster policy reaches every endpoint and rewrites every source', () => {
  for (const source of ['external', 'external@n3', 't/c3', 'node/n3']) assert.deepEqual(sent(lab, source, '172.20.0.13:30181').ways, rewritten, source);
});

test('a node port answers on 127.0.0.1 of the node, and not on ::1', () => {
  assert.equal(sent(lab, 'node/n3', '127.0.0.1:30181').verdict, 'delivered');
  assert.equal(sent(lab, 'node/n3', '[::1]:30181').verdict, 'refused');
});

test('a port that is nobody\'s on a node is refused', () => {
  assert.deepEqual([sent(lab, 'external', '172.20.0.12:31999').verdict, sent(lab, 't/c3', '172.20.0.12:31999').verdict], ['refused', 'refused']);
});

test('source ranges guard the address of the load balancer, not the node port', () => {
  assert.equal(sent(lab, 'external', 'http://192.0.2.61/').because, 'external: Service t/ranged spec.loadBalancerSourceRanges');
  assert.equal(sent(lab, 't/c3', 'http://192.0.2.61/').verdict, 'timeout');
  assert.equal(sent(lab, 'external/198.51.100.7', 'http://192.0.2.61/').verdict, 'delivered');
  assert.equal(sent(lab, 'external', '172.20.0.11:30182').verdict, 'delivered');
});

test('nobody outside has a route to a cluster address or a pod', () => {
  assert.deepEqual([sent(lab, 'external', '10.96.1.3:80').verdict, sent(lab, 'external', '10.244.1.1:80').verdict], ['unreachable', 'unreachable']);
});

test('a packet for a cluster address that arrives at a node is translated there', () => {
  assert.deepEqual(sent(lab, 'external@n2', '10.96.1.3:80').ways, rewritten);
});

test('a node\'s call of a cluster address is rewritten and a pod\'s is not', () => {
  assert.deepEqual([sent(lab, 'node/n3', '10.96.1.3:80').ways, sent(lab, 't/c3', '10.96.1.3:80').ways], [rewritten, both]);
});
