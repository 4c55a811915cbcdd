import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { called, type Called } from './caller.ts';

interface Answer {
  readonly type: string;
  readonly resolver: string | null;
  readonly queries: readonly { readonly name: string; readonly type: string; readonly server: string; readonly proto: string; readonly rcode: string }[];
  readonly rcode: string | null;
  readonly error: string | null;
  readonly elapsed: number;
  readonly addresses: readonly string[];
}

const conf = 'search shop.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';

function asker(t: TestContext, records: string, resolvConf = conf): (...words: readonly string[]) => Promise<Called> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'k8snet-dns-'));
  t.after(() => { rmSync(folder, { recursive: true }); });
  writeFileSync(path.join(folder, 'resolv.conf'), resolvConf);
  writeFileSync(path.join(folder, 'records.yaml'), records);
  return (...words) => called(['dns', '--resolv-conf', 'resolv.conf', '--records', 'records.yaml', ...words], { folder });
}

const answered = ({ stdout }: Called): Answer => JSON.parse(stdout) as Answer;

test('a scenario of a resolver is asked in its own form', async (t) => {
  const big = `zone:\n  big.shop.svc.cluster.local: { A: [${Array.from({ length: 5 }, (_, index) => `10.244.0.${index + 1}`).join(', ')}] }\nfaults:\n- { match: { type: A, proto: udp }, action: TC }\ntcKeep: 2\ntcpClosed: true\nid: tc\nnote: from a file of scenarios\n`;
  const ask = asker(t, big);
  const glibc = await ask('-o', 'json', 'big');
  assert.deepEqual([glibc.status, answered(glibc).error, answered(glibc).queries.map(({ proto, rcode }) => `${proto} ${rcode}`).at(-1)], [1, 'EAI_AGAIN', 'tcp UNREACHABLE']);
  const old = await ask('-o', 'json', '--resolver', 'musl-1.2.3', 'big');
  assert.deepEqual([old.status, answered(old).addresses], [0, ['10.244.0.1', '10.244.0.2']]);
});

test('a closed server and a silent one cost what they cost the libraries', async (t) => {
  const ask = asker(t, 'closed: [10.96.0.10]\n');
  assert.ok(answered(await ask('-o', 'json', 'web')).elapsed < 0.1);
  assert.equal(answered(await ask('-o', 'json', '--resolver', 'musl', 'web')).elapsed, 5);
  const silent = answered(await asker(t, 'faults: [{ action: DROP }]\n')('-o', 'json', 'web'));
  assert.deepEqual([silent.elapsed, silent.rcode, silent.queries.length], [20, 'DROP', 8]);
});

test('one type is one question where it is no address, and dig asks the first server for the name as it stands', async (t) => {
  const ask = asker(t, 'records:\n  api.shop.svc.cluster.local: { A: [10.96.0.7], SRV: ["0 100 80 api.shop.svc.cluster.local."] }\n');
  assert.deepEqual(answered(await ask('-o', 'json', '--type', 'A', 'api')).queries.map(({ name, type }) => `${name} ${type}`), ['api.shop.svc.cluster.local. A']);
  const service = await ask('-o', 'json', '--type', 'SRV', 'api.shop.svc.cluster.local');
  assert.deepEqual([service.status, answered(service).queries.length, answered(service).type], [0, 1, 'SRV']);
  const direct = await ask('-o', 'json', '--direct', 'api');
  assert.deepEqual([direct.status, answered(direct).error, answered(direct).resolver, answered(direct).queries[0]?.server], [1, 'EAI_NONAME', null, '10.96.0.10']);
});

test('a slip in the records is status 2, with file, line, column and field', async (t) => {
  const wrong = await asker(t, 'records:\n  web: { A: [10.96.0.300] }\n')('web');
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /records\.yaml:2:\d+.*must be an IPv4 address/s);
});
