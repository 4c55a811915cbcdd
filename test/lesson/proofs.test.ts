import test from 'node:test';
import assert from 'node:assert/strict';
import { prove, proofs } from '../../src/lesson/proofs.ts';
import { sameTwice } from '../../src/lesson/proofs/deterministic.ts';
import { clusterYaml, lessonFrom, lessonYaml, service, textMd, trapHead } from './folder.fixture.ts';

type Changes = Readonly<Record<string, string | null>>;

/** What a check says of the small lesson with some files replaced; `null` when it passes. */
function against(check: string, changes: Changes): string | null {
  const found = prove(lessonFrom(changes)).find((one) => one.check === check);
  assert.ok(found, `${check} was not made`);
  return found.passes ? null : found.detail;
}

const falls = (check: string, changes: Changes, words: RegExp): void => assert.match(against(check, changes) ?? 'it passes', words);

test('the small lesson is proven', () => {
  const checks = prove(lessonFrom());
  assert.deepEqual(checks.filter((one) => !one.passes), []);
  assert.deepEqual(checks.map((one) => one.check), proofs.map((proof) => proof.name));
});

test('a lesson in which nothing is broken is noticed', () => falls('starts-broken', { 'cluster/all.yaml': clusterYaml.replace('app: nobody', 'app: api') }, /nothing is broken/));

test('a diagnosis that is not on the road of the failure is noticed', () => {
  falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('object: Service/shop/api', 'object: Service/shop/web') }, /the diagnosis names Service\/shop\/web/);
  falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('field: spec.selector', 'field: spec.type') }, /the diagnosis says field spec\.type/);
  falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('    layer: service', '    layer: dns') }, /the diagnosis says layer dns/);
});

test('a prediction whose answer is not among its choices is noticed', () => falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('[delivered, refused]', '[delivered, timeout]') }, /is refused, which is not among its choices/));

test('a prediction that cannot be asked is noticed', () => falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('id: first\n      from: shop/web', 'id: first\n      from: shop/nobody') }, /the prediction first cannot be asked/));

test('a lesson of level two without a prediction is noticed', () => {
  const yaml = lessonYaml.replace('level: 1', 'level: 2').replace(/ {2}predictions:[\s\S]*?(?= {2}guard:)/, '');
  falls('starts-broken', { 'lesson.yaml': yaml, 'text/en.md': textMd.replace(/## Prediction first[\s\S]*?(?=## Hints)/, '') }, /needs a prediction/);
});

test('a repair without a diagnosis is noticed', () => falls('starts-broken', { 'lesson.yaml': lessonYaml.replace(/ {2}diagnosis:[\s\S]*?(?= {2}edits:)/, '') }, /needs a diagnosis/));

test('a solution that does not solve is noticed', () => falls('solutions-solve', { 'solutions/selector.yaml': service('somebody') }, /selector does not solve it: it falls for intent/));

test('a solution that touches what is protected is noticed', () => {
  falls('solutions-solve', { 'lesson.yaml': lessonYaml.replace('Namespace/*', 'Service/shop/*') }, /falls for guard/);
});

test('a solution that opens a door to the outside is noticed', () => falls('solutions-solve', { 'solutions/selector.yaml': service('api', '  type: NodePort\n') }, /falls for outside/));

test('a single solution is noticed', () => falls('solutions-solve', { 'solutions/template.yaml': null }, /show a second way/));

test('two solutions that differ in nothing but order are noticed', () => {
  const reordered = 'kind: Service\napiVersion: v1\nspec:\n  ports: [{ targetPort: 8080, port: 8080, name: http }]\n  selector: { app: api }\nmetadata: { namespace: shop, name: api }\n';
  falls('solutions-solve', { 'solutions/template.yaml': reordered }, /differ in nothing but order/);
});

test('a solution that cannot be applied is noticed', () => falls('solutions-solve', { 'solutions/selector.yaml': service('api').replace('port: 8080', 'port: 80800') }, /cannot be applied/));

test('a trap that solves the lesson is noticed', () => falls('traps-fall', { 'traps/wide-open.yaml': `${trapHead('outside')}---\n${service('api')}` }, /wide-open solves the lesson/));

test('a trap that falls for another check is noticed', () => falls('traps-fall', { 'traps/wide-open.yaml': `${trapHead('outside')}---\n${service('somebody')}` }, /should fall for outside and falls for intent/));

test('a trap that does not do what it says it looks like gets another message', () => {
  falls('traps-fall', { 'traps/wide-open.yaml': `${trapHead('outside', '  looksLike:\n    - deleted: Service/shop/api\n')}---\n${service('api', '  type: LoadBalancer\n')}` }, /gets another message than its own/);
});

test('a field that a solution can do without is noticed', () => {
  const extra = service('api').replace('targetPort: 8080 }', 'targetPort: 8080 }, { name: more, port: 9000, targetPort: 9000 }');
  falls('mutation', { 'solutions/selector.yaml': extra }, /selector still solves it with Service\/shop\/api spec\.ports\[1\]/);
});

test('a hint that gives the answer away too early is noticed', () => {
  const solution = `${service('api').replace('{ app: api }', '{ role: front }')}---\n${clusterYaml.split('---\n')[2]?.replace('labels: { app: api }', 'labels: { app: api, role: front }') ?? ''}`;
  const changes = (hint: string): Changes => ({ 'solutions/selector.yaml': solution, 'text/en.md': textMd.replace('Look at the endpoint list.', hint) });
  falls('hints-keep-the-answer', changes('Give them the role front.'), /hint 1 \(en\) already says front/);
  assert.equal(against('hints-keep-the-answer', changes('Confront the endpoint list.')), null);
  assert.equal(against('hints-keep-the-answer', { ...changes('Look.'), 'text/en.md': textMd.replace('The selector is wrong.', 'Use front.') }), null);
});

test('a text that does not fit its page is noticed', () => falls('texts-complete', { 'text/en.md': textMd.replace('The page stays empty.', 'Line.\n'.repeat(17)) }, /"Story" takes 17 lines/));

test('a link that is not allowed is noticed', () => {
  const link = (to: string): Changes => ({ 'text/en.md': `${textMd}\n${to}\n` });
  falls('texts-complete', link('https://kubernetes.io.example.net/'), /leads to kubernetes\.io\.example\.net/);
  falls('texts-complete', link('http://kubernetes.io/'), /no plain https address/);
  falls('texts-complete', link('https://me@kubernetes.io/'), /no plain https address/);
});

test('a debrief without a page of the documentation is noticed', () => falls('texts-complete', { 'text/en.md': textMd.replace(/https:\/\/.*/, '') }, /links no page of kubernetes\.io/));

test('a repair without hints is noticed', () => falls('texts-complete', { 'lesson.yaml': lessonYaml.replace('  guard:', '  steps:\n    - { title: Go, ends: intents }\n  guard:'), 'text/en.md': textMd.replace(/## Hints[\s\S]*?(?=## Trap)/, '## Go\n\nGo.\n\n') }, /there are no hints/));

test('a cluster that an API server would refuse is noticed', () => {
  const checks = prove(lessonFrom({ 'cluster/all.yaml': clusterYaml.replace('port: 8080', 'port: 80800') }));
  assert.deepEqual(checks.map(({ check, passes }) => [check, passes]), [['manifests-valid', false]]);
  assert.match(checks[0]?.detail ?? '', /spec\.ports\[0\]\.port/);
});

test('two Cluster documents or none are noticed', () => {
  falls('manifests-valid', { 'cluster/all.yaml': clusterYaml.replace(/---\napiVersion: k8snet-lab[\s\S]*$/, '') }, /no Cluster document/);
});

test('a pod that does not say what it listens on is noticed', () => falls('manifests-valid', { 'cluster/all.yaml': clusterYaml.replace(', annotations: { k8snet-lab/listen: "" }', '') }, /Deployment\/shop\/web does not say what it listens on/));

test('a line of a fix that fails is noticed', () => falls('manifests-valid', { 'traps/wide-open.yaml': trapHead('intent', '  run:\n    - kubectl delete service not-there -n shop\n') }, /not-there/));

test('a run that differs from the one before is noticed', () => {
  let runs = 0;
  assert.equal(sameTwice(() => String(++runs)), false);
  assert.equal(sameTwice(() => 'the same'), true);
});
