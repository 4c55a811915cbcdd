import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCorefile } from '../../../src/sim/dns/check-corefile.ts';
import { clusterRecords } from '../../../src/sim/dns/cluster-records.ts';
import { reply } from '../../../src/sim/dns/plugins/plugin.ts';
import { answer } from '../../../src/sim/dns/server.ts';
import type { Question } from '../../../src/sim/dns/server.ts';
import { parseRecord } from '../../../src/sim/dns/zone-record.ts';
import type { DnsRecord, DnsReply } from '../../../src/sim/model/lookup.ts';
import type { EndpointSlice, Namespace, Pod, Service } from '../../../src/sim/model/object.ts';
import { facts, objects } from './coredns-facts.ts';

/** What the servers outside had. */
const outside = [
  'example.com. 300 A 192.0.2.1', 'example.com. 300 AAAA 2001:db8::1', 'alias.example.com. 300 CNAME target.example.com.', 'target.example.com. 300 A 192.0.2.2', 'short.example.com. 2 A 192.0.2.4',
  '1.2.0.192.in-addr.arpa. 300 PTR example.com.',
].flatMap((text) => parseRecord(text) ?? []);

function upstream({ name, type }: Question): DnsReply {
  if (name === 'broken.example.com.') return reply('SERVFAIL');
  const own = outside.filter((record) => record.name === name.toLowerCase());
  const alias = own.find((record) => record.type === 'CNAME');
  const of = own.filter((record) => record.type === type);
  if (own.length === 0) return reply('NXDOMAIN');
  return reply('NOERROR', alias === undefined || type === 'CNAME' ? of : [alias, ...outside.filter((record) => record.name === alias.data && record.type === type)]);
}

const records = clusterRecords({
  namespaces: objects.filter((object): object is Namespace => object.kind === 'Namespace'), services: objects.filter((object): object is Service => object.kind === 'Service'),
  endpointSlices: objects.filter((object): object is EndpointSlice => object.kind === 'EndpointSlice'), pods: objects.filter((object): object is Pod => object.kind === 'Pod'),
});

/** Aliases first, in their order; the owner is left out where it is the name that was asked. */
function told(asked: string, answers: readonly DnsRecord[]): string {
  const aliases = answers.filter(({ type }) => type === 'CNAME');
  const others = answers.filter(({ type }) => type !== 'CNAME').toSorted((left, right) => (left.data < right.data ? -1 : 1));
  return [...aliases, ...others].map(({ name, ttl, type, data }) => `${name.toLowerCase() === asked.toLowerCase() ? '' : `${name} `}${ttl} ${type} ${data}`).join(', ');
}

for (const { says, corefile, lines } of facts) {
  test(says, () => {
    const read = readCorefile(corefile);
    assert.ok(read.ok, JSON.stringify(read));
    const got = lines.map((line) => {
      const [, name = '', type = ''] = /^(\S+) (\S+): /.exec(line) ?? [];
      const { rcode, answers } = answer({ corefile: read.value, records, resolvConf: '', addresses: ['10.244.9.9'], synced: true, upstream }, { name, type, client: '10.244.0.2' });
      return `${name} ${type}: ${[rcode, ...(answers.length > 0 ? [told(name, answers)] : [])].join(' ')}`;
    });
    assert.deepEqual(got, lines);
  });
}
