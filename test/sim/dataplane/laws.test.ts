// What holds for every call in every scenario, whoever calls whom.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { openLab, parseSource, parseTarget, send, sourceText, type Lab } from '../../../src/sim/lab.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

const labs = (options: object = {}): readonly Lab[] => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort().map((name) => {
  const lab = openLab([{ path: 'cluster.yaml', text: readFileSync(`${folder}${name}/cluster.yaml`, 'utf8') }], options);
  assert.ok(lab.ok);
  return lab.value;
});

const sources = (lab: Lab): readonly string[] => [
  ...lab.network.pods.filter(({ running }) => running).map((pod) => `${pod.namespace}/${pod.name}`), ...lab.network.nodes.map(({ name }) => `node/${name}`), 'external', 'external/192.0.2.99@worker-1',
];

const hosts = (lab: Lab): readonly string[] => [
  ...lab.network.pods.flatMap(({ addresses }) => addresses), ...lab.network.nodes.flatMap(({ internal }) => internal),
  ...lab.network.services.flatMap(({ ref, clusterAddresses, externalAddresses, balancer }) => [`${ref.name}.${ref.namespace}`, ...clusterAddresses, ...externalAddresses, ...balancer.flatMap(({ ip }) => ip ?? [])]),
  'localhost', '127.0.0.1', 'example.com', 'nowhere', '198.18.0.1', '10.244.1.250', '10.96.77.77', '169.254.1.1', '0.0.0.0', 'a..b', 'x'.repeat(70),
];

const aims = ['http://HOST', 'https://HOST', 'tcp://HOST:80', 'udp://HOST:53', 'tcp://HOST:30080', 'sctp://HOST:80', 'icmp://HOST', 'http://HOST:8080/a/b', 'tcp://HOST:5432'];

const calls = (lab: Lab): fc.Arbitrary<readonly [string, string]> => fc.tuple(fc.constantFrom(...sources(lab)), fc.tuple(fc.constantFrom(...hosts(lab)), fc.constantFrom(...aims)).map(([host, aim]) => aim.replace('HOST', host)));

for (const cni of ['calico', 'flannel']) {
  test(`every call has an end, says why and adds up to one (${cni})`, () => {
    for (const lab of labs({ cni })) {
      fc.assert(fc.property(calls(lab), ([from, to]) => {
        const source = parseSource(from, lab.network);
        const target = parseTarget(to);
        assert.ok(source.ok && target.ok, to);
        assert.equal(sourceText(source.value), from);
        const trace = send(lab, { from: source.value, to: target.value });
        assert.ok(Math.abs(trace.walks.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9);
        for (const walk of trace.walks) {
          assert.equal(walk.layer === null && walk.object === null && walk.field === null, walk.verdict === 'delivered');
          assert.ok(walk.hops.length > 0 && walk.why.endsWith('.'), walk.why);
          assert.ok(walk.hops.every(({ says, evidence }) => says !== '' && /^kubectl (get|describe|exec) /.test(evidence)));
          if (walk.verdict === 'delivered' && cni === 'flannel') assert.ok(walk.hops.every(({ layer, action }) => layer !== 'policy' || action === 'allow'));
        }
        assert.equal(trace.verdict === 'intermittent', new Set(trace.walks.map(({ verdict }) => verdict)).size > 1);
        assert.deepEqual(send(lab, { from: source.value, to: target.value }), trace);
      }), { numRuns: 300, seed: 1 });
    }
  });
}

test('under Flannel no policy stops anything', () => {
  for (const lab of labs({ cni: 'flannel' })) {
    for (const from of sources(lab)) {
      for (const pod of lab.network.pods.filter(({ hostNetwork, running }) => running && !hostNetwork)) {
        const source = parseSource(from, lab.network);
        const target = parseTarget(`icmp://${pod.addresses[0] ?? ''}`);
        assert.ok(source.ok && target.ok);
        if (from !== 'external') assert.equal(send(lab, { from: source.value, to: target.value }).verdict, 'delivered', `${from} ${pod.name}`);
      }
    }
  }
});
