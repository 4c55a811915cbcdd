// The probes of the ClusterNetworkPolicy conformance tests, through judge and through reach.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readPorts } from '../../../src/sim/dataplane/reach-ports.ts';
import { reachOf } from '../../../src/sim/dataplane/reach.ts';
import { portSetHolds } from '../../../src/sim/base/port-set.ts';
import type { Labels, Protocol } from '../../../src/sim/model/object.ts';
import { connects, indexOf, nodesOf, objectsOf, podsOf, sharedText } from './cluster-of.ts';

interface Upstream {
  readonly tests: readonly {
    readonly id: string;
    readonly steps: readonly {
      readonly title: string;
      readonly policies: readonly string[];
      readonly namespaceLabels: Readonly<Record<string, Labels>>;
      readonly probes: readonly { readonly from: string; readonly to: string; readonly toIP: string; readonly protocol: Protocol; readonly port: number; readonly allowed: boolean }[];
    }[];
  }[];
}

const data = sharedText('conformance/policy/clusternetworkpolicy.json');
const model = sharedText('conformance/policy/clusternetworkpolicy-model.yaml');

if (data === null || model === null) {
  test('the conformance tests of ClusterNetworkPolicy hold', { skip: '../shared/conformance/policy is missing' }, () => {});
} else {
  const upstream = JSON.parse(data) as Upstream;
  const objects = objectsOf(model);
  const nodes = nodesOf(objects);
  let probed = 0;
  let throughReach = 0;
  for (const { id, steps } of upstream.tests) {
    test(`upstream ${id}`, () => {
      for (const { title, policies, namespaceLabels, probes } of steps) {
        const pods = podsOf(objects, {});
        const namespaces: Record<string, Labels> = {};
        for (const { kind, metadata } of objects) if (kind === 'Namespace') namespaces[metadata.name] = metadata.labels ?? {};
        const index = indexOf({ pods, nodes, policies: policies.flatMap(objectsOf), namespaces: { ...namespaces, ...namespaceLabels }, enforced: ['NetworkPolicy', 'ClusterNetworkPolicy'] });
        const reach = reachOf({ index, workloads: pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, kind: 'Pod', pods: [pod] })) });
        for (const { from, to, toIP, protocol, port, allowed } of probes) {
          const [source, target] = [from, to].map((name) => pods.find((pod) => `${pod.namespace}/${pod.name}` === name));
          assert.ok(source !== undefined && target !== undefined);
          const what = `${title}: ${from} > ${to} ${protocol} ${port}`;
          assert.ok(target.addresses.includes(toIP), what);
          assert.equal(connects(index, source, target, port, protocol), allowed, what);
          const connection = reach.connections.find((one) => one.from === from && one.to === to);
          assert.equal(connection !== undefined && portSetHolds(readPorts(connection.ports), protocol, port), allowed, `reach: ${what}`);
          probed++;
          throughReach++;
        }
      }
    });
  }
  test('every probe of the ClusterNetworkPolicy conformance tests was read', (context) => {
    context.diagnostic(`${upstream.tests.length} tests, ${probed} probes, ${throughReach} of them through reach as well`);
    assert.equal(upstream.tests.length, 24);
    assert.equal(probed, 301);
  });
}
