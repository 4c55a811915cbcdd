// `sh -c LINE` in a pod: the same shell as the lab's own, with the container's tools.
import { failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { interpret } from '../interpret.ts';
import { insideOf } from './inside.ts';

export function sh(call: Call): Answer {
  const { env } = insideOf(call);
  const at = call.args.findIndex((word) => /^-[a-z]*c$/.test(word));
  const line = call.args[at + 1];
  if (at < 0 || line === undefined) return failed(`${call.name}: the lab opens no shell that stays; give a command: ${call.name} -c '…'`, 1);
  const answer = interpret(line, { ...call, variables: { ...env } });
  if (answer.kind !== 'done') return failed(`${call.name}: this cannot be done inside a container`, 1);
  const { output, status, traces, lookups, meanings } = answer;
  const renamed = output.map((piece) => (piece.stream === 'err' && call.name === 'sh' ? { ...piece, text: piece.text.replace(/^bash: ([^\n]*): command not found$/gm, 'sh: 1: $1: not found').replace(/^bash: /gm, 'sh: ') } : piece));
  return { kind: 'done', status, output: renamed, ...(traces === undefined ? {} : { traces }), ...(lookups === undefined ? {} : { lookups }), ...(meanings === undefined ? {} : { meanings }) };
}
