import test from 'node:test';
import assert from 'node:assert/strict';
import { openLab } from '../../src/sim/lab.ts';
import type { Lab } from '../../src/sim/lab.ts';
import { liveIntents } from '../../src/lesson/live-intents.ts';
import { judge } from '../../src/lesson/judge.ts';
import { runLines } from '../../src/lesson/run-lines.ts';
import type { IntentResult, Lesson } from '../../src/lesson/lesson.ts';
import { clusterYaml, lessonFrom, lessonYaml } from './folder.fixture.ts';

const more = `---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  replicas: 2
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db }, annotations: { k8snet-lab/listen: "5432/TCP" } }
    spec: { containers: [{ name: db, image: registry.example/db:1 }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ name: sql, port: 5432 }] }
`;
const whole = clusterYaml.replace('app: nobody', 'app: api').replace('---\napiVersion: k8snet-lab', `${more}---\napiVersion: k8snet-lab`);

/** The small lesson on a healthy cluster with a database, with these intents in place of its own. */
function lessonWith(intents: string, guard = ''): Lesson {
  const yaml = lessonYaml.replace(/ {2}intents:[\s\S]*?(?= {2}predictions:)/, `  intents:\n${intents}`).replace('    untouched: [Namespace/*]\n', guard === '' ? '    untouched: [Namespace/*]\n' : guard);
  return lessonFrom({ 'lesson.yaml': yaml, 'cluster/all.yaml': whole });
}

function opened(lesson: Lesson): Lab {
  const lab = openLab(lesson.cluster);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

function after(lab: Lab, ...lines: readonly string[]): Lab {
  const ran = runLines(lines, lab);
  assert.ok('lab' in ran, 'failed' in ran ? ran.failed : '');
  return ran.lab;
}

const intent = (fields: string): string => `    - { say: it, ${fields} }\n`;

/** What becomes of one intent on the healthy cluster. */
function found(fields: string): IntentResult {
  const lesson = lessonWith(intent(fields));
  const [result] = liveIntents(lesson, opened(lesson));
  assert.ok(result);
  return result;
}

const holds = (fields: string): void => assert.ok(found(fields).holds, `${fields}: ${found(fields).why}`);
const fails = (fields: string, words: RegExp): void => {
  const result = found(fields);
  assert.equal(result.holds, false, fields);
  assert.match(result.why, words);
};

test('a list of sources and targets holds when every one of them does, and names the one that does not', () => {
  holds('from: [shop/web, shop/db], to: ["http://api:8080/", "tcp://api:8080"], expect: delivered');
  fails('from: [shop/web, shop/db], to: ["http://api:8080/", "tcp://api:8081"], expect: delivered', /^shop\/web → tcp:\/\/api:8081: /);
});

test('a list of verdicts is any of them', () => {
  holds('from: shop/web, to: "tcp://api:8081", expect: [refused, timeout]');
  fails('from: shop/web, to: "http://api:8080/", expect: [refused, timeout]', /^Delivered/);
});

test('an answer by one of several means that each of them answers', () => {
  holds('from: shop/web, to: "tcp://db:5432", by: [shop/db-0, shop/db-1], expect: delivered');
  fails('from: shop/web, to: "tcp://db:5432", by: shop/db-0, expect: delivered', /Answered by shop\/db-1, which is no pod of shop\/db-0/);
  fails('from: shop/web, to: "http://api:8080/", by: [shop/api, shop/db], expect: delivered', /No call is ever answered by shop\/db/);
});

test('pods are counted by who answers', () => {
  holds('from: shop/web, to: "http://api:8080/", after: ["kubectl scale deployment api -n shop --replicas=3"], backends: 3, expect: delivered');
  fails('from: shop/web, to: "http://api:8080/", backends: 3, expect: delivered', /^1 pod answers .*it should be 3/);
});

test('what an intent says happens first is done for it alone', () => {
  const lesson = lessonWith(`${intent('from: shop/web, to: "http://api:8080/", after: ["kubectl delete service api -n shop"], expect: name-not-found')}${intent('from: shop/web, to: "http://api:8080/", expect: delivered')}`);
  assert.deepEqual(liveIntents(lesson, opened(lesson)).map((result) => result.holds), [true, true]);
});

test('a line that fails fails the intent and is told', () => fails('from: shop/web, to: "http://api:8080/", after: ["kubectl delete service nobody -n shop"], expect: delivered', /"kubectl delete service nobody -n shop" failed: .*not found/));

test('pods that must be ready are counted, all of them or so many', () => {
  holds('ready: shop/db, expect: 2');
  holds('ready: shop/api, expect: all');
  holds('ready: node/worker-1, expect: all');
  fails('ready: shop/db, expect: 3', /^2 of 3 pods of shop\/db ready/);
  fails('ready: shop/nobody, expect: all', /no workload or pod shop\/nobody/);
  fails('ready: shop/api, after: ["kubectl scale deployment api -n shop --replicas=0"], expect: all', /^0 of 1 pod/);
});

test('a lookup finds the addresses of exactly the ready pods', () => {
  holds('lookup: db, from: shop/web, expect: { pods: shop/db }');
  holds('lookup: db-1.db, from: shop/web, expect: { pods: shop/db-1 }');
  fails('lookup: db-1.db, from: shop/web, expect: { pods: shop/db }', /^db-1\.db is /);
  fails('lookup: api, from: shop/web, expect: { pods: shop/api }', /^api is 10\./);
});

test('a lookup may expect the word of the server', () => {
  holds('lookup: nobody, from: [shop/web, shop/api], expect: { rcode: NXDOMAIN }');
  fails('lookup: api, from: shop/web, expect: { rcode: NXDOMAIN }', /^api is /);
});

test('queries that a name costs have a limit', () => {
  holds('lookup: example.com., from: shop/web, expect: found, queries: { max: 2 }');
  fails('lookup: example.com, from: shop/web, expect: found, queries: { max: 2 }', /costs 8 queries; 2 are allowed/);
  fails('from: shop/web, to: "http://example.com/", expect: delivered, queries: 2', /costs 8 queries/);
});

test('the address that a process sees is the caller\'s own inside the cluster, and another behind a node port', () => {
  holds('from: shop/web, to: "http://api:8080/", expect: delivered, sees: client');
  const door = 'after: ["kubectl patch service api -n shop -p \'{\\"spec\\":{\\"type\\":\\"NodePort\\",\\"ports\\":[{\\"port\\":8080,\\"nodePort\\":30080}]}}\'"]';
  holds(`from: external, to: "http://192.168.0.11:30080/", ${door}, expect: delivered, sees: other`);
  fails(`from: external, to: "http://192.168.0.11:30080/", ${door}, expect: delivered, sees: client`, /which is not the caller's address/);
});

test('a variable must say the right scheme', () => {
  const env = 'after: ["kubectl set env deployment/web -n shop URL=http://api:8080/"]';
  holds(`from: shop/web, to: { env: URL }, ${env}, expect: delivered`);
  fails(`from: shop/web, to: { env: URL, scheme: https }, ${env}, expect: delivered`, /it must call by https/);
  fails('from: shop/web, to: { env: URL }, expect: delivered', /has no variable URL/);
});

test('a status that was not expected is told', () => fails('from: shop/web, to: "http://api:8080/", expect: delivered, status: 404', /has status 200; it should be 404/));

function fallsAfter(lesson: Lesson, ...lines: readonly string[]): readonly string[] {
  const broken = opened(lesson);
  const judged = judge(lesson, broken, after(broken, ...lines));
  return [...judged.falls, ...judged.guards.filter((guard) => !guard.holds).map((guard) => guard.say)];
}

const plain = intent('from: shop/web, to: "http://api:8080/", expect: delivered');

test('one field of an object can be protected, and the rest may change', () => {
  const guarded = lessonWith(plain, '    untouched: [{ object: Service/shop/api, field: spec.selector }]\n');
  assert.deepEqual(fallsAfter(guarded, 'kubectl label service api -n shop team=x'), []);
  assert.deepEqual(fallsAfter(guarded, `kubectl patch deployment api -n shop -p '{"spec":{"template":{"metadata":{"labels":{"x":"y"}}}}}'`, `kubectl patch service api -n shop -p '{"spec":{"selector":{"x":"y"}}}'`), ['guard', 'spec.selector of Service shop/api stays as it is']);
});

test('a text that must stay is looked for in its field', () => {
  const lesson = lessonWith(plain, '    keeps: [{ object: Deployment/shop/api, field: "spec.template.spec.containers[0].image", text: registry.example }]\n');
  assert.deepEqual(fallsAfter(lesson, 'kubectl label deployment api -n shop team=x'), []);
  assert.deepEqual(fallsAfter(lesson, 'kubectl set image deployment/api -n shop api=elsewhere/api:1'), ['guard', '"registry.example" still stands in spec.template.spec.containers[0].image of Deployment shop/api']);
});

test('load balancers have a ceiling', () => {
  const lesson = lessonWith(plain, '    loadBalancers: { max: 0 }\n');
  assert.deepEqual(fallsAfter(lesson, 'kubectl label service api -n shop team=x'), []);
  assert.ok(fallsAfter(lesson, `kubectl expose deployment web -n shop --port=80 --type=LoadBalancer`).includes('At most 0 load balancers are paid for (there is 1)'));
});
