import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScript, scripted } from '../../../src/sim/dns/scripted.ts';

const query = { name: 'example.com.', type: 'A', server: '10.96.0.10', proto: 'udp' } as const;

test('names in records need no final dot and no case', () => {
  const script = readScript({ records: { 'Example.COM': { A: ['192.0.2.1'] } } }, 'records.yaml');
  assert.ok(script.ok);
  assert.deepEqual(scripted(script.value)(query, 0).answers.map(({ data }) => data), ['192.0.2.1']);
  assert.equal(scripted(script.value)({ ...query, type: 'AAAA' }, 0).rcode, 'NOERROR');
  assert.equal(scripted(script.value)({ ...query, name: 'example.net.' }, 0).rcode, 'NXDOMAIN');
});

test('an alias is followed by the server', () => {
  const script = readScript({ records: { 'example.com': { CNAME: ['target.example'] }, 'target.example.': { A: ['192.0.2.1'] } } }, 'records.yaml');
  assert.ok(script.ok);
  assert.deepEqual(scripted(script.value)(query, 0).answers.map(({ name, type, data }) => `${name} ${type} ${data}`), ['example.com. CNAME target.example.', 'target.example. A 192.0.2.1']);
});

test('a fault with a count is over after so many queries', () => {
  const script = readScript({ records: {}, faults: [{ match: {}, action: 'SERVFAIL', first: 1 }] }, 'records.yaml');
  assert.ok(script.ok);
  const ask = scripted(script.value);
  assert.deepEqual([ask(query, 0).rcode, ask(query, 0).rcode], ['SERVFAIL', 'NXDOMAIN']);
});

test('every mistake of a document is told with its field', () => {
  const script = readScript({ records: { a: { A: [1] }, 'b.example': { MX: ['x'] } }, faults: [{ action: 'EXPLODE' }, { match: { who: 'x' }, action: 'DROP' }, 7], tcKeep: -1, servers: {} }, 'records.yaml');
  assert.ok(!script.ok);
  assert.deepEqual(script.failures.map(({ where }) => where?.field).sort(), ['faults[0].action', 'faults[1].match.who', 'faults[2]', 'records.a.A', 'records[b.example].MX', 'servers', 'tcKeep']);
});

test('data and matches that can never be are mistakes too', () => {
  const script = readScript({ records: { 'a.example': { A: ['fd00::1'], AAAA: ['10.0.0.1'], CNAME: ['a..b'], SRV: ['80 a.example'] } }, faults: [{ match: { type: 'Z', proto: 'sctp', server: 'dns' }, action: 'DROP' }], closed: ['nobody'] }, 'records.yaml');
  assert.ok(!script.ok);
  assert.deepEqual(script.failures.map(({ where }) => where?.field).sort(), ['closed', 'faults[0].match.proto', 'faults[0].match.server', 'faults[0].match.type', 'records[a.example].A', 'records[a.example].AAAA', 'records[a.example].CNAME', 'records[a.example].SRV']);
});

test('one server can be closed, several, or all of them', () => {
  for (const closed of ['10.96.0.10', ['10.96.0.9', '10.96.0.10'], true]) {
    const script = readScript({ records: {}, closed }, 'records.yaml');
    assert.ok(script.ok);
    assert.equal(scripted(script.value)(query, 0).rcode, 'UNREACHABLE');
  }
});

test('a document that is none is refused', () => {
  for (const document of [null, [], 'text', 7]) assert.equal(readScript(document, 'records.yaml').ok, false);
});
