// A shell at a place: `sh -c LINE`, a script on standard input, or a shell that stays.
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { readFile } from '../files.ts';
import { interpret } from '../interpret.ts';
import type { OpenShell, Where } from '../session.ts';
import { insideOf } from './inside.ts';
import { environmentOf } from './look-around.ts';

export function sh(call: Call): Answer {
  const inside = insideOf(call);
  const shell = call.name === 'bash' ? 'bash' as const : 'sh' as const;
  const at = call.args.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = call.args.find((word, index) => !word.startsWith('-') && (at < 0 || index < at));
  let line: string | null = at < 0 ? null : call.args[at + 1] ?? null;
  if (at >= 0 && line === null) return failed(`${call.name}: ${at >= 0 ? '-c' : ''}: option requires an argument`, 2);
  if (line === null && script !== undefined) {
    const read = readFile(call, script);
    if (read.kind !== 'text') return failed(shell === 'bash' ? `bash: ${script}: No such file or directory` : `sh: 0: cannot open ${script}: No such file`, shell === 'bash' ? 127 : 2);
    line = read.text;
  }
  if (line === null && call.stdin !== null) line = call.stdin;
  if (line === null) {
    if (!inside.terminal) return printed('');
    const opens: OpenShell = { where: whereOf(call), program: shell, variables: environmentOf(call), status: 0, opener: inside.opener ?? (inside.from.kind === 'pod' ? 'exec' : inside.from.kind === 'node' ? 'ssh' : 'on') };
    return printed('', { opens });
  }
  const answer = interpret(line, { ...call, shell, stdin: null, variables: { ...environmentOf(call), ...assigned(call) } });
  if (answer.kind !== 'done') return failed(`${call.name}: this cannot be done inside a container`, 1);
  const { lab: _lab, namespace: _namespace, variables: _variables, opens: _opens, shellDoes: _does, ...rest } = answer;
  return { ...rest, output: answer.output.map((piece) => (piece.stream === 'err' && shell === 'sh' ? { ...piece, text: piece.text.replace(/^bash: /gm, 'sh: ') } : piece)) };
}

/** Variables that stand before the command (`X=1 sh -c …`) and those of the shell around. */
const assigned = (call: Call): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(call.variables).filter(([name]) => name !== '?'));

function whereOf(call: Call): Where {
  const { from, image, hostname } = insideOf(call);
  switch (from.kind) {
    case 'pod': return { kind: 'container', namespace: from.namespace, pod: from.name, container: from.container ?? '', image };
    case 'node': return { kind: 'node', name: from.name, image };
    case 'external': return { kind: 'host', name: hostname };
  }
}
