import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corefileWarnings, loopingZone, readCorefile } from '../../../src/sim/dns/check-corefile.ts';
import { kubeadmCorefile } from '../../../src/sim/dns/corefile.ts';
import type { Corefile } from '../../../src/sim/dns/corefile.ts';
import { addressOfReverse, reverseName, zonesOf } from '../../../src/sim/dns/zones.ts';

function read(text: string): Corefile {
  const corefile = readCorefile(text);
  assert.ok(corefile.ok, JSON.stringify(corefile));
  return corefile.value;
}

function refused(text: string): readonly (readonly [line: number | null | undefined, says: string])[] {
  const corefile = readCorefile(text);
  assert.ok(!corefile.ok);
  return corefile.failures.map(({ where, says }) => [where?.line, says]);
}

test("kubeadm's Corefile serves every name on port 53 and is wholly simulated", () => {
  const corefile = read(kubeadmCorefile('cluster.local'));
  assert.deepEqual(corefile.blocks.map(({ zones }) => zones), [[{ zone: '.', port: 53, scheme: 'dns' }]]);
  assert.deepEqual(corefile.blocks[0]?.directives.map(({ name }) => name), ['errors', 'health', 'ready', 'kubernetes', 'prometheus', 'forward', 'cache', 'loop', 'reload', 'loadbalance']);
  assert.deepEqual(corefileWarnings(corefile), []);
});

test('an unknown directive keeps CoreDNS from starting, and the line is named', () => {
  assert.deepEqual(refused('.:53 {\n    errors\n    kubernets cluster.local\n}\n'), [[3, "Corefile:3 - Error during parsing: Unknown directive 'kubernets'"]]);
});

test('a brace that is never closed is found', () => {
  assert.deepEqual(refused('.:53 {\n  errors\n'), [[2, "Corefile:2 - Syntax error: Unexpected token 'errors', expecting '}'"]]);
});

test('every mistake is told, not only the first', () => {
  assert.deepEqual(refused('.:53 {\n  kubernetes cluster.local {\n    pods all\n    ttl 9999\n    podz\n  }\n  forward .\n}\n').map(([line]) => line), [2, 4, 5, 7]);
});

test('a snippet stands where it is imported', () => {
  const corefile = read('(common) {\n  errors\n  cache 30\n}\n. {\n  import common\n  forward . 192.0.2.1\n}\n');
  assert.deepEqual(corefile.blocks.map(({ directives }) => directives.map(({ name }) => name)), [['errors', 'cache', 'forward']]);
});

test('a file to import that is not there keeps CoreDNS from starting, a pattern without files does not', () => {
  assert.deepEqual(refused('. {\n  import custom.conf\n}\n'), [[2, 'Corefile:2 - Error during parsing: File to import not found: custom.conf']]);
  assert.match(corefileWarnings(read('. {\n  import custom/*.override\n}\n'))[0]?.says ?? '', /no file custom\/\*\.override to import/);
});

test('a plugin that would change answers and is not simulated is said once a line', () => {
  assert.deepEqual(corefileWarnings(read('.:53 {\n  acl {\n    block\n  }\n  forward . 8.8.8.8\n}\n')).map(({ where }) => where?.line), [2]);
});

test('a server block may have several zones, ports and comments', () => {
  const corefile = read('# stub\nexample.org:1053, tls://example.net {\n  forward . 192.0.2.1 # outside\n}\n10.0.0.0/16 {\n  hosts {\n    192.0.2.7 "a.example"\n    fallthrough\n  }\n}\n');
  assert.deepEqual(corefile.blocks.map(({ zones }) => zones.map(({ zone, port }) => `${zone}${port}`)), [['example.org.1053', 'example.net.853'], ['0.10.in-addr.arpa.53']]);
});

test('a zone may be served once a port', () => {
  assert.match(refused('.:53 {\n  errors\n}\n. {\n  errors\n}\n')[0]?.[1] ?? '', /already defined/);
});

test('a range that ends inside a label is all the reverse zones it covers', () => {
  assert.deepEqual(zonesOf('10.96.0.0/15'), ['96.10.in-addr.arpa.', '97.10.in-addr.arpa.']);
  assert.deepEqual(zonesOf('fd00:77:30::/64'), ['0.0.0.0.0.3.0.0.7.7.0.0.0.0.d.f.ip6.arpa.']);
});

test('an address and its reverse name are one another', () => {
  for (const ip of ['10.96.0.10', 'fd00:10:244::7', '::']) assert.equal(addressOfReverse(reverseName(ip) ?? ''), ip);
});

test('forwarding to a stub resolver on the node is a loop', () => {
  const corefile = read(kubeadmCorefile('cluster.local'));
  assert.equal(loopingZone(corefile, 'nameserver 127.0.0.53\n', []), '.');
  assert.equal(loopingZone(corefile, 'nameserver 8.8.8.8\n', []), null);
  assert.equal(loopingZone(read(kubeadmCorefile('cluster.local').replace('    loop\n', '')), 'nameserver 127.0.0.53\n', []), null);
});
