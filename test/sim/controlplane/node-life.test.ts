// The life of nodes and their pods' addresses: no CNI, no range, a range that is used up, as many pods as a kubelet takes, ranges that two nodes share, kube-proxy's pod.
import assert from 'node:assert/strict';
import test from 'node:test';
import { list } from '../../../src/sim/cluster/store.ts';
import type { Lab } from '../../../src/sim/lab.ts';
import { changed, merge, open, shop } from '../lab.fixture.ts';
import { cluster, node, row } from './cluster.fixture.ts';

const machine = (name: string, podCIDR: string, address: string, more = ''): string => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}${more} }\nspec: ${podCIDR === '' ? '{ podCIDRs: [] }' : `{ podCIDR: ${podCIDR} }`}\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n---\n`;

const bare = (name: string, on: string, more = ''): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: default }\nspec: { nodeName: ${on}, ${more}containers: [{ name: main, image: web, ports: [{ containerPort: 80 }] }] }\n---\n`;

const failed = (lab: Lab, name: string): { readonly reason: string; readonly message: string } | undefined => lab.store.started?.get(`Pod/default/${name}`)?.failed;

const noCni = 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

test('a node without CNI is not ready, in the kubelet\'s words and with the taints of that; pods that are not on its network wait', () => {
  const lab = open(cluster('nodes: [{ name: worker-1, cniInstalled: false }]') + bare('own', 'worker-1') + bare('host', 'worker-1', 'hostNetwork: true, ') + shop());
  const object = list(lab.store, 'Node').find((stored) => stored.object.metadata.name === 'worker-1')?.object;
  assert.deepEqual(object?.status?.conditions, [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: noCni }]);
  assert.deepEqual(object?.spec?.taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }, { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }]);
  assert.equal(node(lab, 'worker-1').ready, false);
  assert.deepEqual([row(lab, 'own'), row(lab, 'host')], ['0/1 ContainerCreating 0', '1/1 Running 0']);
  assert.deepEqual([failed(lab, 'own')?.reason, failed(lab, 'own')?.message], ['NetworkNotReady', `network is not ready: ${noCni}`]);
  assert.ok(lab.network.pods.filter(({ namespace }) => namespace === 'shop').every(({ node: on }) => on === 'worker-2'));
  // Nobody makes routes to it, nor on it.
  assert.deepEqual(node(lab, 'worker-2').state.unrouted.map(({ node: other, field }) => [other, field]), [['worker-1', 'spec.nodes[0].cniInstalled']]);
  assert.deepEqual(node(lab, 'worker-1').routes.map(({ kind }) => kind), ['link', 'default']);
  const healed = changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: null } }));
  assert.deepEqual([row(healed, 'own'), node(healed, 'worker-1').ready, node(healed, 'worker-1').taints, failed(healed, 'own')], ['1/1 Running 0', true, [], undefined]);
  assert.deepEqual(node(healed, 'worker-2').state.unrouted, []);
});

test('a cluster without CNI has no node for CoreDNS', () => {
  const lab = open(cluster('nodes: [{ name: control-plane, cniInstalled: false }, { name: worker-1, cniInstalled: false }, { name: worker-2, cniInstalled: false }]'));
  const [dns] = lab.network.pods;
  assert.equal(dns?.status, 'Pending');
  assert.equal(dns.unready?.says, '0/3 nodes are available: 3 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.');
});

for (const [plugin, says] of [
  ['flannel', /plugin type="flannel" failed \(add\): loadFlannelSubnetEnv failed: open \/run\/flannel\/subnet\.env: no such file or directory$/],
  ['cilium', /plugin type="cilium-cni" failed \(add\): unable to connect to Cilium agent/],
] as const) {
  test(`on a node without podCIDR ${plugin}'s agent does not start, and pods get no sandbox until it has one`, () => {
    const lab = open(cluster(`cni: { plugin: ${plugin} }`) + machine('n1', '10.244.1.0/24', '10.0.0.1') + machine('n3', '', '10.0.0.3') + bare('a', 'n3') + bare('b', 'n1'));
    assert.deepEqual([row(lab, 'a'), row(lab, 'b'), node(lab, 'n3').ready], ['0/1 ContainerCreating 0', '1/1 Running 0', true]);
    assert.match(failed(lab, 'a')?.message ?? '', /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": /);
    assert.match(failed(lab, 'a')?.message ?? '', says);
    assert.deepEqual(node(lab, 'n3').state.unrouted.map(({ node: other, field }) => [other, field]), [['n1', null]]);
    const healed = changed(lab, merge('Node', '', 'n3', { spec: { podCIDR: '10.244.3.0/24', podCIDRs: ['10.244.3.0/24'] } }));
    assert.deepEqual([row(healed, 'a'), node(healed, 'n3').state.unrouted], ['1/1 Running 0', []]);
  });
}

test('a range of pods that has no part left for a node leaves it without one', () => {
  const lab = open(cluster('cni: { plugin: flannel }\nnetwork: { pods: 10.244.0.0/23 }') + bare('a', 'worker-2'));
  assert.deepEqual([node(lab, 'worker-1').podRanges, node(lab, 'worker-2').podRanges, row(lab, 'a')], [['10.244.1.0/24'], [], '0/1 ContainerCreating 0']);
});

test('Calico and Weave Net look after addresses themselves: a node without podCIDR gets a block', () => {
  for (const plugin of ['calico', 'weave']) {
    const lab = open(cluster(`cni: { plugin: ${plugin} }`) + machine('n1', '10.244.0.0/24', '10.0.0.1') + machine('n3', '', '10.0.0.3') + bare('a', 'n3'));
    assert.deepEqual([row(lab, 'a'), node(lab, 'n3').podRanges], ['1/1 Running 0', ['10.244.1.0/26']]);
  }
});

for (const [plugin, says] of [
  ['flannel', 'plugin type="flannel" failed (add): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.6'],
  ['calico', 'plugin type="calico" failed (add): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [10.244.0.0/16]'],
  ['cilium', 'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure "range is full"'],
] as const) {
  test(`a range that is used up, in ${plugin}'s words; what is freed is given out again`, () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const lab = open(cluster(`cni: { plugin: ${plugin} }`) + machine('n1', '10.244.1.0/29', '10.0.0.1') + names.map((name) => bare(name, 'n1')).join(''));
    const waiting = names.filter((name) => row(lab, name) === '0/1 ContainerCreating 0');
    const running = names.filter((name) => row(lab, name) === '1/1 Running 0');
    assert.ok(waiting.length > 0 && running.length >= 5 && waiting.length + running.length === 7);
    for (const name of waiting) assert.ok(failed(lab, name)?.message.endsWith(says), failed(lab, name)?.message);
    const freed = changed(lab, { verb: 'delete', ref: { kind: 'Pod', namespace: 'default', name: running[0] ?? '' } });
    assert.equal(waiting.filter((name) => row(freed, name) === '1/1 Running 0').length, 1);
    const given = freed.network.pods.filter(({ namespace }) => namespace === 'default').flatMap(({ addresses }) => addresses);
    assert.equal(new Set(given).size, given.length);
  });
}

test('two nodes with one range give out the same addresses, and that is said', () => {
  const text = cluster('cni: { plugin: flannel }') + machine('n1', '10.244.1.0/24', '10.0.0.1') + machine('n2', '10.244.1.0/24', '10.0.0.2') + bare('a', 'n1') + bare('b', 'n2') + bare('c', 'n2');
  const lab = open(text);
  const ips = (of: Lab): readonly string[] => ['a', 'b', 'c'].map((name) => of.network.pods.find((one) => one.name === name)?.addresses[0] ?? '');
  assert.equal(ips(lab)[0], ips(lab)[1]);
  assert.notEqual(ips(lab)[1], ips(lab)[2]);
  assert.deepEqual(ips(open(text)), ips(lab));
  assert.deepEqual(lab.warnings.filter(({ code }) => code === 'duplicate-range').map(({ says }) => says), ['nodes n1 and n2 have the same range 10.244.1.0/24: both give its addresses to their pods']);
  // Calico asks no podCIDR.
  const calico = open(text.replace('flannel', 'calico'));
  assert.equal(new Set(ips(calico)).size, 3);
});

const crowd = (count: number): string => shop('app: api', count);
const pending = (lab: Lab): string[] => lab.network.pods.filter(({ status }) => status === 'Pending').map(({ unready }) => unready?.says ?? '');

test('more pods than the kubelets take wait, in the scheduler\'s words', () => {
  const lab = open(cluster('nodes: [{ name: control-plane, maxPods: 2 }, { name: worker-1, maxPods: 3 }, { name: worker-2, maxPods: 3 }]') + crowd(8));
  assert.ok(pending(lab).length > 0);
  assert.equal(pending(lab)[0], '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Too many pods. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.');
  const first = lab.network.pods.find(({ status }) => status === 'Pending');
  assert.deepEqual([first?.unready?.object, first?.unready?.field], [{ kind: 'Cluster', namespace: '', name: 'lab' }, 'spec.nodes']);
  assert.deepEqual(pending(changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: null } }))), []);
});

test('a Node says how many pods it takes; a kubelet of which nothing is said takes 110', () => {
  const given = machine('n1', '10.244.1.0/24', '10.0.0.1').replace('status: {', 'status: { allocatable: { pods: "4" },');
  const most = (lab: Lab): unknown => list(lab.store, 'Node').map(({ object }) => object.status?.allocatable?.['pods']);
  assert.deepEqual(most(open(given + machine('n2', '10.244.2.0/24', '10.0.0.2'))), ['4', '110']);
  assert.deepEqual(pending(open(given + crowd(8))).length, 7);
});

test('an EC2 instance takes as many pods as it has addresses, its plugin\'s and kube-proxy\'s own among them; prefixes make room', () => {
  const aws = (options: string, more = ''): string => cluster(`cni: { plugin: aws-vpc-cni, instanceType: t3.medium${options} }${more}`);
  const lab = open(aws('') + crowd(40));
  const on = (of: Lab, name: string): number => of.network.pods.filter(({ node: there }) => there === name).length;
  assert.deepEqual([on(lab, 'worker-1'), on(lab, 'worker-2')], [15, 15]);
  assert.match(pending(lab)[0] ?? '', /2 Too many pods\. /);
  const prefixed = changed(lab, merge('Cluster', '', 'lab', { spec: { cni: { enablePrefixDelegation: true } } }));
  assert.deepEqual([pending(prefixed), prefixed.network.pods.filter(({ ready }) => !ready)], [[], []]);
  // Only kubelet's number raised: pods are placed, and get no address.
  const raised = open(aws('', '\nnodes: [{ name: worker-1, maxPods: 40 }, { name: worker-2, maxPods: 40 }]') + crowd(40));
  const stuck = raised.network.pods.filter(({ status }) => status === 'ContainerCreating');
  assert.ok(stuck.length > 0 && pending(raised).length === 0);
  assert.match(stuck[0]?.unready?.says ?? '', /plugin type="aws-cni" name="aws-cni" failed \(add\): add cmd: failed to assign an IP address to container$/);
});

test('a hostPort that every node has given away keeps a pod waiting', () => {
  const exporter = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: default }\nspec: { containers: [{ name: main, image: web, ports: [{ containerPort: 9100, hostPort: 9100 }] }] }\n---\n`;
  const lab = open(['a', 'b', 'c'].map(exporter).join(''));
  assert.deepEqual(pending(lab), ['0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn\'t have free ports for the requested pod ports. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.']);
});

test('where the document speaks of kube-proxy its DaemonSet is there, and its pod crashes on the node where it does not run', () => {
  const lab = open(cluster('nodes: [{ name: worker-1, kubeProxy: { running: false } }]'));
  const proxies = (of: Lab): (readonly [string | null, string])[] => of.network.pods.filter(({ owner }) => owner.name === 'kube-proxy').map((one) => [one.node, row(of, one.name)] as const).sort();
  assert.deepEqual(proxies(lab), [['control-plane', '1/1 Running 0'], ['worker-1', '0/1 CrashLoopBackOff 5'], ['worker-2', '1/1 Running 0']]);
  assert.deepEqual(lab.network.pods.filter(({ owner }) => owner.name === 'kube-proxy').map(({ hostNetwork, implied }) => [hostNetwork, implied]), [[true, true], [true, true], [true, true]]);
  const healed = changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: [{ name: 'worker-1', kubeProxy: { running: true } }] } }));
  assert.deepEqual(proxies(healed).map(([, text]) => text), ['1/1 Running 0', '1/1 Running 0', '1/1 Running 0']);
  assert.ok(open(shop()).network.pods.every(({ owner }) => owner.name !== 'kube-proxy'));
});

test('a DaemonSet of kube-proxy that the manifests have is the one that crashes', () => {
  const own = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: kube-proxy, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: kube-proxy } }
  template:
    metadata: { labels: { k8s-app: kube-proxy } }
    spec: { hostNetwork: true, tolerations: [{ operator: Exists }], containers: [{ name: proxy, image: "registry.k8s.io/kube-proxy-amd64:v1.34.2" }] }
`;
  const lab = open(cluster('nodes: [{ name: worker-2, kubeProxy: { running: false } }]') + own);
  assert.deepEqual(lab.network.pods.filter(({ owner }) => owner.name === 'kube-proxy').map(({ node: on, status, implied }) => [on, status, implied]).sort(), [['control-plane', 'Running', false], ['worker-1', 'Running', false], ['worker-2', 'CrashLoopBackOff', false]]);
});
