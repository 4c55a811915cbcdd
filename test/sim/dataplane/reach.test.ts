// Reach: exact port sets between workloads and with the outside, in agreement with judge.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Family } from '../../../src/sim/model/object.ts';
import type { PolicyPod, Reach, ReachConnection } from '../../../src/sim/model/policy.ts';
import { parseAddress, rangeHolds } from '../../../src/sim/base/address.ts';
import { portSetHolds } from '../../../src/sim/base/port-set.ts';
import { reachOf } from '../../../src/sim/dataplane/reach.ts';
import { readPorts } from '../../../src/sim/dataplane/reach-ports.ts';
import type { PolicyIndex } from '../../../src/sim/policy/policy-index.ts';
import { ask, indexOf, podOf, policyOf } from '../policy/cluster-of.ts';
import { probedAddresses, probedPorts, randomCluster, tieredCluster } from '../policy/random-cluster.ts';

type Workloads = Parameters<typeof reachOf>[0]['workloads'];

const deployment = (name: string, labels: Readonly<Record<string, string>>, count = 2, more: Partial<PolicyPod> = {}): Workloads[number] => ({
  name, kind: 'Deployment', pods: Array.from({ length: count }, (_, index) => podOf(`${name}-${index}`, labels, { addresses: [`10.244.${index}.${name.length}`], ...more })),
});

const lines = ({ connections }: Reach): string[] => connections.map(({ from, to, ports }) => `${from} > ${to} ${JSON.stringify(ports)}`);

function reachUnder(workloads: Workloads, policies: Readonly<Record<string, string>>, more: Partial<Parameters<typeof indexOf>[0]> = {}): Reach {
  const pods = workloads.flatMap((workload) => workload.pods);
  return reachOf({ index: indexOf({ pods, policies: Object.entries(policies).map(([name, spec]) => policyOf(name, spec)), ...more }), workloads });
}

const web = deployment('shop/web', { app: 'web' });
const db = deployment('shop/db', { app: 'db' });
const whole = '0.0.0.0-255.255.255.255';

test('without policies everybody reaches everybody and the whole outside, and a workload is not listed to itself', () => {
  const reach = reachUnder([web, db], {});
  assert.deepEqual(reach.workloads, [{ name: 'shop/db', kind: 'Deployment', pods: 2 }, { name: 'shop/web', kind: 'Deployment', pods: 2 }]);
  assert.deepEqual(lines(reach), [
    `${whole} > shop/db "all"`, `${whole} > shop/web "all"`, `shop/db > ${whole} "all"`, 'shop/db > shop/web "all"', `shop/web > ${whole} "all"`, 'shop/web > shop/db "all"',
  ]);
  assert.deepEqual(reach.connections[0], { from: whole, fromKind: 'IPBlock', to: 'shop/db', toKind: 'Deployment', ports: 'all' });
});

test('ports are merged, ascending, and "all" only when every port of three protocols is there', () => {
  const reach = reachUnder([web, db], { 'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: {} } ], ports: [ { port: 90 }, { port: 81, endPort: 89 }, { port: 53, protocol: UDP }, { protocol: SCTP } ] } ] }' });
  assert.deepEqual(lines(reach).filter((line) => line.includes('> shop/db')), ['shop/web > shop/db {"TCP":[[81,90]],"UDP":[[53,53]],"SCTP":[[1,65535]]}']);
  const three = reachUnder([web, db], { 'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: {} } ], ports: [ { protocol: UDP }, { protocol: TCP, port: 1, endPort: 65535 }, { protocol: SCTP } ] } ] }' });
  assert.deepEqual(lines(three).filter((line) => line.includes('> shop/db')), ['shop/web > shop/db "all"']);
});

test('the outside is cut at the edges of the blocks and merged again where the answer is the same', () => {
  const reach = reachUnder([web, db], {
    'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: 203.0.113.0/24, except: [ 203.0.113.128/25 ] } } ], ports: [ { port: 5432 } ] }, { from: [ { ipBlock: { cidr: 203.0.112.0/24 } } ], ports: [ { port: 5432 } ] } ] }',
  });
  assert.deepEqual(lines(reach).filter((line) => line.startsWith('2') || line.startsWith('0')), ['0.0.0.0-255.255.255.255 > shop/web "all"', '203.0.112.0-203.0.113.127 > shop/db {"TCP":[[5432,5432]]}']);
});

test('replicas 0 is listed without connections, and a pod that does not run reaches nobody', () => {
  const none = { name: 'shop/none', kind: 'Deployment', pods: [] };
  const pending = deployment('shop/pending', {}, 1, { running: false, addresses: [] });
  const reach = reachUnder([web, none, pending], {});
  assert.deepEqual(reach.workloads.map(({ name, pods }) => [name, pods]), [['shop/none', 0], ['shop/pending', 1], ['shop/web', 2]]);
  assert.deepEqual(lines(reach), [`${whole} > shop/web "all"`, `shop/web > ${whole} "all"`]);
});

test('pods of one workload that differ are listed as pods, to each other as well', () => {
  const set = { name: 'shop/set', kind: 'StatefulSet', pods: ['0', '1'].map((index) => podOf(`shop/set-${index}`, { app: 'set', index }, { addresses: [`10.244.0.${index}`] })) };
  const same = reachUnder([set, web], { 'shop/p': '{ podSelector: { matchExpressions: [ { key: index, operator: Exists } ] }, ingress: [] }' });
  assert.deepEqual(same.workloads.map(({ name }) => name), ['shop/set', 'shop/web']);
  const apart = reachUnder([set, web], { 'shop/p': '{ podSelector: { matchLabels: { index: "0" } }, ingress: [] }' });
  assert.deepEqual(apart.workloads, [{ name: 'shop/set-0', kind: 'Pod', pods: 1 }, { name: 'shop/set-1', kind: 'Pod', pods: 1 }, { name: 'shop/web', kind: 'Deployment', pods: 2 }]);
  assert.deepEqual(lines(apart).filter((line) => line.includes('> shop/set')), [`0.0.0.0-255.255.255.255 > shop/set-1 "all"`, 'shop/set-0 > shop/set-1 "all"', 'shop/web > shop/set-1 "all"']);
});

test('two pods that only take from each other change places without a difference, so they are one row', () => {
  const set = { name: 'shop/set', kind: 'StatefulSet', pods: ['0', '1'].map((index) => podOf(`shop/set-${index}`, { index }, { addresses: [`10.244.0.${index}`] })) };
  const takes = (own: string, other: string): string => `{ podSelector: { matchLabels: { index: "${own}" } }, ingress: [ { from: [ { podSelector: { matchLabels: { index: "${other}" } } } ] } ] }`;
  assert.deepEqual(reachUnder([set, web], { 'shop/a': takes('0', '1'), 'shop/b': takes('1', '0') }).workloads.map(({ name }) => name), ['shop/set', 'shop/web']);
});

test('pods on the node\'s network are rows, and only an ipBlock with the node\'s address lets them in', () => {
  const agents = { name: 'kube-system/agent', kind: 'DaemonSet', pods: ['worker-1', 'worker-2'].map((node, index) => podOf(`kube-system/agent-${index}`, { app: 'web' }, { node, hostNetwork: true, addresses: [`192.168.0.1${index}`] })) };
  const denied = reachUnder([agents, db, web], { 'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { namespaceSelector: {} } ] } ] }', 'kube-system/all': '{ policyTypes: [Ingress, Egress] }' });
  assert.deepEqual(lines(denied).filter((line) => line.startsWith('kube')), [`kube-system/agent > ${whole} "all"`, 'kube-system/agent > shop/web "all"']);
  assert.ok(lines(denied).includes(`${whole} > kube-system/agent "all"`));
  const block = reachUnder([agents, db], { 'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: 192.168.0.10/32 } } ] } ] }' });
  assert.deepEqual(lines(block).filter((line) => line.includes('> shop/db')), ['192.168.0.10-192.168.0.10 > shop/db "all"', 'kube-system/agent-0 > shop/db "all"']);
});

test('with blocks kept to the outside a block that holds a pod\'s address does not let the pod in', () => {
  const policies = { 'shop/db': '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { ipBlock: { cidr: 0.0.0.0/0 } } ] } ] }' };
  assert.ok(lines(reachUnder([web, db], policies)).includes('shop/web > shop/db "all"'));
  const outside = lines(reachUnder([web, db], policies, { ipBlocks: 'outside' }));
  assert.ok(!outside.includes('shop/web > shop/db "all"') && outside.includes(`${whole} > shop/db "all"`));
});

test('policies that nobody enforces change nothing', () => {
  assert.deepEqual(reachUnder([web, db], { 'shop/all': '{ policyTypes: [Ingress, Egress] }' }, { enforced: [] }), reachUnder([web, db], {}));
});

/** What judge says for one port between two pods, over the families that both have. */
function judged(index: PolicyIndex, from: PolicyPod, to: PolicyPod, port: number, protocol: 'TCP' | 'UDP' | 'SCTP'): boolean {
  const byFamily = (pod: PolicyPod, family: Family): string | undefined => pod.addresses.find((ip) => parseAddress(ip)?.family === family);
  return (['IPv4', 'IPv6'] as const).some((family) => {
    const [source, target] = [byFamily(from, family), byFamily(to, family)];
    return source !== undefined && target !== undefined
      && ask(index, 'egress', from, { pod: to, ip: target }, port, protocol).allowed && ask(index, 'ingress', to, { pod: from, ip: source }, port, protocol).allowed;
  });
}

for (const [tiers, clusters] of [['NetworkPolicy', randomCluster], ['all tiers', tieredCluster]] as const) test(`reach and judge agree on random clusters with ${tiers}, port by port, between pods and with the outside`, () => {
  let [held, compared] = [0, 0];
  fc.assert(fc.property(clusters, (cluster) => {
    const index = indexOf(cluster);
    // Pods in twos as workloads, so that alike and different pods both occur.
    const workloads = cluster.pods.flatMap((_, position) => (position % 2 === 0 ? [{ name: `w/${position}`, kind: 'Deployment', pods: cluster.pods.slice(position, position + 2) }] : []));
    const { connections, split = [] } = reachOf({ index, workloads });
    const entityOf = (pod: PolicyPod): string => split.find((one) => one.pod === `${pod.namespace}/${pod.name}`)?.pod ?? workloads.find(({ pods }) => pods.includes(pod))?.name ?? '';
    const has = (rows: readonly ReachConnection[], protocol: 'TCP' | 'UDP' | 'SCTP', port: number): boolean => rows.some(({ ports }) => portSetHolds(readPorts(ports), protocol, port));
    for (const from of cluster.pods.filter(({ running }) => running)) {
      for (const to of cluster.pods.filter(({ running }) => running)) {
        if (entityOf(from) === entityOf(to) || (from.hostNetwork && from.node === to.node)) continue;
        const rows = connections.filter((row) => row.from === entityOf(from) && row.to === entityOf(to));
        assert.ok(rows.length < 2);
        for (const port of probedPorts) {
          for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
            assert.equal(has(rows, protocol, port), judged(index, from, to, port, protocol), `${from.name} > ${to.name} ${protocol} ${port}`);
            compared++;
            if (has(rows, protocol, port)) held++;
          }
        }
      }
      for (const text of probedAddresses) {
        const address = parseAddress(text);
        // Where blocks match the outside only, a node's address is no part of it.
        if (cluster.ipBlocks === 'outside' && cluster.nodes.some(({ addresses }) => addresses.includes(text))) continue;
        if (address?.family !== 'IPv4' || !from.addresses.some((ip) => parseAddress(ip)?.family === 'IPv4')) continue;
        const holds = (range: string): boolean => {
          const [first, last] = range.split('-').map(parseAddress);
          return first !== undefined && last !== undefined && rangeHolds({ family: 'IPv4', first: first.value, last: last.value }, address);
        };
        for (const direction of ['egress', 'ingress'] as const) {
          const rows = connections.filter((row) => (direction === 'egress' ? row.from === entityOf(from) && row.toKind === 'IPBlock' && holds(row.to) : row.to === entityOf(from) && row.fromKind === 'IPBlock' && holds(row.from)));
          for (const port of probedPorts) for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) assert.equal(has(rows, protocol, port), ask(index, direction, from, text, port, protocol).allowed, `${direction} ${from.name} ${text}`);
        }
      }
    }
  }), { numRuns: 120, seed: 5 });
  assert.ok(held > compared / 20 && held < compared, `${held} of ${compared}`);
});

test('the order in which workloads, pods and policies are given does not matter', () => {
  fc.assert(fc.property(tieredCluster, (cluster) => {
    const workloads = cluster.pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, kind: 'Pod', pods: [pod] }));
    const turned = { ...cluster, pods: cluster.pods.toReversed(), policies: cluster.policies.toReversed() };
    assert.deepEqual(reachOf({ index: indexOf(turned), workloads: workloads.toReversed() }), reachOf({ index: indexOf(cluster), workloads }));
  }), { numRuns: 50, seed: 7 });
});
