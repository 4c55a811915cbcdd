import assert from 'node:assert/strict';
import test from 'node:test';
import { commanded, pod, service } from './asked.ts';

const documents = pod('s/x', 80, 'app: p') + service('s/p', 'clusterIP: 10.96.3.1, selector: {app: p}, ports: [{port: 80}]')
  + ['Deployment', 'StatefulSet'].map((kind) => `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: both, namespace: s}\nspec: {${kind === 'Deployment' ? '' : 'serviceName: both, '}selector: {matchLabels: {app: ${kind}}}, template: {metadata: {labels: {app: ${kind}}}, spec: {containers: [{name: c, image: i}]}}}\n---\n`).join('')
  + 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: zero, namespace: s}\nspec: {replicas: 0, selector: {matchLabels: {app: z}}, template: {metadata: {labels: {app: z}}, spec: {containers: [{name: c, image: i}]}}}\n';
const traced = (from: string, to: string, ...more: readonly string[]): ReturnType<typeof commanded> => commanded(documents, 'trace', '--from', from, '--to', to, '-o', 'json', ...more);

test('a source or a target that is none is status 2, with words on standard error and nothing on standard output', async () => {
  for (const from of ['x', 's/nope', 'nowhere/x', 's/both', 's/zero', 's/x:nope', 's/service/p', 'node/nope', 'external/foo', 'external@nope']) {
    const { status, stdout, stderr } = await traced(from, 'p:80');
    assert.deepEqual([status, stdout], [2, ''], from);
    assert.notEqual(stderr, '', from);
  }
  for (const to of ['p', 'p:0', 'p:99999', 'p:http', 'ftp://p:80', 'icmp://p:80', 'http://', '10.0.0.256:80', '2001:db8::1:80', '[2001:db8::1]']) {
    const { status, stdout } = await traced('s/x', to);
    assert.deepEqual([status, stdout], [2, ''], to);
  }
});

test('every form of a source is taken', async () => {
  for (const from of ['s/x', 's/x:c', 's/pod/x', 's/Deployment/both', 's/statefulset/both', 'node/worker-1', 'external@worker-1']) assert.equal((await traced(from, '10.96.3.1:80')).status, 0, from);
});

test('--expect turns the exit status, and blocked is no name that is missing', async () => {
  const statuses = [];
  for (const [to, expected] of [['p:80', 'delivered'], ['p:80', 'blocked'], ['p:81', 'blocked'], ['p:81', 'timeout'], ['p:81', 'refused'], ['nope:80', 'blocked']] as const) statuses.push((await traced('s/x', to, '--expect', expected)).status);
  assert.deepEqual(statuses, [0, 1, 0, 0, 1, 1]);
});

test('the client\'s words are those of curl 8.10, nc and ping', async () => {
  const words = async (to: string): Promise<unknown> => (JSON.parse((await traced('s/x', to)).stdout) as { error: unknown }).error;
  assert.equal(await words('http://p:81/'), 'curl: (28) Failed to connect to p port 81 after 134717 ms: Could not connect to server');
  assert.equal(await words('http://nope/'), 'curl: (6) Could not resolve host: nope');
  assert.equal(await words('127.0.0.1:9'), 'nc: connect to 127.0.0.1 port 9 (tcp) failed: Connection refused');
  assert.equal(await words('p:81'), 'nc: connect to p (10.96.3.1) port 81 (tcp) timed out: Operation now in progress');
  assert.equal(await words('nope:81'), 'nc: getaddrinfo for host "nope" port 81: Name or service not known');
});

test('the order of the documents changes nothing', async () => {
  const turned = documents.split('---\n').filter((text) => text.trim() !== '').reverse().join('---\n');
  for (const words of [['trace', '--from', 's/x', '--to', 'http://p/'], ['reach'], ['dns', '--from', 's/x', 'p']]) {
    assert.equal((await commanded(documents, ...words, '-o', 'json')).stdout, (await commanded(turned, ...words, '-o', 'json')).stdout, words[0]);
  }
});
