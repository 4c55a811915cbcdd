import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mergeOptions, parseNodeResolvConf } from '../../../src/sim/dns/node-resolv-conf.ts';
import { parseResolvConf, podDnsType, podResolvConf } from '../../../src/sim/dns/resolv-conf.ts';
import type { PodDnsInput } from '../../../src/sim/dns/resolv-conf.ts';

const plain: PodDnsInput = {
  dnsPolicy: undefined, dnsConfig: undefined, hostNetwork: false, namespace: 'shop', domain: 'cluster.local', clusterDns: ['10.96.0.10'],
  nodeResolvConf: 'nameserver 8.8.8.8\n',
};

test('a pod that says nothing gets the cluster DNS, three search domains and ndots:5', () => {
  assert.equal(podResolvConf(plain).text, 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');
});

test('a pod on the host network with ClusterFirst gets the resolv.conf of its node', () => {
  assert.equal(podResolvConf({ ...plain, hostNetwork: true, nodeResolvConf: 'search corp.internal\nnameserver 8.8.8.8\noptions edns0\n' }).text, 'search corp.internal\nnameserver 8.8.8.8\noptions edns0\n');
});

test('the 33rd search domain is cut from the end, and an event says so', () => {
  const searches = Array.from({ length: 40 }, (_, index) => `s${index}.example`);
  const conf = podResolvConf({ ...plain, dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches } });
  assert.deepEqual(conf.searches, searches.slice(0, 32));
  assert.deepEqual(conf.events.map(({ reason }) => reason), ['DNSConfigForming']);
  assert.match(conf.events[0]?.message ?? '', /^Search Line limits were exceeded, some search paths have been omitted, the applied search line is: s0\.example /);
});

test('of the first 32 search domains those over 253 characters are left out', () => {
  const searches = ['x'.repeat(254), ...Array.from({ length: 32 }, (_, index) => `s${index}.example`)];
  assert.deepEqual(podResolvConf({ ...plain, dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches } }).searches, searches.slice(1, 32));
});

test('without a cluster DNS a pod falls back to its node, and the event speaks of ClusterFirst whatever the policy', () => {
  const conf = podResolvConf({ ...plain, dnsPolicy: 'ClusterFirstWithHostNet', clusterDns: [] });
  assert.deepEqual([conf.nameservers, conf.events[0]?.reason], [['8.8.8.8'], 'MissingClusterDNS']);
  assert.match(conf.events[0]?.message ?? '', /cannot create Pod using "ClusterFirst" policy\. Falling back to "Default" policy\.$/);
});

test('a search list over 2048 characters is cut from the end', () => {
  const searches = Array.from({ length: 20 }, (_, index) => `${'a'.repeat(60)}.${'b'.repeat(60)}.s${index}.example`);
  const conf = podResolvConf({ ...plain, dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches } });
  assert.ok(conf.searches.join(' ').length <= 2048);
  assert.deepEqual(conf.searches, searches.slice(0, conf.searches.length));
  assert.ok([...conf.searches, searches[conf.searches.length] ?? ''].join(' ').length > 2048);
});

test('ndots is 15 at most for both libraries', () => {
  for (const flavour of ['glibc', 'musl'] as const) assert.equal(parseResolvConf('options ndots:99\n', flavour).ndots, 15);
});

test('a file without a nameserver means the server on the same machine', () => {
  for (const flavour of ['glibc', 'musl'] as const) assert.deepEqual(parseResolvConf('', flavour).nameservers, ['127.0.0.1']);
});

test('the fourth nameserver is not asked', () => {
  const text = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((ip) => `nameserver ${ip}\n`).join('');
  for (const flavour of ['glibc', 'musl'] as const) assert.deepEqual(parseResolvConf(text, flavour).nameservers, ['10.0.0.1', '10.0.0.2', '10.0.0.3']);
});

test('musl reads a search line of 254 characters and ignores one of 255', () => {
  const line = (length: number): string => `search ${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(length - 7 - 192)}`;
  assert.equal(parseResolvConf(`${line(254)}\n`, 'musl').searches.length, 1);
  assert.equal(parseResolvConf(`${line(255)}\n`, 'musl').searches.length, 0);
  assert.equal(parseResolvConf(`${line(255)}\n`, 'glibc').searches.length, 1);
});

test('musl honours ndots, timeout and attempts only', () => {
  const config = parseResolvConf('options rotate use-vc single-request no-aaaa timeout:3 attempts:4\n', 'musl');
  assert.deepEqual([config.rotate, config.useTcp, config.singleRequest, config.noAaaa, config.timeout, config.attempts], [false, false, false, false, 3, 4]);
});

interface Lines { readonly nameservers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] }
interface Cases {
  readonly podResolvConf: readonly {
    readonly id: string;
    readonly kubelet: { readonly clusterDNS: readonly string[]; readonly clusterDomain: string; readonly nodeResolvConf: string | null };
    readonly pod: { readonly namespace: string; readonly dnsPolicy?: string; readonly hostNetwork?: boolean; readonly dnsConfig?: NonNullable<PodDnsInput['dnsConfig']> };
    readonly expect: Lines;
    readonly events: readonly string[];
  }[];
  readonly parseResolvConf: readonly (Lines & { readonly data: string; readonly error: boolean })[];
  readonly mergeOptions: readonly { readonly existing: readonly string[]; readonly add: readonly { readonly name: string; readonly value?: string }[]; readonly expect: readonly string[] }[];
  readonly policyToType: readonly { readonly dnsPolicy: string; readonly hostNetwork: boolean; readonly type: string }[];
}

const file = new URL('../../../../shared/conformance/dns/resolvconf.json', import.meta.url);
if (!existsSync(file)) test('resolv.conf as the kubelet forms it', { skip: 'skipped: ../shared/conformance is not here' });
else {
  const cases = JSON.parse(readFileSync(file, 'utf8')) as Cases;
  const asSet = (options: readonly string[]): string[] => [...options].sort();
  test('the kubelet forms the same lines as upstream tests say', () => {
    for (const { id, kubelet, pod, expect, events } of cases.podResolvConf) {
      const conf = podResolvConf({
        dnsPolicy: pod.dnsPolicy, dnsConfig: pod.dnsConfig, hostNetwork: pod.hostNetwork ?? false, namespace: pod.namespace,
        domain: kubelet.clusterDomain, clusterDns: kubelet.clusterDNS, nodeResolvConf: kubelet.nodeResolvConf,
      });
      assert.deepEqual([conf.nameservers, conf.searches, asSet(conf.options)], [expect.nameservers, expect.searches, asSet(expect.options)], id);
      assert.deepEqual(conf.events.map(({ reason }) => reason), events, id);
    }
    assert.equal(cases.podResolvConf.length, 17);
  });
  test('the kubelet reads the resolv.conf of the node as upstream tests say', () => {
    for (const { data, nameservers, searches, options, error } of cases.parseResolvConf) {
      const conf = parseNodeResolvConf(data);
      assert.equal(conf.error, error, data);
      assert.deepEqual([conf.nameservers, conf.searches, asSet(conf.options)], [nameservers, searches, asSet(options)], data);
    }
    assert.equal(cases.parseResolvConf.length, 27);
  });
  test('options of a pod take the place of those of the same name', () => {
    for (const { existing, add, expect } of cases.mergeOptions) {
      assert.deepEqual(asSet(mergeOptions(existing, add.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`)))), asSet(expect));
    }
    assert.equal(cases.mergeOptions.length, 3);
  });
  test('a policy decides whose DNS a pod gets', () => {
    for (const { dnsPolicy, hostNetwork, type } of cases.policyToType) assert.equal(podDnsType(dnsPolicy, hostNetwork), type.startsWith('error') ? 'cluster' : type, dnsPolicy);
    assert.equal(cases.policyToType.length, 8);
  });
}
