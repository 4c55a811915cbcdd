// The compiled policies against a naive reading of the specification, rule by rule and pod by pod, on random clusters.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import type { LabelSelector, Labels, NetworkPolicy } from '../../../src/sim/model/object.ts';
import type { PacketProtocol } from '../../../src/sim/model/packet.ts';
import type { PolicyPeer, PolicyPod } from '../../../src/sim/model/policy.ts';
import { ask, connects, indexOf } from './cluster-of.ts';
import type { RandomCluster } from './random-cluster.ts';
import { probedAddresses, probedPorts, randomCluster } from './random-cluster.ts';

function picks(selector: LabelSelector, labels: Labels): boolean {
  const wanted = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return wanted && (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return operator === 'In' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
  });
}

function inside(ip: string, cidr: string): boolean {
  const [address, [network, length]] = [ipaddr.parse(ip), ipaddr.parseCIDR(cidr)];
  return address.kind() === network.kind() && address.match(network, length);
}

/** What the policies of one end say, word by word as the API's comments have it. */
function naive({ policies, namespaces, ipBlocks }: RandomCluster, direction: 'ingress' | 'egress', subject: PolicyPod, { pod, ip }: PolicyPeer, protocol: PacketProtocol, port: number | null): boolean {
  if (pod === subject || (direction === 'ingress' && pod?.hostNetwork === true && pod.node === subject.node)) return true;
  const isPod = (one: PolicyPod | null): one is PolicyPod => one !== null && one.running && !one.hostNetwork;
  const isolating = (policies as readonly NetworkPolicy[]).filter(({ metadata, spec = {} }) => {
    const types = spec.policyTypes?.length ? spec.policyTypes : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    return metadata.namespace === subject.namespace && isPod(subject) && picks(spec.podSelector ?? {}, subject.labels) && types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  });
  return isolating.length === 0 || isolating.some(({ metadata, spec = {} }) => {
    const rules = direction === 'ingress' ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })) : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(({ peers, ports }) => (peers?.length ? peers : [null]).some((peer) => {
      if (peer?.ipBlock !== undefined) {
        if (ipBlocks === 'outside' && isPod(pod)) return false;
        if (!inside(ip, peer.ipBlock.cidr) || (peer.ipBlock.except ?? []).some((cidr) => inside(ip, cidr))) return false;
      } else if (peer !== null) {
        if (!isPod(pod) || !picks(peer.podSelector ?? {}, pod.labels)) return false;
        const labels = { ...namespaces[pod.namespace], 'kubernetes.io/metadata.name': pod.namespace };
        if (peer.namespaceSelector === undefined ? pod.namespace !== metadata.namespace : !picks(peer.namespaceSelector, labels)) return false;
      }
      const destination = direction === 'ingress' ? subject : peer?.ipBlock === undefined ? pod : null;
      return !ports?.length || ports.some((one) => {
        if (port === null || (one.protocol ?? 'TCP') !== protocol) return false;
        if (typeof one.port === 'string') return isPod(destination) && destination.namedPorts.some((own) => own.name === one.port && own.protocol === protocol && own.port === port);
        return one.port === undefined || (one.port <= port && port <= (one.endPort ?? one.port));
      });
    }));
  });
}

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
