import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { root, shared, workbench } from './program.ts';

const pod = (name: string, listen = '0.0.0.0:8080/TCP'): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} }, annotations: { k8snet-lab/listen: "${listen}" } }\nspec: { containers: [{ name: ${name}, image: ${name}, ports: [{ containerPort: 8080 }] }] }\n`;
const service = (spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: shop }\nspec: ${spec}\n`;
const shop = { 'shop/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n', 'shop/web.yaml': pod('web'), 'shop/api.yaml': pod('api'), 'shop/service.yaml': service('{ selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }') };

test('the version is all that --version prints', (t) => {
  const { status, stdout, stderr } = workbench(t).lab(['--version']);
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a trace has every field that the contract names, and null where one does not apply', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  const trace = bench.json(['trace', '-f', 'shop', '--from', 'shop/web', '--to', 'http://api/']);
  assert.deepEqual(Object.keys(trace), ['from', 'to', 'verdict', 'error', 'layer', 'object', 'field', 'why', 'status', 'dns', 'outcomes', 'hops', 'warnings']);
  assert.deepEqual([trace['from'], trace['to'], trace['verdict'], trace['error'], trace['layer'], trace['object'], trace['status']], ['shop/web', 'http://api/', 'delivered', null, null, null, null]);
  const hops = trace['hops'] as Record<string, unknown>[];
  assert.ok(hops.length > 2);
  for (const hop of hops) {
    assert.deepEqual(Object.keys(hop), ['layer', 'at', 'stage', 'action', 'packet', 'object', 'field', 'evidence']);
    assert.deepEqual(Object.keys(hop['evidence'] as object), ['command', 'output']);
  }
  const outcomes = trace['outcomes'] as Record<string, unknown>[];
  assert.deepEqual([outcomes.length, outcomes[0]?.['probability'], (outcomes[0]?.['backend'] as Record<string, unknown>)['pod']], [1, 1, 'shop/api']);
});

test('a Service whose selector matches no pod refuses, and the trace names the Service and the field', (t) => {
  const bench = workbench(t);
  bench.write({ ...shop, 'shop/service.yaml': service('{ selector: { app: other }, ports: [{ port: 80, targetPort: 8080 }] }') });
  const words = ['trace', '-f', 'shop', '--from', 'shop/web', '--to', 'http://api/'];
  const trace = bench.json(words);
  assert.deepEqual([trace['verdict'], trace['layer'], trace['object'], trace['field']], ['refused', 'service', 'Service shop/api', 'spec.selector']);
  assert.match(String(trace['error']), /^curl: \(7\) Failed to connect to api port 80 after \d+ ms: Could not connect to server$/);
  assert.deepEqual((trace['outcomes'] as Record<string, unknown>[])[0]?.['backend'], null);
  assert.equal(bench.lab(words).status, 1);
  for (const [expected, status] of [['refused', 0], ['blocked', 0], ['timeout', 1]] as const) assert.equal(bench.lab([...words, '--expect', expected]).status, status, expected);
});

test('bad input is one clear error each with its place, status 2, nothing on standard output and no stack trace', (t) => {
  const bench = workbench(t);
  bench.write({
    'syntax.yaml': 'kind: Pod\nmetadata: { name: [\n', 'tab.yaml': 'kind: Pod\n\tmetadata: {}\n', 'unknown.yaml': service('{ ports: [{ port: 80 }], selektor: { app: api } }'), 'type.yaml': service('{ ports: [{ port: eighty }] }'),
    'nodeport.yaml': service('{ type: NodePort, ports: [{ port: 80, nodePort: 80 }] }'), 'deep.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: ${'['.repeat(300)}${']'.repeat(300)}\n`,
  });
  for (const [file, says] of [
    ['syntax.yaml', /^syntax\.yaml:\d+:\d+: /], ['tab.yaml', /^tab\.yaml:\d+:\d+: /], ['unknown.yaml', /^unknown\.yaml:\d+:\d+: Service shop\/api: .*selektor/], ['type.yaml', /^type\.yaml:\d+:\d+: Service shop\/api: .*spec\.ports\[0\]\.port/],
    ['nodeport.yaml', /^nodeport\.yaml:\d+:\d+: Service shop\/api: spec\.ports\[0\]\.nodePort: Invalid value: 80: provided port is not in the valid range\./], ['deep.yaml', /^deep\.yaml:\d+:\d+: /], ['missing.yaml', /^missing\.yaml: no such file/],
  ] as const) {
    const { status, stdout, stderr } = bench.lab(['reach', '-f', file]);
    assert.deepEqual([status, stdout], [2, ''], `${file} ${stderr}`);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /^\s+at /m, file);
  }
});

test('a lesson, a source or a target that is none is status 2 and says so', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  for (const words of [['no-such-lesson'], ['trace', '--lesson', 'no-such-lesson', '--from', 'a/b', '--to', 'icmp://c'], ['check', '999', '-f', 'shop'], ['verify', 'no-such-lesson'], ['trace', '-f', 'shop', '--from', 'shop/nobody', '--to', 'icmp://api'], ['trace', '-f', 'shop', '--from', 'shop/web', '--to', 'tcp://api'], ['reach', '-f', 'shop', '--from', 'shop/nobody'], ['shell', 'no-such-lesson']]) {
    const { status, stdout, stderr } = bench.lab(words);
    assert.deepEqual([status, stdout], [2, ''], words.join(' '));
    assert.match(stderr, /\S/);
    assert.doesNotMatch(stderr, /^\s+at |defect/m, words.join(' '));
  }
});

test('two runs on the same input print the same bytes', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  for (const words of [['trace', '-f', 'shop', '--from', 'shop/web', '--to', 'http://api/', '-o', 'json'], ['dns', '-f', 'shop', '--from', 'shop/web', 'api', '-o', 'json'], ['reach', '-f', 'shop', '-o', 'json'], ['lessons', '-o', 'json'], ['shell', '-f', 'shop', '-c', 'kubectl get pods -A -o wide']]) {
    const [one, other] = [bench.lab(words), bench.lab(words)];
    assert.deepEqual(one, other, words.join(' '));
    assert.equal(one.status, 0, `${words.join(' ')}\n${one.stderr}`);
  }
});

test('manifests come from standard input too, and a closed pipe ends the program quietly', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  const typed = Object.values(shop).join('---\n');
  assert.equal(bench.lab(['trace', '-f', '-', '--from', 'shop/web', '--to', 'http://api/'], typed).status, 0);
  const { status, stderr } = bench.sh('set -o pipefail; lab trace -f shop --from shop/web --to http://api/ -o json | head -c 1');
  assert.deepEqual([status, stderr], [0, '']);
});

test('dns prints what the contract names', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  const lookup = bench.json(['dns', '-f', 'shop', '--from', 'shop/web', 'api']);
  assert.deepEqual(Object.keys(lookup), ['name', 'type', 'resolver', 'resolvConf', 'queries', 'rcode', 'error', 'elapsed', 'addresses', 'warnings']);
  assert.equal(lookup['resolvConf'], 'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');
  const [query] = lookup['queries'] as Record<string, unknown>[];
  assert.deepEqual(Object.keys(query ?? {}), ['name', 'type', 'server', 'proto', 'rcode', 'answers', 'authority', 'additional']);
  assert.equal(bench.lab(['dns', '-f', 'shop', '--from', 'shop/web', 'nobody']).status, 1);
  assert.equal(bench.lab(['dns', '-f', 'shop', '--direct', 'api.shop.svc.cluster.local']).status, 0);
});

test('reach lists workloads and connections, and can be narrowed', (t) => {
  const bench = workbench(t);
  bench.write({ ...shop, 'shop/policy.yaml': 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: api, namespace: shop }\nspec: { podSelector: { matchLabels: { app: api } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 8080 }] }] }\n' });
  const all = bench.json(['reach', '-f', 'shop']);
  assert.deepEqual(Object.keys(all), ['workloads', 'connections', 'warnings']);
  assert.deepEqual(all['workloads'], [{ name: 'shop/api', kind: 'Pod', pods: 1 }, { name: 'shop/web', kind: 'Pod', pods: 1 }]);
  const narrow = bench.json(['reach', '-f', 'shop', '--from', 'shop/web', '--to', 'shop/api']);
  assert.deepEqual(narrow['connections'], [{ from: 'shop/web', fromKind: 'Pod', to: 'shop/api', toKind: 'Pod', ports: { TCP: [[8080, 8080]] } }]);
  assert.deepEqual(bench.json(['reach', '-f', 'shop', '--cni', 'flannel', '--from', 'shop/api', '--to', 'shop/web'])['connections'], [{ from: 'shop/api', fromKind: 'Pod', to: 'shop/web', toKind: 'Pod', ports: 'all' }]);
});

test('the shell is one session, keeps the streams apart and ends with the last status', (t) => {
  const bench = workbench(t);
  bench.write(shop);
  const changed = bench.lab(['shell', '-f', 'shop', '-c', 'kubectl delete pod api -n shop', '-c', 'kubectl get pod api -n shop']);
  assert.deepEqual([changed.status, changed.stdout, changed.stderr], [1, 'pod "api" deleted from shop namespace\n', 'Error from server (NotFound): pods "api" not found\n']);
  const piped = bench.lab(['shell', '-f', 'shop'], 'nonsense\nkubectl get service api -n shop -o jsonpath={.spec.ports[0].port}\n');
  assert.deepEqual([piped.status, piped.stdout], [0, '80']);
  assert.equal(bench.lab(['shell', '-f', 'shop', '-c', 'nonsense']).status, 127);
  const applied = bench.lab(['shell', '-f', 'shop', '-c', 'kubectl apply -f more.yaml']);
  assert.equal(applied.status, 1);
  bench.write({ 'more.yaml': pod('more') });
  assert.equal(bench.lab(['shell', '-f', 'shop', '-c', 'kubectl apply -f more.yaml']).stdout, 'pod/more created\n');
  const fixed = bench.sh("export KUBE_EDITOR=\"sed -i 's/port: 80$/port: 81/'\"; lab shell -f shop -c 'kubectl edit service api -n shop' -c 'kubectl get service api -n shop -o jsonpath={.spec.ports[0].port}'");
  assert.deepEqual([fixed.status, fixed.stdout, fixed.stderr], [0, 'service/api edited\n81', '']);
});

test('the lessons are listed with what was solved, and progress travels by export and import', (t) => {
  const bench = workbench(t);
  const listed = bench.json(['lessons'])['modules'] as { lessons: { name: string; solved: boolean }[] }[];
  const names = listed.flatMap(({ lessons }) => lessons.map(({ name }) => name));
  assert.ok(names.length >= 8);
  assert.deepEqual(readdirSync(bench.folder), [], 'looking writes nothing');
  assert.equal(existsSync(path.join(bench.folder, '../data')), false, 'looking writes nothing');
  bench.write({ 'mine.json': JSON.stringify({ version: 1, current: null, settings: {}, lessons: { [names[0] ?? '']: { solved: true }, 'a-lesson-of-tomorrow': { solved: true } } }) });
  assert.equal(bench.lab(['progress', 'import', 'mine.json']).status, 0);
  const after = bench.json(['lessons'])['modules'] as typeof listed;
  assert.deepEqual(after.flatMap(({ lessons }) => lessons.filter(({ solved }) => solved).map(({ name }) => name)), [names[0]]);
  const written = bench.lab(['progress', 'export']);
  assert.equal(written.status, 0);
  assert.equal((JSON.parse(written.stdout) as { lessons: Record<string, { solved: boolean }> }).lessons['a-lesson-of-tomorrow']?.solved, true);
  assert.equal(bench.lab(['progress', 'export', 'copy.json']).status, 0);
  assert.deepEqual(readdirSync(bench.folder).sort(), ['copy.json', 'mine.json']);
});

test('a lesson is unsolved as it is, and solved by its own solutions, not by its traps', (t) => {
  const bench = workbench(t);
  const folder = path.join(root, 'lessons/services/empty-endpoint-list');
  const solutions = readdirSync(path.join(folder, 'solutions')).filter((name) => name.endsWith('.yaml'));
  assert.ok(solutions.length >= 2);
  for (const name of readdirSync(path.join(folder, 'traps'))) assert.equal(bench.lab(['check', 'empty-endpoint-list', '-f', path.join(folder, 'traps', name)]).status, 1, name);
  for (const name of solutions) {
    const { status, stdout, stderr } = bench.lab(['check', 'empty-endpoint-list', '-f', path.join(folder, 'solutions', name), '-o', 'json']);
    assert.equal(status, 0, `${name} ${stderr} ${stdout.slice(0, 400)}`);
    const graded = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(graded), ['lesson', 'solved', 'intents', 'predictions', 'diagnosis', 'opened', 'closed', 'guards', 'warnings']);
  }
  bench.write({ 'nothing.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: elsewhere }\n' });
  assert.equal(bench.lab(['check', 'empty-endpoint-list', '-f', 'nothing.yaml']).status, 1);
});

test('every lesson of the course is proven', (t) => {
  const { status, stdout, stderr } = workbench(t).lab(['verify']);
  assert.equal(status, 0, stdout + stderr);
});

const boutique = path.join(shared, 'data/online-boutique');
test('a shop that others wrote: its own calls get through, its storefront does not reach the cart database, and with Flannel it does', { skip: existsSync(boutique) ? false : '../shared/data is not here' }, (t) => {
  const bench = workbench(t);
  const call = (from: string, to: string, ...more: string[]): Record<string, unknown> => ({ ...bench.json(['trace', '-f', boutique, '--from', `default/${from}`, '--to', to, ...more]) });
  for (const [from, to] of [['frontend', 'tcp://cartservice:7070'], ['cartservice', 'tcp://redis-cart:6379'], ['checkoutservice', 'tcp://paymentservice:50051'], ['loadgenerator', 'http://frontend:80/'], ['recommendationservice', 'tcp://productcatalogservice:3550']] as const) assert.equal(call(from, to)['verdict'], 'delivered', `${from} ${to}`);
  const denied = call('frontend', 'tcp://redis-cart:6379');
  assert.deepEqual([denied['verdict'], denied['layer']], ['timeout', 'policy']);
  assert.match(String(denied['object']), /^NetworkPolicy default\/redis-cart$/);
  const open = call('frontend', 'tcp://redis-cart:6379', '--cni', 'flannel');
  assert.equal(open['verdict'], 'delivered');
  assert.match(String(open['why']), /flannel|enforce/i);
  assert.equal(bench.lab(['reach', '-f', boutique]).status, 0);
});
