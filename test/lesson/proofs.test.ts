import test from 'node:test';
import assert from 'node:assert/strict';
import { prove, proofs } from '../../src/lesson/proofs.ts';
import { sameTwice } from '../../src/lesson/proofs/deterministic.ts';
import { clusterYaml, folder, lessonFrom, lessonYaml, service, textMd, trapHead } from './folder.fixture.ts';

type Changes = Readonly<Record<string, string | null>>;

/** What a check says of the small lesson with some files replaced; `null` when it passes. */
function against(check: string, changes: Changes): string | null {
  const found = prove(lessonFrom(changes)).find((one) => one.check === check);
  assert.ok(found, `${check} was not made`);
  return found.passes ? null : found.detail;
}

/** A file of the small lesson. */
const lessonFiles = (path: string): string => folder().find((file) => file.path === path)?.text ?? '';

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

test('a repair that does not say how small it can be is noticed', () => falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('  edits: 1\n', '') }, /says in "edits" how many fields/));

test('an intent from somebody who is not there, before and after the repair, is noticed', () => {
  falls('starts-broken', { 'lesson.yaml': lessonYaml.replace('from: shop/web\n      to: http://api:8080/\n      by', 'from: shop/nobody\n      to: http://api:8080/\n      by') }, /"web calls api" cannot be asked: nothing in the cluster is called "shop\/nobody"/);
});

const withoutRepair: Changes = { 'solutions/selector.yaml': null, 'solutions/template.yaml': null, 'traps/wide-open.yaml': null, 'text/en.md': textMd.replace(/## Trap wide-open[\s\S]*?(?=## Debrief)/, '') };

test('a lesson without repair in which something fails is noticed', () => falls('starts-broken', withoutRepair, /the lesson has no repair, and "web calls api" fails/));

test('a lesson without repair, predictions and diagnosis is noticed', () => {
  const yaml = lessonYaml.replace('expect: delivered', 'expect: refused').replace('      by: shop/api\n', '').replace(/ {2}predictions:[\s\S]*?(?= {2}guard:)/, '').replace(/ {2}diagnosis:[\s\S]*?(?= {2}edits:)/, '');
  falls('starts-broken', { ...withoutRepair, 'lesson.yaml': yaml, 'text/en.md': (withoutRepair['text/en.md'] ?? '').replace(/## Prediction first[\s\S]*?(?=## Hints)/, '') }, /needs predictions or a diagnosis/);
});

/** Two faults, the second of which shows only when the first is repaired: with no endpoint nobody meets the policy. */
const two = (field = 'spec.ingress'): Changes => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: shop }\nspec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [] }\n';
  const open = deny.replace('ingress: []', 'ingress: [{}]');
  return {
    'lesson.yaml': lessonYaml.replace('  diagnosis:\n    layer: service\n    object: Service/shop/api\n    field: spec.selector\n', `  diagnosis:\n    - { layer: service, object: Service/shop/api, field: spec.selector }\n    - { layer: policy, object: NetworkPolicy/shop/closed, field: ${field} }\n`).replace('opened: none', 'opened: warn'),
    'cluster/all.yaml': clusterYaml.replace('---\napiVersion: k8snet-lab', `---\n${deny}---\napiVersion: k8snet-lab`),
    'solutions/selector.yaml': `${service('api')}---\n${open}`,
    'solutions/template.yaml': `${service('api')}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: shop }\n$patch: delete\n`,
  };
};

test('a fault behind another is accepted in the list when it shows alone, and noticed when it does not', () => {
  assert.equal(against('starts-broken', two()), null);
  falls('starts-broken', two('spec.podSelector.matchLabels.tier'), /NetworkPolicy\/shop\/closed/);
});

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

test('an object that a solution could leave out, change or keep is noticed', () => {
  const policy = (ports: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: more, namespace: shop }\nspec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ ports: [${ports}] }] }\n`;
  const warn = { 'lesson.yaml': lessonYaml.replace('opened: none', 'opened: warn') };
  falls('mutation', { ...warn, 'solutions/selector.yaml': `${service('api')}---\n${policy('{ port: 8080 }, { port: 9090 }')}` }, /NetworkPolicy\/shop\/more left out.*ports\[1\]\.port left out.*ports\[1\]\.port altered/);
  const needless = clusterYaml.replace('---\napiVersion: k8snet-lab', `---\n${policy('{ port: 8080 }')}---\napiVersion: k8snet-lab`);
  falls('mutation', { ...warn, 'cluster/all.yaml': needless, 'solutions/selector.yaml': `${service('api')}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: more, namespace: shop }\n$patch: delete\n` }, /selector still solves it with NetworkPolicy\/shop\/more kept/);
});

test('a field with a reason to be free is spared', () => {
  assert.match(against('mutation', { 'solutions/template.yaml': lessonFiles('solutions/template.yaml').replace(/ {2}free:[\s\S]*$/, '') }) ?? 'it passes', /template still solves it with Service\/shop\/api spec\.ports\[1\]/);
  assert.equal(against('mutation', {}), null);
});

test('a title or a sentence that does not fit its line is noticed', () => {
  falls('texts-complete', { 'lesson.yaml': lessonYaml.replace('title: A small lesson', `title: ${'long '.repeat(12)}`) }, /the title "long .* has 59 characters; 50 fit/);
  falls('texts-complete', { 'lesson.yaml': lessonYaml.replace('say: web calls api', `say: ${'long '.repeat(18)}`) }, /what an intent says .* has 89 characters; 78 fit/);
});

test('a call in code may go anywhere, a link in the debrief may not', () => {
  assert.equal(against('texts-complete', { 'text/en.md': textMd.replace('The page stays empty.', 'The page stays empty: `https://vendor.internal/` and https://shop.example.com/ time out.') }), null);
  falls('texts-complete', { 'text/en.md': textMd.replace('The selector found nobody.', 'See `https://vendor.internal/`.') }, /leads to vendor\.internal/);
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
  falls('texts-complete', link('https://kubernetes.io.elsewhere.dev/'), /leads to kubernetes\.io\.elsewhere\.dev/);
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
  const run = (): string => String(++runs);
  assert.equal(sameTwice(run, run), false);
  assert.equal(sameTwice(() => 'the same', () => 'the same'), true);
});
