// The smallest change that allows what is denied: it is there, it is one entry where one will do, and it really allows.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import { refText } from '../../../src/sim/model/object.ts';
import type { Direction, PolicyPeer, PolicyPod, Repair } from '../../../src/sim/model/policy.ts';
import { ask, indexOf, podOf, policyOf, widePolicyOf } from './cluster-of.ts';
import { ciliumCluster } from './random-cilium.ts';
import type { RandomCluster } from './random-cluster.ts';
import { probedAddresses, randomCluster, tieredCluster } from './random-cluster.ts';

const named = (object: KubeObject): string => refText({ kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });

// Copied as text: what is drawn may be the same value in two places.
/** The policies with the steps of a repair made, as JSON Patch makes them; to remove the whole is to delete the object. */
function repaired(policies: readonly KubeObject[], { steps }: Repair): readonly KubeObject[] {
  const deleted = new Set(steps.filter(({ op, path }) => op === 'remove' && path === '').map(({ policy }) => refText(policy)));
  const copies = policies.filter((policy) => !deleted.has(named(policy))).map((policy) => JSON.parse(JSON.stringify(policy)) as KubeObject);
  for (const { policy, op, path, value } of steps) {
    if (path === '') continue;
    const meant = copies.find((one) => named(one) === refText(policy));
    assert.ok(meant !== undefined, refText(policy));
    assert.deepEqual(applyPatch(meant, [op === 'add' ? { op, path, value } : { op, path }]), [null]);
  }
  return copies;
}

function* probes(cluster: RandomCluster): Generator<readonly [Direction, PolicyPod, PolicyPeer]> {
  for (const subject of cluster.pods) {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const pod of cluster.pods) for (const ip of pod.addresses) yield [direction, subject, { pod, ip }];
      for (const ip of probedAddresses) yield [direction, subject, { pod: null, ip }];
      for (const { name, addresses } of cluster.nodes) for (const ip of addresses) yield [direction, subject, { pod: null, ip, node: name ?? null }];
    }
  }
}

for (const [what, clusters, least] of [['NetworkPolicy', randomCluster, 0.8], ['all tiers', tieredCluster, 0.5], ['Cilium', ciliumCluster, 0.8]] as const) {
  test(`on random clusters (${what}) the repair of a denial allows it`, (context) => {
    let [denied, mended, single] = [0, 0, 0];
    fc.assert(fc.property(clusters, (cluster) => {
      const index = indexOf(cluster);
      for (const [direction, subject, peer] of probes(cluster)) {
        for (const [port, protocol] of [[80, 'TCP'], [8080, 'UDP'], [null, 'ICMP']] as const) {
          const verdict = ask(index, direction, subject, peer, port, protocol);
          assert.ok(!verdict.allowed || verdict.repair === undefined);
          if (verdict.allowed) continue;
          denied++;
          if (verdict.repair === undefined) continue;
          mended++;
          if (verdict.repair.steps.length === 1) single++;
          const after = ask(indexOf({ ...cluster, policies: repaired(cluster.policies, verdict.repair) }), direction, subject, peer, port, protocol);
          const { steps } = verdict.repair;
          // Of several steps none is too many.
          for (const step of steps.length > 1 ? steps : []) {
            const without = ask(indexOf({ ...cluster, policies: repaired(cluster.policies, { ...verdict.repair, steps: steps.filter((one) => one !== step) }) }), direction, subject, peer, port, protocol);
            assert.ok(!without.allowed, `not needed: ${JSON.stringify(step)} of ${verdict.repair.says}`);
          }
          assert.ok(after.allowed, `${direction} ${subject.namespace}/${subject.name} ${peer.ip} ${protocol} ${port}: ${verdict.repair.says} Then: ${after.says}`);
        }
      }
    }), { numRuns: what === 'Cilium' ? 80 : 40, seed: 11 });
    context.diagnostic(`${mended} of ${denied} denials have a repair, ${single} of one step`);
    assert.ok(mended > denied * least, `${mended} of ${denied}`);
  });
}

const db = podOf('shop/db', { app: 'db', 'pod-template-hash': 'x' }, { addresses: ['10.244.1.1'] });
const web = podOf('shop/web', { app: 'web', 'pod-template-hash': 'y' }, { addresses: ['10.244.2.3'] });
const probe = podOf('intruder/probe', {}, { addresses: ['10.244.2.4'] });
const pods = [db, web, probe];
const repairOf = (policies: readonly KubeObject[], peer: PolicyPod | string, port: number | null = 80): readonly [string | undefined, unknown] => {
  const { repair } = ask(indexOf({ pods, policies }), 'ingress', db, peer, port, port === null ? 'ICMP' : 'TCP');
  return [repair?.says, repair?.steps];
};
const policy = { kind: 'NetworkPolicy', namespace: 'shop', name: 'db' };
const dbTakes = (rules: string): KubeObject => policyOf('shop/db', `{ podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress]${rules} }`);

test('a rule that has the peer gets the port', () => {
  assert.deepEqual(repairOf([dbTakes(', ingress: [ { from: [ { podSelector: {} } ], ports: [ { port: 5432 } ] } ]')], web), [
    'Add TCP 80 to spec.ingress[0].ports of NetworkPolicy shop/db.', [{ policy, op: 'add', path: '/spec/ingress/0/ports/-', value: { protocol: 'TCP', port: 80 } }],
  ]);
});

test('a rule that has the port gets the peer, by the label that its owner gave it', () => {
  assert.deepEqual(repairOf([dbTakes(', ingress: [ { from: [ { podSelector: { matchLabels: { app: api } } } ], ports: [ { port: 80 } ] } ]')], web), [
    'Add pods with app=web in namespace shop to spec.ingress[0].from of NetworkPolicy shop/db.', [{ policy, op: 'add', path: '/spec/ingress/0/from/-', value: { podSelector: { matchLabels: { app: 'web' } } } }],
  ]);
});

test('a policy without a rule that helps gets one, for another namespace and for ping too', () => {
  const value = { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'intruder' } }, podSelector: {} }], ports: [{ protocol: 'TCP', port: 80 }] };
  assert.deepEqual(repairOf([dbTakes('')], probe), ['Add a rule to spec.ingress of NetworkPolicy shop/db that allows TCP 80 from all pods in namespace intruder.', [{ policy, op: 'add', path: '/spec/ingress', value: [value] }]]);
  assert.deepEqual(repairOf([dbTakes('')], '203.0.113.9', null), ['Add a rule to spec.ingress of NetworkPolicy shop/db that allows ICMP from 203.0.113.9.', [{ policy, op: 'add', path: '/spec/ingress', value: [{ from: [{ ipBlock: { cidr: '203.0.113.9/32' } }] }] }]]);
});

test('of ordered rules one that allows is put before the one that denies', () => {
  const [says, steps] = repairOf([widePolicyOf('guard', '{ tier: Admin, priority: 1, subject: { namespaces: {} }, ingress: [ { action: Pass, from: [ { namespaces: { matchLabels: { a: b } } } ] }, { action: Deny, from: [ { namespaces: {} } ] } ] }')], web);
  assert.equal(says, 'Put a rule before spec.ingress[1] of ClusterNetworkPolicy guard that allows TCP 80 from pods with app=web in namespace shop.');
  assert.deepEqual(steps, [{ policy: { kind: 'ClusterNetworkPolicy', namespace: '', name: 'guard' }, op: 'add', path: '/spec/ingress/1', value: {
    action: 'Accept', from: [{ pods: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'web' } } } }], protocols: [{ tcp: { destinationPort: { number: 80 } } }],
  } }]);
});
