import assert from 'node:assert/strict';
import test from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { called } from './caller.ts';

test('the help of the program goes to standard output and names every command', async () => {
  const { status, stdout, stderr } = await called(['--help']);
  assert.deepEqual([status, stderr], [0, '']);
  for (const { name } of commands) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
});

test('every command has a help with its options', async () => {
  for (const { name } of commands) {
    for (const words of [[name, '--help'], ['help', name]]) {
      const { status, stdout, stderr } = await called(words);
      assert.deepEqual([status, stderr], [0, ''], name);
      assert.match(stdout, new RegExp(`^Usage: k8snet-lab ${name}`));
    }
  }
});

test('every command says the version', async () => {
  for (const { name } of commands) assert.deepEqual(await called([name, '--version']), { status: 0, stdout: '0.0.0\n', stderr: '' }, name);
});

test('wrong usage is status 2, with nothing on standard output', async () => {
  for (const words of [['--nonsense'], ['trace', '--nonsense'], ['trace', '-f', 'a.yaml'], ['trace', '--from'], ['trace', '-f', 'a.yaml', '--from', 'a/b', '--to', 'c', '-o', 'xml'], ['dns'], ['check'], ['completion', 'tcsh'], ['trace', '--seed', 'x', '--from', 'a', '--to', 'b'], ['lessons', 'extra']]) {
    const { status, stdout, stderr } = await called(words);
    assert.deepEqual([status, stdout], [2, ''], words.join(' '));
    assert.match(stderr, /error: /);
  }
});

test('a cluster must be named, once', async () => {
  const request = ['--from', 'a/b', '--to', 'icmp://c'];
  assert.match((await called(['trace', ...request])).stderr, /no cluster was given/);
  assert.match((await called(['trace', ...request, '-f', 'a', '--lesson', 'b'])).stderr, /-f and --lesson/);
  assert.match((await called(['reach', 'a.yaml'])).stderr, /unexpected argument 'a.yaml'/);
});

test('a missing file and a folder without a manifest are status 2 and named', async () => {
  const missing = await called(['reach', '-f', 'none.yaml', 'bin']);
  assert.deepEqual([missing.status, missing.stdout, missing.stderr], [2, '', "none.yaml: no such file or directory\nbin: holds no manifest\n  A manifest's name ends with .yaml, .yml, .json.\n"]);
});

test('a slip in a command is told as one', async () => {
  const { status, stdout, stderr } = await called(['trcae']);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /Did you mean 'trace'\?/);
});

test('the completion of each shell names every command and option', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout } = await called(['completion', shell]);
    assert.equal(status, 0);
    for (const { name } of commands) assert.ok(stdout.includes(name), `${shell}: ${name}`);
    assert.match(stdout, shell === 'fish' ? /-l ip-blocks -x -a 'all outside'/ : /--ip-blocks/);
  }
});

test('a name is looked up against records in a file', async (t) => {
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const path = await import('node:path');
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'resolv.conf'), 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');
  writeFileSync(path.join(folder, 'records.yaml'), 'records:\n  api.shop.svc.cluster.local: { A: [10.96.42.7] }\nfaults:\n- match: { type: AAAA, name: slow.shop.svc.cluster.local }\n  action: DROP\n');
  const dns = ['dns', '--resolv-conf', 'resolv.conf', '--records', 'records.yaml', '-o', 'json'];
  const found = await called([...dns, 'api'], { folder });
  assert.equal(found.status, 0);
  const answer = JSON.parse(found.stdout) as Record<string, unknown>;
  assert.deepEqual(Object.keys(answer), ['name', 'type', 'resolver', 'resolvConf', 'queries', 'rcode', 'error', 'elapsed', 'addresses', 'warnings']);
  assert.deepEqual([answer['type'], answer['resolver'], answer['addresses'], answer['error']], ['A+AAAA', 'glibc', ['10.96.42.7'], null]);
  const missing = await called([...dns, 'api.payments'], { folder });
  assert.deepEqual([missing.status, (JSON.parse(missing.stdout) as Record<string, unknown>)['error']], [1, 'EAI_NONAME']);
  assert.equal((await called([...dns, 'api.payments', '--expect', 'name-not-found'], { folder })).status, 0);
  const straight = await called([...dns, 'api.shop.svc.cluster.local', '--direct'], { folder });
  assert.deepEqual([straight.status, (JSON.parse(straight.stdout) as Record<string, unknown>)['resolvConf']], [0, null]);
  assert.equal((await called(['dns', '--records', 'records.yaml', 'api'], { folder })).status, 2);
});
