// What holds whatever nodes and underlay are like.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { reasons } from '../../../src/sim/model/reason.ts';
import type { Lab, Trace } from '../../../src/sim/lab.ts';
import { refText } from '../../../src/sim/model/object.ts';
import { addressOf, ask, clusterDocument, ended, open, things, under } from './underlay.fixture.ts';

const plugins = ['flannel', 'flannel, mode: host-gw', 'flannel, mode: wireguard', 'calico', 'calico, mode: ipip', 'calico, mode: bgp', 'cilium', 'cilium, mode: native', 'weave', 'aws-vpc-cni', 'calico, natOutgoing: false', 'calico, wireguardEnabled: true'];
const proxies = ['iptables', 'ipvs', 'nftables'];
const ranges = ['10.244.0.0/16', '10.244.1.0/24', '10.244.2.0/24'];

const field = (name: string, values: readonly string[]): fc.Arbitrary<string> => fc.option(fc.constantFrom(...values), { nil: '' }).map((value) => (value === '' ? '' : `${name}: ${value}`));
const fields = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...parts).map((list) => list.filter((part) => part !== '').join(', '));

const nodeState = (name: string): fc.Arbitrary<string> => fields(
  fc.constant(`name: ${name}`), field('cniInstalled', ['false']), field('conntrack', ['{ max: 10, used: 10 }', '{ max: 10, used: 9 }']), field('rpFilter', ['strict', 'loose', 'none']), field('forwardPolicy', ['DROP']), field('ipForward', ['false']),
  field('hairpinMode', ['false']), field('mtu', ['1400', '1500', '9001']), field('missingRoutes', ranges.map((range) => `[${range}]`)), field('announces', ['10.0.2.15', '192.168.0.12', '192.168.56.11']), field('asNumber', ['64999']), field('wireguard', ['false']),
  field('interfaces', [`[{ name: eth1, address: 192.168.56.1${name.slice(1)}/24 }]`]),
).map((text) => `{ ${text} }`);

const rule = fields(field('peer', ['nodes', 'anywhere', 'group/other', '10.244.0.0/16']), fc.constantFrom('', 'protocol: TCP', 'protocol: TCP, ports: 80', 'protocol: TCP, ports: 30000-32767', 'protocol: UDP, ports: 8472', 'protocol: UDP', 'protocol: ICMP', 'protocol: IPIP', 'protocol: all')).map((text) => `{ ${text} }`);
const rules = fc.array(rule, { maxLength: 3 }).map((list) => `[${list.join(', ')}]`);
const group = (name: string): fc.Arbitrary<string> => fc.tuple(fc.option(fc.constantFrom('[n1]', '[n1, n2]', '[n2, n3]'), { nil: null }), rules, fc.option(rules, { nil: null }), fc.boolean()).map(([nodes, ingress, egress, pods]) =>
  `{ name: ${name}${nodes === null ? '' : `, nodes: ${nodes}`}${pods ? ', pods: { namespace: shop, matchLabels: { app: api } }' : ''}, ingress: ${ingress}${egress === null ? '' : `, egress: ${egress}`} }`);

const underlay = fields(
  field('mtu', ['1400', '1500', '9001']), field('fragmentationNeeded', ['lost', 'delivered']), field('sourceDestinationCheck', ['true']), field('segments', ['[[n1, n2], [n3]]', '[[n1], [n2, n3]]']),
  fc.option(fc.tuple(group('one'), group('other')).map((groups) => `securityGroups: [${groups.join(', ')}]`), { nil: '' }), field('hosts', ['[{ name: db.corp, addresses: [10.244.2.99], ports: [{ port: 80 }] }]']),
).map((text) => `{ ${text} }`);

const spec = fc.tuple(fc.constantFrom(...plugins), fc.constantFrom(...proxies), underlay, fc.subarray(['n1', 'n2', 'n3']).chain((names) => fc.tuple(...names.map(nodeState)))).map(([cni, mode, lies, nodes]) =>
  `{ cni: { plugin: ${cni} }, kubeProxy: { mode: ${mode} }, underlay: ${lies}, nodes: [${nodes.join(', ')}] }`);

const sources = ['shop/web', 'shop/api', 'node/n1', 'node/n2', 'external', 'external/192.168.56.99', 'external/10.244.2.99', 'external@n1'];
const targets = ['tcp://web:80', 'http://api/export', 'https://api/', 'udp://api:53', 'icmp://web2', 'tcp://10.96.1.1:80', 'http://api.shop/', 'tcp://10.96.1.2:80', 'tcp://192.168.0.12:30080', 'tcp://192.168.56.11:30080', 'tcp://198.18.0.1:80', 'tcp://10.244.2.99:80', 'tcp://127.0.0.1:80', 'http://example.com/'];
const call = fc.record({ from: fc.constantFrom(...sources), to: fc.constantFrom(...targets), size: fc.constantFrom(undefined, 100, 1472, 100_000), dontFragment: fc.constantFrom(undefined, true), upload: fc.constantFrom(undefined, 50_000) });

const isThere = (lab: Lab, from: string): boolean => lab.network.pods.find((one) => `${one.namespace}/${one.name}` === from)?.running !== false;

function run(lab: Lab, { from, to, ...more }: typeof call extends fc.Arbitrary<infer Value> ? Value : never): Trace | null {
  if (!isThere(lab, from) || /\/\/(web2|web|api)[:/]|\/\/(web2|web|api)$/.test(to) && addressOf(lab, /\/\/(web2|web|api)/.exec(to)?.[1] ?? '') === '') return null;
  return ask(lab, from, to, Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)));
}

const verdicts = ['delivered', 'refused', 'timeout', 'unreachable', 'name-not-found', 'dns-failure', 'http-error', 'tls-error', 'hang', 'intermittent'];

test('under any underlay every call ends, says why and names what to look at', () => {
  fc.assert(fc.property(spec, fc.array(call, { minLength: 6, maxLength: 6 }), (text, calls) => {
    const lab = under(text);
    for (const one of calls) {
      const trace = run(lab, one);
      if (trace === null) continue;
      assert.ok(verdicts.includes(trace.verdict));
      assert.ok(Math.abs(trace.walks.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9);
      for (const walk of trace.walks) {
        assert.ok(reasons.includes(walk.reason));
        assert.ok(walk.why.endsWith('.') && !/undefined|null|\.\./.test(walk.why), walk.why);
        assert.equal(walk.layer === null && walk.object === null, walk.verdict === 'delivered');
        assert.equal(walk.verdict === 'hang', walk.stalled !== undefined);
        assert.ok(walk.hops.length > 0 && walk.hops.every(({ says, evidence, object }) => says !== '' && object.name !== '' && /^(kubectl (get|describe|exec|-n) |ssh n[123] )/.test(evidence)), JSON.stringify(walk.hops.map(({ evidence }) => evidence)));
        // Who drops or loses a packet says which field would have to be another.
        const last = walk.hops.at(-1);
        if (last !== undefined && (last.stage === 'underlay' || last.stage === 'node') && walk.verdict !== 'delivered') assert.ok(last.field !== null && refText(last.object) !== '');
      }
      assert.deepEqual(run(lab, one), trace);
    }
  }), { numRuns: 150, seed: 7 });
});

test('an underlay in which everything is allowed changes no hop of any call', () => {
  for (const plugin of plugins.filter((name) => !name.includes('natOutgoing'))) {
    const plain = under(`{ cni: { plugin: ${plugin} } }`);
    const watched = open(clusterDocument(`{ cni: { plugin: ${plugin} }, underlay: { securityGroups: [{ name: all, ingress: [{}], egress: [{}] }], fragmentationNeeded: lost }, nodes: [{ name: n1, rpFilter: strict }, { name: n2, conntrack: { max: 9, used: 8 } }] }`) + things);
    assert.equal(plain.plane.underlay, null, plugin);
    assert.notEqual(watched.plane.underlay, null);
    for (const from of sources) {
      for (const to of targets) assert.deepEqual(run(watched, { from, to, size: undefined, dontFragment: undefined, upload: undefined }), run(plain, { from, to, size: undefined, dontFragment: undefined, upload: undefined }), `${plugin} ${from} ${to}`);
    }
  }
});

test('taking a fault away never takes a call away', () => {
  fc.assert(fc.property(fc.constantFrom('conntrack: { max: 1, used: 1 }', 'rpFilter: strict', 'forwardPolicy: DROP', 'ipForward: false', 'hairpinMode: false', 'missingRoutes: [10.244.2.0/24]', 'announces: 10.0.2.15'), fc.constantFrom(...plugins), fc.constantFrom(...sources), fc.constantFrom(...targets), (fault, plugin, from, to) => {
    const one = { from, to, size: undefined, dontFragment: undefined, upload: undefined };
    const [faulty, whole] = [run(under(`{ cni: { plugin: ${plugin} }, nodes: [{ name: n1, ${fault} }] }`), one), run(under(`{ cni: { plugin: ${plugin} } }`), one)];
    if (faulty?.verdict === 'delivered') assert.equal(whole === null ? '' : ended(whole), 'delivered');
  }), { numRuns: 60, seed: 3 });
});
