// The few commands that every shell has: echo, true, false.
import { failed, printed } from './command.ts';
import type { Answer, Call } from './command.ts';

export function echo(call: Call): Answer {
  const words = [...call.args];
  let end = '\n';
  let escapes = false;
  while (words[0] !== undefined && /^-[neE]+$/.test(words[0])) {
    const option = words.shift() ?? '';
    if (option.includes('n')) end = '';
    if (option.includes('e')) escapes = true;
  }
  const text = words.join(' ');
  // Only line ends and tabs: what a terminal would obey is not made.
  return printed((escapes ? text.replace(/\\([nt\\])/g, (_whole, letter: string) => ({ n: '\n', t: '\t' }[letter] ?? '\\')) : text) + end);
}

export const trueCommand = (): Answer => printed('');
export const falseCommand = (): Answer => failed('');
