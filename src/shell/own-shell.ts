// `sh -c LINE` and `bash FILE` on the learner's own machine: the same shell again, with variables of its own.
import { failed, printed } from './command.ts';
import type { Answer, Call } from './command.ts';
import { readFile } from './files.ts';
import { interpret } from './interpret.ts';

export function sh(call: Call): Answer {
  const at = call.args.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = call.args.find((word) => !word.startsWith('-'));
  let line = at >= 0 ? call.args[at + 1] ?? null : call.stdin;
  if (at < 0 && script !== undefined) {
    const read = readFile(call, script);
    if (read.kind === 'wanted') return { kind: 'files', paths: [script] };
    if (read.kind === 'missing') return failed(`bash: ${script}: No such file or directory`, 127);
    line = read.text;
  }
  if (line === null) return at >= 0 ? failed('bash: -c: option requires an argument', 2) : printed('');
  const { name: _name, args: _args, ...ground } = call;
  const answer = interpret(line, { ...ground, stdin: null });
  if (answer.kind !== 'done') return answer;
  const { variables: _variables, shellDoes: _does, opens: _opens, ...rest } = answer;
  return rest;
}
