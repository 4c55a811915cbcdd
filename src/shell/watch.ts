// `watch COMMAND`: what it shows at once; nothing here changes while somebody looks on.
import { failed } from './command.ts';
import type { Answer, Call } from './command.ts';
import { interpret } from './interpret.ts';

// Simplified: watch shows one page and ends, because nothing changes while somebody looks on.
/** `watch [-n SECONDS] [-d] [-t] COMMAND…`: one page of it, as it would stand there. */
export function watch(call: Call): Answer {
  let every = 2;
  let title = true;
  let index = 0;
  for (; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const interval = /^(?:-n|--interval=?)(.*)$/.exec(word);
    if (interval !== null) {
      const value = interval[1] !== '' ? interval[1] ?? '' : call.args[++index] ?? '';
      if (!/^\d+([.,]\d+)?$/.test(value)) return failed(`watch: failed to parse argument: '${value}'`);
      every = Math.max(0.1, Number(value.replace(',', '.')));
    } else if (word === '-t' || word === '--no-title') title = false;
    else if (word === '-d' || word === '-c' || word === '-e' || word === '-g' || word === '-x') continue;
    else if (word.startsWith('-')) return failed(`watch: invalid option -- '${word.slice(1, 2)}'`);
    else break;
  }
  const command = call.args.slice(index).join(' ');
  if (command === '') return failed('Usage:\n watch [options] command');
  const { name: _name, args: _args, ...ground } = call;
  const answer = interpret(command, { ...ground, stdin: null });
  if (answer.kind !== 'done') return answer;
  const { variables: _variables, shellDoes: _does, opens: _opens, ...rest } = answer;
  const shown = answer.output.map((piece) => ({ ...piece, stream: 'out' as const }));
  return { ...rest, status: 0, output: [...(title ? [{ stream: 'out' as const, text: `Every ${every.toFixed(1)}s: ${command}\n\n` }] : []), ...shown] };
}
