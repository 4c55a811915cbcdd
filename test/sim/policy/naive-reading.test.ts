// The compiled policies against a naive reading of the specification, rule by rule and pod by pod, on random clusters.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { AdminNetworkPolicy, ClusterNetworkPolicy, NetworkPolicy } from '../../../src/sim/model/policy-objects.ts';
import type { PolicyPeer, PolicyPod } from '../../../src/sim/model/policy.ts';
import { ask, connects, indexOf } from './cluster-of.ts';
import { naive, naiveTiers } from './naive.ts';
import type { RandomCluster } from './random-cluster.ts';
import { probedAddresses, probedPorts, randomCluster, tieredCluster } from './random-cluster.ts';

const protocols = ['TCP', 'UDP', 'SCTP'] as const;

function* questions({ pods }: RandomCluster): Generator<readonly [PolicyPod, PolicyPeer]> {
  for (const subject of pods) {
    for (const pod of pods) for (const ip of pod.addresses) yield [subject, { pod, ip }];
    for (const ip of probedAddresses) yield [subject, { pod: null, ip }];
  }
}

test('on random clusters the compiled policies say what a naive reading of the specification says', () => {
  let [asked, denied] = [0, 0];
  fc.assert(fc.property(randomCluster, (cluster) => {
    const index = indexOf(cluster);
    for (const [subject, peer] of questions(cluster)) {
      for (const direction of ['ingress', 'egress'] as const) {
        for (const protocol of [...protocols, 'ICMP'] as const) {
          for (const port of protocol === 'ICMP' ? [null] : probedPorts) {
            const verdict = ask(index, direction, subject, peer, port, protocol);
            assert.equal(verdict.allowed, naive(cluster, direction, subject, peer, protocol, port), `${direction} ${subject.name} ${peer.pod?.name ?? peer.ip} ${protocol} ${port}`);
            assert.equal(verdict.nearest === null, verdict.allowed);
            asked++;
            if (!verdict.allowed) denied++;
          }
        }
      }
    }
  }), { numRuns: 60, seed: 1 });
  assert.ok(denied > asked / 20, `only ${denied} of ${asked} were denied`);
});

test('one more rule that allows never takes a connection away', () => {
  fc.assert(fc.property(randomCluster, fc.nat(3), (cluster, which) => {
    const policies = cluster.policies as readonly NetworkPolicy[];
    const chosen = policies[which % Math.max(policies.length, 1)];
    fc.pre(chosen !== undefined);
    // The types are written down, because rules alone could otherwise add a direction.
    const spec = { ...chosen?.spec, policyTypes: chosen?.spec?.policyTypes?.length ? chosen.spec.policyTypes : (['Ingress', ...(chosen?.spec?.egress?.length ? ['Egress' as const] : [])] as const) };
    const more = { ...spec, ingress: [...(spec.ingress ?? []), { from: [{ podSelector: {} }] }], egress: [...(spec.egress ?? []), { ports: [{ port: 80 }] }] };
    const before = indexOf(cluster);
    const after = indexOf({ ...cluster, policies: policies.map((policy) => (policy === chosen ? Object.assign({}, policy, { spec: more }) : policy)) });
    for (const from of cluster.pods) {
      for (const to of cluster.pods) for (const port of probedPorts) for (const protocol of protocols) assert.ok(!connects(before, from, to, port, protocol) || connects(after, from, to, port, protocol));
    }
  }), { numRuns: 50, seed: 2 });
});

test('with no plugin that enforces, everything is allowed and the verdict says what the policies would have said', () => {
  fc.assert(fc.property(randomCluster, (cluster) => {
    const [enforced, unenforced] = [indexOf(cluster), indexOf({ ...cluster, enforced: [] })];
    for (const [subject, peer] of questions(cluster)) {
      const [is, would] = [ask(enforced, 'ingress', subject, peer), ask(unenforced, 'ingress', subject, peer)];
      assert.ok(would.allowed);
      assert.equal(would.unenforced?.wouldAllow ?? true, is.allowed);
    }
  }), { numRuns: 50, seed: 3 });
});

test('the class of a pod that the index was not made with judges like the pod itself', () => {
  fc.assert(fc.property(randomCluster, (cluster) => {
    const [known, empty] = [indexOf(cluster), indexOf({ ...cluster, pods: [] })];
    for (const [subject, peer] of questions(cluster)) assert.deepEqual(ask(empty, 'egress', subject, peer), ask(known, 'egress', subject, peer));
  }), { numRuns: 60, seed: 4 });
});

test('on random clusters the compiled tiers say what a naive reading of their specification says', () => {
  let [asked, denied, decided] = [0, 0, 0];
  fc.assert(fc.property(tieredCluster, (cluster) => {
    const index = indexOf(cluster);
    for (const [subject, peer] of questions(cluster)) {
      for (const direction of ['ingress', 'egress'] as const) {
        for (const protocol of [...protocols, 'ICMP'] as const) {
          for (const port of protocol === 'ICMP' ? [null] : probedPorts) {
            const verdict = ask(index, direction, subject, peer, port, protocol);
            assert.equal(verdict.allowed, naiveTiers(cluster, direction, subject, peer, protocol, port), `${direction} ${subject.name} ${peer.pod?.name ?? peer.ip} ${protocol} ${port}: ${verdict.says}`);
            assert.equal(verdict.nearest === null, verdict.allowed);
            assert.ok(verdict.allowed || verdict.decidedBy.length > 0 || verdict.isolatedBy.length > 0);
            asked++;
            if (!verdict.allowed) denied++;
            if (verdict.decidedBy.some(({ policy }) => policy.kind !== 'NetworkPolicy')) decided++;
          }
        }
      }
    }
  }), { numRuns: 80, seed: 5 });
  assert.ok(denied > asked / 20 && decided > asked / 20, `${denied} denied and ${decided} decided by an ordered tier, of ${asked}`);
});

/** Each cluster with one more rule in front of one of its cluster-wide policies. */
const withFirst = (cluster: RandomCluster, which: number, action: 'accept' | 'deny'): RandomCluster | null => {
  const wide = cluster.policies.filter((policy): policy is ClusterNetworkPolicy | AdminNetworkPolicy => policy.kind !== 'NetworkPolicy');
  const chosen = wide[which % Math.max(wide.length, 1)];
  if (chosen === undefined) return null;
  const peers = [{ namespaces: { matchLabels: { app: 'a' } } }, { pods: { namespaceSelector: {}, podSelector: { matchLabels: { tier: 'b' } } } }];
  const written = action === 'deny' ? 'Deny' : chosen.kind === 'ClusterNetworkPolicy' ? 'Accept' : 'Allow';
  const more = { ...chosen.spec, ingress: [{ action: written, from: peers }, ...(chosen.spec.ingress ?? [])], egress: [{ action: written, to: peers }, ...(chosen.spec.egress ?? [])] };
  return { ...cluster, policies: cluster.policies.map((policy) => (policy === chosen ? Object.assign({}, policy, { spec: more }) : policy)) };
};

test('an Accept in front never closes anything, and a Deny in front never opens anything', () => {
  fc.assert(fc.property(tieredCluster, fc.nat(5), (cluster, which) => {
    const [accepting, denying] = [withFirst(cluster, which, 'accept'), withFirst(cluster, which, 'deny')];
    fc.pre(accepting !== null && denying !== null);
    const [before, opened, closed] = [indexOf(cluster), indexOf(accepting ?? cluster), indexOf(denying ?? cluster)];
    for (const from of cluster.pods) {
      for (const to of cluster.pods) {
        for (const port of [80, 8080]) {
          for (const protocol of protocols) {
            const was = connects(before, from, to, port, protocol);
            assert.ok(!was || connects(opened, from, to, port, protocol));
            assert.ok(was || !connects(closed, from, to, port, protocol));
          }
        }
      }
    }
  }), { numRuns: 80, seed: 6 });
});
