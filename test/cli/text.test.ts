import assert from 'node:assert/strict';
import test from 'node:test';
import { wholeCommands } from '../../src/cli/shell-lines.ts';
import { sourceText } from '../../src/sim/lab.ts';
import { problemText } from '../../src/cli/tell-problems.ts';
import type { Problem } from '../../src/sim/model/problem.ts';

const problem: Problem = { code: 'invalid-value', severity: 'error', says: 'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range.', where: { file: 'svc.yaml', line: 7, column: 5, object: 'Service shop/api', field: 'spec.ports[0].nodePort' }, help: null };

test("a problem names file, line, column, object and field, the field once where the API server's sentence begins with it", () => {
  assert.equal(problemText(problem), 'svc.yaml:7:5: Service shop/api: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range.');
  assert.equal(problemText({ ...problem, says: 'wrong', help: 'Do this.' }), 'svc.yaml:7:5: Service shop/api: spec.ports[0].nodePort: wrong\n  Do this.');
});

test('what is not known of a place is left out, and control characters in it are shown', () => {
  assert.equal(problemText({ ...problem, says: 'no such file or directory', where: { file: 'a\x1b[31m.yaml', line: null, column: null, object: null, field: null } }), 'a␛[31m.yaml: no such file or directory');
  assert.equal(problemText({ ...problem, where: null, severity: 'warning', says: 'odd' }), 'warning: odd');
});

test('a source is written as the command line takes it', () => {
  assert.deepEqual([
    sourceText({ kind: 'pod', namespace: 'shop', name: 'web', container: null }), sourceText({ kind: 'pod', namespace: 'shop', name: 'web', container: 'side' }), sourceText({ kind: 'node', name: 'worker-1' }),
    sourceText({ kind: 'external', ip: '203.0.113.10', atNode: null }), sourceText({ kind: 'external', ip: '198.51.100.7', atNode: 'worker-1' }), sourceText({ kind: 'external', ip: '203.0.113.10', atNode: 'worker-1' }),
  ], ['shop/web', 'shop/web:side', 'node/worker-1', 'external', 'external/198.51.100.7@worker-1', 'external@worker-1']);
});

test('a here-document and a continued line are one command', async () => {
  const lines = ['kubectl get pods', "kubectl apply -f - <<'EOF'", 'kind: Pod', 'EOF', 'echo a \\', 'b', 'cat <<-END', '\tx', '\tEND', 'echo "unfinished" \\'];
  const commands: string[] = [];
  for await (const command of wholeCommands((async function* () { yield* lines; })())) commands.push(command);
  assert.deepEqual(commands, ['kubectl get pods', "kubectl apply -f - <<'EOF'\nkind: Pod\nEOF", 'echo a \\\nb', 'cat <<-END\n\tx\n\tEND', 'echo "unfinished" \\']);
});
