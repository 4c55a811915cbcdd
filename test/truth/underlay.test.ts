// Single facts about nodes and what lies between them, asked from outside.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, nodes, pod, resolved, sent, service } from './asked.ts';

const document = (spec: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: ${spec}\n---\n`;
const on = (node: string): string => `nodeName: ${node}`;
const placed = (path: string, node: string, labels: string): string => pod(path, 8080, labels).replace('spec: {containers', `spec: {${on(node)}, containers`);
const things = nodes + placed('shop/web', 'n1', 'app: web') + placed('shop/near', 'n1', 'app: api') + placed('shop/far', 'n2', 'app: api') + service('shop/api', 'clusterIP: 10.96.5.5, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]');
const lab = (spec: string): ReturnType<typeof cluster> => cluster(document(spec) + things);

test('a closed tunnel port makes a Service with a backend on each node work every other time', () => {
  const { verdict, because, ways } = sent(lab('{cni: {plugin: flannel}, underlay: {securityGroups: [{name: nodes, ingress: [{peer: nodes, protocol: TCP}, {peer: nodes, protocol: UDP, ports: 53}]}]}}'), 'shop/web', 'http://10.96.5.5/');
  assert.deepEqual([verdict, because, ways.map((way) => way.replace(/:.* (\w+ [\d.]+)$/, ' $1')).sort()], ['intermittent', 'network: Cluster lab spec.underlay.securityGroups[0].ingress', ['shop/far timeout 0.50', 'shop/near delivered 0.50']]);
});

test('names fail where the DNS servers are on other nodes behind that port', () => {
  const broken = lab('{cni: {plugin: calico}, underlay: {securityGroups: [{name: nodes, ingress: [{peer: nodes, protocol: TCP}]}]}}');
  const homes = broken.network.pods.filter(({ answersDns }) => answersDns).map(({ node }) => node);
  const away = ['shop/web', 'shop/far'].filter((_, index) => !homes.includes(`n${index + 1}`));
  assert.ok(away.length > 0);
  for (const from of away) assert.equal(resolved(broken, from, 'api').error, 'EAI_AGAIN');
});

test('the node that lost its route fails towards one node only', () => {
  const one = lab('{cni: {plugin: flannel, mode: host-gw}, nodes: [{name: n1, missingRoutes: [10.244.2.0/24]}]}');
  assert.deepEqual([sent(one, 'shop/web', 'tcp://10.96.5.5:80').verdict, sent(one, 'node/n3', 'tcp://10.96.5.5:80').verdict], ['intermittent', 'intermittent'].map((verdict, index) => (index === 0 ? verdict : 'delivered')));
});

test('a full table on one node is felt by whoever is sent there', () => {
  const full = lab('{cni: {plugin: cilium}, nodes: [{name: n2, conntrack: {max: 65536, used: 65536}}]}');
  assert.deepEqual([sent(full, 'shop/web', 'tcp://10.96.5.5:80').verdict, sent(full, 'shop/web', 'tcp://10.96.5.5:80').because], ['intermittent', 'network: Cluster lab spec.nodes[0].conntrack']);
});

test('the cloud\'s check stops Calico without encapsulation, and not with it', () => {
  const verdicts = ['bgp', 'ipip', 'vxlan'].map((mode) => sent(lab(`{cni: {plugin: calico, mode: ${mode}}, underlay: {sourceDestinationCheck: true}}`), 'shop/web', 'tcp://10.96.5.5:80').verdict);
  assert.deepEqual(verdicts, ['intermittent', 'delivered', 'delivered']);
});

test('a pod\'s MTU of 1500 under VXLAN hangs TLS between nodes, and nothing on one node', () => {
  const tls = things.replaceAll('labels: {app: api}}', 'labels: {app: api}, annotations: {k8snet-lab/tls: "8080"}}');
  const { ways } = sent(cluster(document('{cni: {plugin: cilium, mtu: 1500}, underlay: {fragmentationNeeded: lost}}') + tls), 'shop/web', 'https://10.96.5.5:80/');
  assert.deepEqual(ways.map((way) => way.replace(/ .*? (\w+(?:-\w+)?) [\d.]+$/, ' $1').replace(/:8080/, '')).sort(), ['shop/far hang 0.50', 'shop/near delivered 0.50']);
});
