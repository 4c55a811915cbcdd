import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCorefile } from '../../../src/sim/dns/check-corefile.ts';
import { clusterRecords } from '../../../src/sim/dns/cluster-records.ts';
import { kubeadmCorefile } from '../../../src/sim/dns/corefile.ts';
import { reply } from '../../../src/sim/dns/plugins/plugin.ts';
import { answer } from '../../../src/sim/dns/server.ts';
import type { DnsServer, Question } from '../../../src/sim/dns/server.ts';
import type { EndpointSlice, Namespace, Pod, Service } from '../../../src/sim/model/object.ts';

const namespace = (name: string): Namespace => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const service = (name: string, spec: Service['spec']): Service => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec });
const slice = (name: string, ips: readonly string[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4', endpoints: ips.map((ip) => ({ addresses: [ip] })), ports: [{ name: 'http', port: 8080 }],
});
const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop' }, spec: { containers: [] }, status: { phase: 'Running', podIP: '10.244.1.7' } };

const objects = {
  namespaces: [namespace('shop'), namespace('default')],
  services: [
    service('api', { clusterIP: '10.96.42.7', ports: [{ name: 'http', port: 80 }] }),
    service('many', { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] }),
    service('out', { type: 'ExternalName', externalName: 'example.com' }),
    service('ring-a', { type: 'ExternalName', externalName: 'ring-b.shop.svc.cluster.local' }),
    service('ring-b', { type: 'ExternalName', externalName: 'ring-a.shop.svc.cluster.local' }),
  ],
  endpointSlices: [slice('api', ['10.244.1.7']), slice('many', Array.from({ length: 60 }, (_, index) => `10.244.0.${index + 1}`))],
  pods: [pod],
};

function serve(corefile: string, more: Partial<DnsServer> = {}): (question: Question) => ReturnType<typeof answer> {
  const read = readCorefile(corefile);
  assert.ok(read.ok, JSON.stringify(read));
  const server: DnsServer = {
    corefile: read.value, records: clusterRecords(objects), resolvConf: 'nameserver 192.0.2.53\nsearch corp.internal\n', addresses: ['10.244.0.2'], synced: true,
    upstream: ({ name, type }) => (name === 'example.com.' && type === 'A' ? reply('NOERROR', [{ name, type: 'A', ttl: 300, data: '93.184.216.34' }]) : reply('NXDOMAIN')), ...more,
  };
  return (question) => answer(server, question);
}

const kubeadm = serve(kubeadmCorefile('cluster.local'));
const data = (got: ReturnType<typeof answer>): readonly string[] => got.answers.map((record) => `${record.type} ${record.data}`);

test('a cluster name has the ttl of the kubernetes plugin, an outside name at most that of the cache', () => {
  assert.deepEqual(kubeadm({ name: 'api.shop.svc.cluster.local.', type: 'A' }).answers, [{ name: 'api.shop.svc.cluster.local.', type: 'A', ttl: 30, data: '10.96.42.7' }]);
  assert.deepEqual(kubeadm({ name: 'example.com.', type: 'A' }).answers.map(({ ttl }) => ttl), [30]);
});

test('an address of no Service is asked outside, because reverse zones fall through', () => {
  assert.equal(kubeadm({ name: '1.2.0.192.in-addr.arpa.', type: 'PTR' }).rcode, 'NXDOMAIN');
  assert.deepEqual(data(kubeadm({ name: '7.42.96.10.in-addr.arpa.', type: 'PTR' })), ['PTR api.shop.svc.cluster.local.']);
});

test('an alias to an outside name brings its address along', () => {
  assert.deepEqual(data(kubeadm({ name: 'out.shop.svc.cluster.local.', type: 'A' })), ['CNAME example.com.', 'A 93.184.216.34']);
});

test('two aliases that point at each other end', () => {
  assert.equal(kubeadm({ name: 'ring-a.shop.svc.cluster.local.', type: 'A' }).answers.length, 0);
});

test('a zone that the kubernetes plugin does not have is asked outside', () => {
  const typo = serve(kubeadmCorefile('cluster.locall'));
  assert.equal(typo({ name: 'api.shop.svc.cluster.local.', type: 'A' }).rcode, 'NXDOMAIN');
  assert.deepEqual(data(typo({ name: 'api.shop.svc.cluster.locall.', type: 'A' })), ['A 10.96.42.7']);
});

test('a silent upstream is SERVFAIL for outside names only', () => {
  const cut = serve(kubeadmCorefile('cluster.local'), { upstream: () => reply('DROP') });
  assert.equal(cut({ name: 'example.com.', type: 'A' }).rcode, 'SERVFAIL');
  assert.equal(cut({ name: 'api.shop.svc.cluster.local.', type: 'A' }).rcode, 'NOERROR');
});

test('before the API server was read, unknown cluster names fail instead of being denied', () => {
  const unsynced = serve(kubeadmCorefile('cluster.local'), { synced: false });
  assert.equal(unsynced({ name: 'nope.shop.svc.cluster.local.', type: 'A' }).rcode, 'SERVFAIL');
  assert.equal(unsynced({ name: 'example.com.', type: 'A' }).rcode, 'NOERROR');
});

test('a name in no zone of the server is refused, and a port without a server block is closed', () => {
  assert.equal(serve('example.org {\n  forward . 192.0.2.1\n}\n')({ name: 'example.com.', type: 'A' }).rcode, 'REFUSED');
  assert.equal(serve('.:1053 {\n  forward . 192.0.2.1\n}\n')({ name: 'example.com.', type: 'A' }).rcode, 'UNREACHABLE');
});

test('sixty addresses do not fit into a UDP answer without EDNS', () => {
  const udp = kubeadm({ name: 'many.shop.svc.cluster.local.', type: 'A', proto: 'udp' });
  assert.equal(udp.truncated, true);
  // 12 bytes of header, 33 of question, 16 for each address.
  assert.equal(udp.answers.length, 29);
  assert.equal(kubeadm({ name: 'many.shop.svc.cluster.local.', type: 'A', proto: 'udp', size: 1232 }).truncated, false);
  assert.equal(kubeadm({ name: 'many.shop.svc.cluster.local.', type: 'A', proto: 'tcp' }).answers.length, 60);
});

test('autopath answers the first question of a pod that it knows, with an alias', () => {
  const auto = serve('.:53 {\n  autopath @kubernetes\n  kubernetes cluster.local {\n    pods verified\n  }\n  forward . /etc/resolv.conf\n}\n');
  const question = { name: 'example.com.shop.svc.cluster.local.', type: 'A' };
  assert.deepEqual(data(auto({ ...question, client: '10.244.1.7' })), ['CNAME example.com.', 'A 93.184.216.34']);
  assert.equal(auto({ ...question, client: '10.244.9.9' }).rcode, 'NXDOMAIN');
});

test('a rewritten name answers under its new name unless the answer is rewritten too', () => {
  const rewritten = serve('.:53 {\n  rewrite name exact old.example api.shop.svc.cluster.local answer auto\n  kubernetes cluster.local\n  forward . 192.0.2.1\n}\n');
  assert.deepEqual(rewritten({ name: 'old.example.', type: 'A' }).answers.map(({ name }) => name), ['old.example.']);
});

test('hosts in the Corefile come before the cluster, and deny the rest unless they fall through', () => {
  const written = (tail: string) => serve(`.:53 {\n  kubernetes cluster.local\n  hosts {\n    192.0.2.9 db.corp.internal\n${tail}  }\n  forward . 192.0.2.1\n}\n`);
  assert.deepEqual(data(written('')({ name: 'db.corp.internal.', type: 'A' })), ['A 192.0.2.9']);
  assert.equal(written('')({ name: 'example.com.', type: 'A' }).rcode, 'SERVFAIL');
  assert.equal(written('    fallthrough\n')({ name: 'example.com.', type: 'A' }).rcode, 'NOERROR');
});

test('names of the language are no names of the cluster', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(kubeadm({ name: `${name}.shop.svc.cluster.local.`, type: 'A' }).rcode, 'NXDOMAIN');
});
