import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { direct } from '../../../../src/sim/dns/resolvers/direct.ts';
import { resolve } from '../../../../src/sim/dns/resolvers/resolve.ts';
import type { LookupInput } from '../../../../src/sim/dns/resolvers/resolve.ts';
import { resolverNames } from '../../../../src/sim/dns/resolvers/resolvers.ts';
import { readScript, scripted } from '../../../../src/sim/dns/scripted.ts';
import type { Ask } from '../../../../src/sim/dns/resolvers/ask.ts';
import type { Lookup } from '../../../../src/sim/model/lookup.ts';

const conf = 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';

function script(document: unknown): Ask {
  const read = readScript(document, 'records.yaml');
  assert.ok(read.ok, JSON.stringify(read));
  return scripted(read.value);
}

const api = { records: { 'api.shop.svc.cluster.local': { A: ['10.96.42.7'] } } };
const ask = (over: Partial<LookupInput>, document: unknown = api): Lookup => resolve({ resolver: 'glibc', conf, hosts: null, name: 'api', type: 'A+AAAA', ask: script(document), ...over });

test('a Service of the same namespace is found at the first search domain', () => {
  const lookup = ask({});
  assert.deepEqual(lookup.queries.map(({ name, type, rcode, at }) => [name, type, rcode, at]), [['api.shop.svc.cluster.local.', 'A', 'NOERROR', 0], ['api.shop.svc.cluster.local.', 'AAAA', 'NOERROR', 0]]);
  assert.deepEqual([lookup.addresses, lookup.rcode, lookup.error, lookup.elapsed], [['10.96.42.7'], 'NOERROR', null, 0.001]);
});

test('an address is no name', () => {
  for (const resolver of resolverNames) {
    for (const [name, address] of [['10.1.2.3', '10.1.2.3'], ['fd00::1', 'fd00::1'], ['10.1', '10.0.0.1'], ['0x7f.1', '127.0.0.1']] as const) {
      const lookup = ask({ resolver, name });
      assert.deepEqual([lookup.addresses, lookup.without, lookup.queries.length, lookup.rcode], [[address], 'literal', 0, null]);
    }
  }
});

test('an IPv4 address asked for as IPv6 is an error', () => {
  assert.deepEqual([ask({ name: '10.1.2.3', type: 'AAAA' }).addresses, ask({ name: '10.1.2.3', type: 'AAAA' }).error], [[], 'EAI_NONAME']);
});

test('the hosts file comes before DNS', () => {
  const hosts = '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n10.244.1.7\tweb-1 # itself\n';
  for (const resolver of resolverNames) {
    assert.deepEqual([ask({ resolver, hosts, name: 'web-1' }).addresses, ask({ resolver, hosts, name: 'web-1' }).without], [['10.244.1.7'], 'hosts']);
    assert.deepEqual(ask({ resolver, hosts, name: 'localhost' }).addresses, ['::1', '127.0.0.1']);
    assert.equal(ask({ resolver, hosts, name: 'api' }).without, null);
  }
});

test('glibc reads the hosts file in any case, musl does not', () => {
  const hosts = '10.244.1.7 Web-1\n';
  assert.equal(ask({ hosts, name: 'web-1' }).without, 'hosts');
  assert.equal(ask({ resolver: 'musl', hosts, name: 'web-1' }).without, null);
});

test('musl asks nobody about a name whose hosts line has the other family only', () => {
  const hosts = '10.244.1.7 web-1\n';
  assert.equal(ask({ resolver: 'musl', hosts, name: 'web-1', type: 'AAAA' }).queries.length, 0);
  assert.ok(ask({ hosts, name: 'web-1', type: 'AAAA' }).queries.length > 0);
});

test('a type that is no address is one question of the name as it stands', () => {
  const records = { records: { '_http._tcp.api.shop.svc.cluster.local': { SRV: ['0 100 80 api.shop.svc.cluster.local.'] } } };
  for (const resolver of resolverNames) {
    const found = ask({ resolver, name: '_http._tcp.api.shop.svc.cluster.local', type: 'SRV' }, records);
    assert.deepEqual([found.queries.map(({ name, type }) => `${name} ${type}`), found.error], [['_http._tcp.api.shop.svc.cluster.local. SRV'], null]);
    assert.deepEqual([ask({ resolver, name: '_http._tcp.api', type: 'SRV' }, records).error, ask({ resolver, name: '_http._tcp.api', type: 'SRV' }, records).queries.length], ['EAI_NONAME', 1]);
  }
});

test('three silent servers cost glibc 5, 3 and 6 seconds in each of two rounds', () => {
  const silent = { faults: [{ action: 'DROP' }] };
  const three = 'nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n';
  assert.equal(ask({ name: 'example.com.', conf: three }, silent).elapsed, 28);
  assert.equal(ask({ name: 'example.com.', conf: three, resolver: 'musl' }, silent).elapsed, 5);
});

test('an answer lost once costs glibc 5 s and musl 2.5 s', () => {
  const lossy = { records: { 'example.com': { A: ['93.184.216.34'], AAAA: ['2001:db8::34'] } }, faults: [{ match: { type: 'AAAA' }, action: 'DROP', first: 1 }] };
  assert.deepEqual([ask({ name: 'example.com.' }, lossy).elapsed, ask({ name: 'example.com.' }, lossy).queries.length], [5.002, 4]);
  assert.deepEqual([ask({ name: 'example.com.', resolver: 'musl' }, lossy).elapsed, ask({ name: 'example.com.', resolver: 'musl' }, lossy).queries.length], [2.501, 3]);
});

test('an answer that is later than one try still counts for glibc', () => {
  const slow = { records: { 'example.com': { A: ['93.184.216.34'] } }, faults: [{ action: 'DELAY:6' }] };
  assert.deepEqual([ask({ name: 'example.com.' }, slow).addresses, ask({ name: 'example.com.' }, slow).elapsed], [['93.184.216.34'], 6]);
  assert.equal(ask({ name: 'example.com.', resolver: 'musl' }, slow).error, 'EAI_AGAIN');
});

test('A is enough for glibc when AAAA does not exist, and not for musl', () => {
  const broken = { records: { 'v4.example.com': { A: ['93.184.216.40'] } }, faults: [{ match: { type: 'AAAA' }, action: 'NXDOMAIN' }] };
  assert.deepEqual(ask({ name: 'v4.example.com.' }, broken).addresses, ['93.184.216.40']);
  assert.equal(ask({ name: 'v4.example.com.', resolver: 'musl' }, broken).error, 'EAI_NONAME');
});

test('a closed TCP port makes a truncated answer useless', () => {
  const big = { records: api.records, faults: [{ match: { type: 'A', proto: 'udp' }, action: 'TC' }], tcKeep: 1, tcpClosed: true };
  assert.deepEqual(resolverNames.map((resolver) => ask({ resolver }, big).error), ['EAI_AGAIN', 'EAI_AGAIN', null]);
});

test('with a silent TCP port glibc waits for the kernel, musl for its own five seconds', () => {
  const big = { records: api.records, faults: [{ match: { proto: 'udp' }, action: 'TC' }, { match: { proto: 'tcp' }, action: 'DROP' }] };
  assert.ok(ask({ name: 'api.shop.svc.cluster.local.' }, big).elapsed > 130);
  assert.equal(ask({ resolver: 'musl', name: 'api.shop.svc.cluster.local.' }, big).elapsed, 5);
});

test('what can be reached comes first, then IPv6', () => {
  const both = { records: { 'example.com': { A: ['93.184.216.34'], AAAA: ['2001:db8::34'] } } };
  assert.deepEqual(ask({ name: 'example.com.' }, both).addresses, ['2001:db8::34', '93.184.216.34']);
  assert.deepEqual(ask({ name: 'example.com.', sources: { IPv4: { ip: '10.244.1.7', prefixLength: 32 }, IPv6: null } }, both).addresses, ['93.184.216.34', '2001:db8::34']);
});

test('a direct question is asked once, and three times of a silent or closed server', () => {
  const one = (document: unknown): Lookup => direct({ server: '10.96.0.10', name: 'api.shop.svc.cluster.local', type: 'A', ask: script(document) });
  assert.deepEqual([one(api).queries.length, one(api).addresses, one(api).resolver, one(api).resolvConf], [1, ['10.96.42.7'], null, null]);
  assert.deepEqual([one({ faults: [{ action: 'DROP' }] }).queries.map(({ at }) => at), one({ faults: [{ action: 'DROP' }] }).elapsed], [[0, 5, 10], 15]);
  assert.deepEqual([one({ closed: ['10.96.0.10'] }).queries.length, one({ closed: ['10.96.0.10'] }).error], [3, 'EAI_AGAIN']);
  assert.equal(direct({ server: '10.96.0.10', name: 'api', type: 'A', ask: script(api) }).error, 'EAI_NONAME');
});

test('a truncated direct answer is asked again over TCP', () => {
  const lookup = direct({ server: '10.96.0.10', name: 'api.shop.svc.cluster.local', type: 'A', ask: script({ ...api, faults: [{ match: { proto: 'udp' }, action: 'TC' }] }) });
  assert.deepEqual([lookup.queries.map(({ proto }) => proto), lookup.addresses], [['udp', 'tcp'], ['10.96.42.7']]);
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 7 }).map((labels) => labels.join('.'));
const rcode = fc.constantFrom('NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR', 'DROP', 'UNREACHABLE', 'TC', 'DELAY:1', 'DELAY:4', 'DELAY:7');
const world = fc.record({
  resolver: fc.constantFrom(...resolverNames), name,
  faults: fc.array(fc.record({ match: fc.record({ type: fc.constantFrom('A', 'AAAA'), proto: fc.constantFrom('udp', 'tcp') }, { requiredKeys: [] }), action: rcode, first: fc.nat({ max: 5 }) }), { maxLength: 5 }),
  always: fc.option(rcode, { nil: undefined }),
  servers: fc.integer({ min: 1, max: 4 }), searches: fc.array(name, { maxLength: 6 }), ndots: fc.nat({ max: 6 }), timeout: fc.integer({ min: 1, max: 9 }), attempts: fc.integer({ min: 1, max: 6 }),
  option: fc.constantFrom('', 'rotate', 'single-request', 'single-request-reopen', 'use-vc', 'no-aaaa'),
});
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

function run(over: World, asked: string): Lookup {
  const servers = Array.from({ length: over.servers }, (_, index) => `nameserver 10.0.0.${index + 1}\n`).join('');
  const search = over.searches.length === 0 ? '' : `search ${over.searches.join(' ')}\n`;
  const text = `${search}${servers}options ndots:${over.ndots} timeout:${over.timeout} attempts:${over.attempts} ${over.option}\n`;
  return resolve({ resolver: over.resolver, conf: text, hosts: null, name: asked, type: 'A+AAAA', ask: script({ faults: [...over.faults, ...(over.always === undefined ? [] : [{ action: over.always }])] }) });
}

test('every lookup ends, with a bounded number of queries and in bounded time', () => {
  fc.assert(fc.property(world, (over) => {
    const lookup = run(over, over.name);
    const names = over.searches.length + 1;
    // Each name: tries of each of three servers, six questions a try at most with retries, and TCP.
    assert.ok(lookup.queries.length <= names * Math.min(over.attempts, 10) * 3 * 12);
    assert.ok(lookup.elapsed <= names * (over.attempts * over.timeout * 4 * 3 * 3 + 3 * 135));
    assert.ok(lookup.error !== null || lookup.addresses.length > 0);
    assert.ok(lookup.queries.every((query, index) => index === 0 || query.at >= (lookup.queries[index - 1]?.at ?? 0)));
  }), { numRuns: 300 });
});

test('an absolute name is the only name that is asked', () => {
  fc.assert(fc.property(world, (over) => {
    for (const query of run(over, `${over.name}.`).queries) assert.equal(query.name, `${over.name}.`);
  }), { numRuns: 200 });
});

test('the same lookup gives the same result', () => {
  fc.assert(fc.property(world, (over) => assert.deepEqual(run(over, over.name), run(over, over.name))), { numRuns: 50 });
});
