// The shell line: quotes, variables, lists, pipes, here-documents, and what is refused in one line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { argumentsOf } from '../../src/shell/parse/arguments.ts';
import { parseLine } from '../../src/shell/parse/line.ts';
import { shop, type } from './shop.ts';

const session = shop();
const out = (line: string): string => type(session, line).stdout;

test('single quotes keep everything, double quotes expand variables', () => {
  assert.equal(out(`X=1; echo '$X' "$X" $X`), '$X 1 1\n');
});
test('an unquoted variable is split into words and an empty one is none', () => {
  assert.deepEqual(argumentsOf('a $X "$X" $Y', { X: '1 2', Y: '' }).words, ['a', '1', '2', '1 2']);
});
test('names of JavaScript\'s own are empty variables', () => {
  assert.equal(out('echo "[$constructor$__proto__]"'), '[]\n');
});
test('&& runs after success, || after failure, ; always', () => {
  assert.equal(out('true && echo a || echo b; false && echo c || echo d'), 'a\nd\n');
});
test('$? is the status of the command before', () => {
  assert.equal(out('false; echo $?; echo $?'), '1\n0\n');
  assert.equal(type(session, 'nope', 'echo $?').stdout, '127\n');
});
test('a pipe carries standard output and not standard error', () => {
  const ran = type(session, 'kubectl get pods,svc nope | wc -l');
  assert.equal(ran.stdout, '0\n');
  assert.match(ran.stderr, /pods "nope" not found/);
});
test('2>&1 joins the streams, 2>/dev/null drops one', () => {
  assert.equal(out('kubectl get pod nope 2>&1 | grep -c NotFound'), '1\n');
  assert.equal(type(session, 'kubectl get pod nope 2>/dev/null').stderr, '');
});
test('$( ) is the output without its last line ends, quotes around it keep it one word', () => {
  assert.equal(out('echo "$(kubectl get svc api -o name)" x'), 'service/api x\n');
  assert.equal(out(`X=$(kubectl get svc api -o jsonpath='{.spec.clusterIP}'); echo $X`), '10.96.42.7\n');
});
test('a here-document is standard input; a quoted delimiter keeps its dollars', () => {
  assert.equal(out('X=1\ncat <<EOF\na $X\nEOF'), 'a 1\n');
  assert.equal(out("cat <<'EOF'\na $X\nEOF"), 'a $X\n');
});
test('a comment ends the line, a # inside a word does not', () => {
  assert.equal(out('echo a#b # c'), 'a#b\n');
});
test('stars and question marks stay as they are: there are no files', () => {
  assert.equal(out('echo * http://x/?a=b'), '* http://x/?a=b\n');
});
for (const [line, says] of [
  ['echo "a', 'bash: unexpected EOF while looking for matching `"\''],
  ['echo a |', 'bash: syntax error: unexpected end of file'],
  ['| grep a', "bash: syntax error near unexpected token `|'"],
  ['sleep 1 &', "bash: the lab's terminal runs nothing in the background"],
  ['echo a 3> file', "bash: 3>: the lab's terminal has the streams 0, 1 and 2 only"],
  ['diff <(echo a) <(echo b)', "bash: the lab's terminal has no process substitution: use a pipe or a file"],
  ['f() { echo a; }', "bash: the lab's terminal has no functions"],
  ['cat <<EOF\na', "bash: here-document delimited by end-of-file (wanted `EOF')"],
  ['echo ${}', 'bash: Bad substitution: ${}'],
] as const) {
  test(`${line.split('\n')[0] ?? ''} is refused in one line`, () => {
    const ran = type(session, line);
    assert.equal(ran.stderr, `${says}\n`);
    assert.notEqual(ran.status, 0);
  });
}
test('an unknown command is 127 and the nearest is named', () => {
  const ran = type(session, 'kubctl get pods');
  assert.equal(ran.stderr, 'bash: kubctl: command not found\nDid you mean kubectl?\n');
  assert.equal(ran.status, 127);
});
test('filters do what people use them for', () => {
  const lines = (filter: string): string => out(`echo -e 'b 2\\na 10\\nb 2\\nC 1' | ${filter}`);
  assert.equal(lines('sort'), 'C 1\na 10\nb 2\nb 2\n');
  assert.equal(lines('sort -u | head -2'), 'C 1\na 10\n');
  assert.equal(lines('sort -k2 -n'), 'C 1\nb 2\nb 2\na 10\n');
  assert.equal(lines('sort | uniq -c | tail -1'), '      2 b 2\n');
  assert.equal(lines('grep -i c'), 'C 1\n');
  assert.equal(lines('grep -v b | wc -l'), '2\n');
  assert.equal(lines("grep -E '^(a|C)' -n"), '2:a 10\n4:C 1\n');
  assert.equal(type(session, 'echo a | grep b').status, 1);
});
test('history and help print, clear asks for a clear screen', () => {
  assert.match(type(session, 'echo a', 'history').stdout, /^ {4}1 {2}echo a\n$/);
  assert.match(out('help'), /kubectl exec POD -- curl/);
});
test('no line makes the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '(', ')', '{', '}', '|', '&', ';', '<', '>', '\n', '#', '=', '*'), maxLength: 24 }), (line) => {
    const parsed = parseLine(line);
    assert.ok(parsed.ok || parsed.failures.length > 0);
  }));
});
