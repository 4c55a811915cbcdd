// Completion: what can stand at the cursor.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, evidence } from '../../src/shell/shell.ts';
import { openShop, shop } from './shop.ts';

const session = shop();
const at = (line: string): readonly string[] => complete(session, line, line.length).candidates;

test('programs first, then verbs', () => {
  assert.deepEqual(at('kubec'), ['kubectl']);
  assert.deepEqual(at('kubectl de'), ['debug', 'delete', 'describe']);
  assert.deepEqual(at('echo a | gr'), ['grep']);
});
test('kinds, then names of that kind', () => {
  assert.ok(at('kubectl get endpoints').includes('endpointslices'));
  assert.deepEqual(at('kubectl get svc '), ['api', 'db', 'good', 'wrong']);
  assert.deepEqual(at('kubectl describe svc/a'), ['svc/api']);
  assert.deepEqual(at('kubectl get svc api g'), ['good']);
});
test('names come from the namespace that is written, namespaces are completed', () => {
  assert.deepEqual(at('kubectl -n kube-system get svc '), ['kube-dns']);
  assert.ok(at('kubectl get pods -n ').includes('shop'));
});
test('exec offers pods, their containers and tools behind the dashes', () => {
  assert.ok(at('kubectl exec w').includes('web'));
  assert.deepEqual(at('kubectl exec web -c '), ['helper', 'web']);
  assert.deepEqual(at('kubectl exec web -- nsl'), ['nslookup']);
});
test('flags', () => {
  assert.deepEqual(at('kubectl get pods --show-l'), ['--show-labels']);
  assert.deepEqual(at('kubectl get pods -o js'), ['json', 'jsonpath=']);
});
test('the completed word starts where it starts', () => {
  assert.equal(complete(session, 'kubectl get sv', 14).from, 12);
  assert.equal(complete(session, 'kubectl get ', 12).from, 12);
});
test('evidence is what the command prints, and changes nothing', () => {
  const lab = openShop();
  assert.match(evidence(lab, 'kubectl get svc api -n shop'), /^NAME {3}TYPE/);
  assert.equal(evidence(lab, 'kubectl get pod x -n shop'), 'Error from server (NotFound): pods "x" not found\n');
});
