// Loops, seq and jq in the shell line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shop, type } from './shop.ts';

const session = shop();
const out = (line: string): string => type(session, line).stdout;

test('for runs its body once for every word, variables and $( ) expanded', () => {
  assert.equal(out('for i in a "b c" $(seq 2); do echo "<$i>"; done; echo $i'), '<a>\n<b c>\n<1>\n<2>\n2\n');
});
test('loops stand in loops, and on several lines', () => {
  assert.equal(out('for i in 1 2\ndo\n  for j in x y; do echo $i$j; done\ndone'), '1x\n1y\n2x\n2y\n');
});
test('a list without words is no loop at all', () => {
  assert.equal(out('for i in $(true); do echo $i; done; echo end'), 'end\n');
});
test('a loop takes part in && and ||', () => {
  assert.equal(out('false && for i in 1 2; do echo $i; done; true && for i in 3; do echo $i; done'), '3\n');
});
test('a here-document in a loop is expanded each time', () => {
  assert.equal(out('for i in 1 2; do\ncat <<EOF\nx $i\nEOF\ndone'), 'x 1\nx 2\n');
});
test('what a loop changes stays changed, and every question leaves its trace', () => {
  const ran = type(session, 'for i in 1 2 3; do kubectl exec web -c web -- curl -s -o /dev/null http://good/; done; kubectl scale deploy api --replicas=1');
  assert.equal(ran.traces.length, 3);
  assert.equal(ran.changed, true);
});
test('a line runs a thousand commands at most', () => {
  const ran = type(session, 'for i in $(seq 900); do for j in $(seq 900); do true; done; done');
  assert.equal(ran.stderr, 'bash: the line ran 1000 commands; the rest was left out\n');
  assert.equal(ran.status, 1);
});
for (const [line, says] of [
  ['for i in 1; do echo', 'bash: syntax error: unexpected end of file'],
  ['for i in 1; echo; done', "bash: syntax error near unexpected token `echo'"],
  ['do echo', "bash: syntax error near unexpected token `do'"],
  ['done', "bash: syntax error near unexpected token `done'"],
  ['for i in 1; do done', "bash: syntax error near unexpected token `done'"],
  ['while true; done', "bash: syntax error near unexpected token `done'"],
  ['if true; fi', "bash: syntax error near unexpected token `fi'"],
  ['if true; then echo', 'bash: syntax error: unexpected end of file'],
] as const) {
  test(`${line}: ${says}`, () => {
    const ran = type(session, line);
    assert.equal(ran.stderr, `${says}\n`);
    assert.notEqual(ran.status, 0);
  });
}
test('a loop in a pod is the same loop', () => {
  assert.equal(out(`kubectl exec web -c web -- sh -c 'for i in 1 2; do echo $i; done'`), '1\n2\n');
});
test('seq counts', () => {
  assert.equal(out('seq 3'), '1\n2\n3\n');
  assert.equal(out('seq 5 -2 1'), '5\n3\n1\n');
  assert.equal(out('seq 2 1'), '');
  assert.match(type(session, 'seq x').stderr, /^seq: invalid floating point argument: 'x'/);
});
test('jq reads simple paths', () => {
  assert.equal(out(`kubectl get svc api -o json | jq .spec.ports[0].port`), '8080\n');
  assert.equal(out(`kubectl get svc api -o json | jq -r '.spec.selector | keys[]'`), 'app\ntier\n');
  assert.equal(out(`kubectl get svc -o json | jq '.items | length'`), '4\n');
  assert.equal(out(`kubectl get svc -o json | jq -r '.items[] | select(.spec.clusterIP == "10.96.42.9") | .metadata.name'`), 'wrong\n');
  assert.equal(out(`kubectl get svc api -o json | jq -c '[.metadata.name, .spec.type, .nope]'`), '["api","ClusterIP",null]\n');
});
test('jq says what it cannot take', () => {
  assert.equal(type(session, `echo '{"a":1}' | jq .a.b`).stderr, 'jq: error (at <stdin>:1): Cannot index number with "b"\n');
  assert.equal(type(session, `echo '{"a":1}' | jq '.a[]'`).stderr, 'jq: error (at <stdin>:1): Cannot iterate over number (1)\n');
  assert.equal(type(session, 'echo x | jq .').status, 5);
  assert.equal(type(session, `echo 1 | jq 'frob(.)'`).stderr, 'jq: error: frob/1 is not defined at <top-level>, line 1:\nfrob(.)\njq: 1 compile error\n');
});
