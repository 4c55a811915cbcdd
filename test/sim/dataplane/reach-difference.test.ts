// What a change opened and closed, to the port and the address.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Reach, ReachConnection } from '../../../src/sim/model/policy.ts';
import { subtractPorts, isNoPorts } from '../../../src/sim/base/port-set.ts';
import { reachOf } from '../../../src/sim/dataplane/reach.ts';
import { reachDifference } from '../../../src/sim/dataplane/reach-difference.ts';
import { readPorts } from '../../../src/sim/dataplane/reach-ports.ts';
import { indexOf, podOf, policyOf } from '../policy/cluster-of.ts';
import { randomCluster } from '../policy/random-cluster.ts';

const workloads = ['web', 'db'].map((name, index) => ({
  name: `shop/${name}`, kind: 'StatefulSet', pods: ['0', '1'].map((number) => podOf(`shop/${name}-${number}`, { app: name, index: number }, { addresses: [`10.244.${index}.${number}`] })),
}));

const reachUnder = (...specs: readonly string[]): Reach =>
  reachOf({ index: indexOf({ pods: workloads.flatMap(({ pods }) => pods), policies: specs.map((spec, index) => policyOf(`shop/policy-${index}`, spec)) }), workloads });

const dbTakes = (rules: string): string => `{ podSelector: { matchLabels: { app: db } }, ingress: [ ${rules} ] }`;
const lines = (connections: readonly ReachConnection[]): string[] => connections.map(({ from, to, ports }) => `${from} > ${to} ${JSON.stringify(ports)}`);

test('a wider port range opens the ports that were not there before', () => {
  const { opened, closed } = reachDifference(reachUnder(dbTakes('{ from: [ { podSelector: {} } ], ports: [ { port: 80 } ] }')), reachUnder(dbTakes('{ from: [ { podSelector: {} } ], ports: [ { port: 79, endPort: 81 } ] }')));
  assert.deepEqual([lines(opened), closed], [['shop/web > shop/db {"TCP":[[79,79],[81,81]]}'], []]);
});

test('the outside is compared address by address, however it was cut', () => {
  const before = reachUnder(dbTakes('{ from: [ { ipBlock: { cidr: 192.0.2.0/24 } } ] }'));
  const after = reachUnder(dbTakes('{ from: [ { ipBlock: { cidr: 192.0.2.0/25 } }, { ipBlock: { cidr: 198.51.100.0/24, except: [ 198.51.100.9/32 ] } } ] }'));
  const { opened, closed } = reachDifference(before, after);
  assert.deepEqual(lines(opened), ['198.51.100.0-198.51.100.8 > shop/db "all"', '198.51.100.10-198.51.100.255 > shop/db "all"']);
  assert.deepEqual(lines(closed), ['192.0.2.128-192.0.2.255 > shop/db "all"']);
});

test('a workload whose pods differ in one answer only is compared pod by pod', () => {
  const one = '{ podSelector: { matchLabels: { app: db, index: "0" } }, ingress: [] }';
  const { opened, closed } = reachDifference(reachUnder(), reachUnder(one));
  assert.deepEqual(opened, []);
  assert.deepEqual(lines(closed), ['0.0.0.0-255.255.255.255 > shop/db-0 "all"', 'shop/web > shop/db-0 "all"']);
  assert.deepEqual(reachDifference(reachUnder(one), reachUnder()).opened, closed);
});

test('pods that were replaced are compared as their workload', () => {
  const renamed = ({ connections, split = [], ...rest }: Reach): Reach => {
    const other = (name: string): string => name.replace(/^shop\/db-/, 'shop/db-new-');
    return { ...rest, connections: connections.map((one) => ({ ...one, from: other(one.from), to: other(one.to) })), split: split.map((one) => ({ ...one, pod: other(one.pod) })) };
  };
  const one = '{ podSelector: { matchLabels: { app: db, index: "0" } }, ingress: [ { from: [ { podSelector: {} } ], ports: [ { port: 80 } ] } ] }';
  assert.deepEqual(reachDifference(reachUnder(one), renamed(reachUnder(one))), { opened: [], closed: [] });
});

test('a workload that is new opens what it may send and take', () => {
  const both = reachUnder();
  const [web] = workloads;
  const alone = reachOf({ index: indexOf({ pods: web?.pods ?? [], policies: [] }), workloads: web === undefined ? [] : [web] });
  assert.deepEqual(lines(reachDifference(alone, both).opened).length, 4);
});

test('on random clusters opened and closed mirror each other, and without a change there are none', () => {
  fc.assert(fc.property(randomCluster, (cluster) => {
    const each = cluster.pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, kind: 'Pod', pods: [pod] }));
    const under = reachOf({ index: indexOf(cluster), workloads: each });
    const open = reachOf({ index: indexOf({ ...cluster, policies: [] }), workloads: each });
    assert.deepEqual(reachDifference(under, under), { opened: [], closed: [] });
    const forth = reachDifference(under, open);
    const back = reachDifference(open, under);
    assert.deepEqual(forth.closed, []);
    assert.deepEqual([back.opened, back.closed], [[], forth.opened]);
    for (const row of forth.opened) {
      const had = under.connections.find(({ from, to }) => from === row.from && to === row.to);
      if (had !== undefined) assert.ok(isNoPorts(subtractPorts(readPorts(row.ports), subtractPorts(readPorts('all'), readPorts(had.ports)))), `${row.from} > ${row.to}`);
    }
  }), { numRuns: 100, seed: 6 });
});
