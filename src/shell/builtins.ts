// What a shell does by itself, wherever it runs: its variables, its loops, tests and the few commands that are no programs.
import { sortedEntries } from '../sim/base/order.ts';
import { failed, printed } from './command.ts';
import type { Answer, Call, Program } from './command.ts';
import { readFile } from './files.ts';
import { echo, falseCommand, printf, trueCommand } from './plain.ts';
import { matchesPattern } from './parse/pattern.ts';

const levelsOf = (call: Call): number => Math.max(1, Number(/^\d+$/.exec(call.args[0] ?? '1')?.[0] ?? 1));

export const builtins: Readonly<Record<string, Program>> = {
  ':': trueCommand, '[': testCommand, '[[': testCommand, break: (call) => printed('', { shellDoes: { kind: 'break', levels: levelsOf(call) } }), cd: trueCommand, continue: (call) => printed('', { shellDoes: { kind: 'continue', levels: levelsOf(call) } }),
  echo, exit, export: exported, false: falseCommand, local: exported, logout: exit, printf, pwd: (call) => printed(call.inside === null ? '~\n' : call.inside.from.kind === 'pod' ? '/\n' : '/root\n'), read, readonly: exported, set: trueCommand, test: testCommand, true: trueCommand, unset,
};

/** `exit [N]`: without a number the status of what ran last. */
function exit(call: Call): Answer {
  const [word] = call.args;
  if (word !== undefined && !/^-?\d+$/.test(word)) return { kind: 'done', status: 2, output: [{ stream: 'err', text: `${call.shell}: exit: ${word}: numeric argument required\n` }], shellDoes: { kind: 'exit' } };
  const status = word === undefined ? Number(call.variables['?'] ?? 0) : Number(word) & 0xff;
  return { kind: 'done', status, output: [], shellDoes: { kind: 'exit' } };
}

/** `export X=1`; alone it lists the variables. */
function exported(call: Call): Answer {
  const variables: Record<string, string> = { ...call.variables };
  delete variables['?'];
  const words = call.args.filter((word) => !/^-[a-z]+$/.test(word));
  if (words.length === 0) return printed(sortedEntries(variables).map(([key, value]) => `declare -x ${key}="${value}"\n`).join(''));
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) return failed(`${call.shell}: ${call.name}: \`${word}': not a valid identifier`);
    if (value !== undefined) variables[name] = value;
  }
  return printed('', { variables });
}

function unset(call: Call): Answer {
  return printed('', { variables: Object.fromEntries(Object.entries(call.variables).filter(([name]) => name !== '?' && !call.args.includes(name))) });
}

/** `read [-r] [NAME…]`: one line of standard input. */
function read(call: Call): Answer {
  const names = call.args.filter((word) => !word.startsWith('-'));
  const text = call.stdin ?? '';
  if (text === '') return { kind: 'done', status: 1, output: [], variables: { ...call.variables, ...Object.fromEntries(names.map((name) => [name, ''])) }, shellDoes: { kind: 'read', rest: '' } };
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  const words = line.trim().split(/\s+/);
  const variables: Record<string, string> = { ...call.variables };
  const given = names.length === 0 ? ['REPLY'] : names;
  given.forEach((name, index) => {
    // The last name takes what is left of the line, blanks and all.
    const rest = index < given.length - 1 ? null : new RegExp(`^\\s*(?:\\S+\\s+){${index}}([\\s\\S]*?)\\s*$`).exec(line)?.[1];
    variables[name] = rest ?? words[index] ?? '';
  });
  return { kind: 'done', status: end < 0 ? 1 : 0, output: [], variables, shellDoes: { kind: 'read', rest: end < 0 ? '' : text.slice(end + 1) } };
}

/** `test`, `[ … ]` and `[[ … ]]`. */
function testCommand(call: Call): Answer {
  const words = [...call.args];
  const closing = call.name === '[' ? ']' : call.name === '[[' ? ']]' : null;
  if (closing !== null && words.pop() !== closing) return failed(`${call.shell}: ${call.name}: missing \`${closing}'`, 2);
  let at = 0;
  let wrong: string | null = null;
  const double = call.name === '[[';
  const number = (text: string | undefined): number => {
    if (text === undefined || !/^\s*-?\d+\s*$/.test(text)) wrong ??= `${text ?? ''}: integer expression expected`;
    return Number(text ?? 0);
  };
  const primary = (): boolean => {
    const word = words[at];
    const [operator, right] = [words[at + 1], words[at + 2]];
    if (word === '!' && words.length - at > 1) {
      at += 1;
      return !primary();
    }
    if (word === '(' ) {
      at += 1;
      const value = either();
      if (words[at] !== ')') wrong ??= 'missing `)\'';
      at += 1;
      return value;
    }
    if (operator !== undefined && right !== undefined && binary.has(operator)) {
      at += 3;
      return compare(word ?? '', operator, right);
    }
    if (word !== undefined && /^-[a-z]$/.test(word) && operator !== undefined) {
      at += 2;
      if (word === '-n') return operator !== '';
      if (word === '-z') return operator === '';
      if ('fers'.includes(word.charAt(1))) return fileThere(call, operator, word === '-s');
      if (word === '-d') return ['/', '/etc', '/tmp', '/proc', '/sys', '/var'].includes(operator);
      if (word === '-v') return Object.hasOwn(call.variables, operator);
      if (word === '-x' || word === '-t' || word === '-w') return false;
      wrong ??= `${word}: unary operator expected`;
      return false;
    }
    at += 1;
    return (word ?? '') !== '';
  };
  const compare = (left: string, operator: string, right: string): boolean => {
    switch (operator) {
      case '=': case '==': return double ? matchesPattern(left, right) : left === right;
      case '!=': return double ? !matchesPattern(left, right) : left !== right;
      case '=~':
        try {
          return new RegExp(right).test(left);
        } catch {
          wrong ??= 'invalid regular expression';
          return false;
        }
      case '<': return left < right;
      case '>': return left > right;
      case '-eq': return number(left) === number(right);
      case '-ne': return number(left) !== number(right);
      case '-lt': return number(left) < number(right);
      case '-le': return number(left) <= number(right);
      case '-gt': return number(left) > number(right);
      default: return number(left) >= number(right);
    }
  };
  const both = (): boolean => {
    let value = primary();
    while (words[at] === '-a' || (double && words[at] === '&&')) {
      at += 1;
      const next = primary();
      value = value && next;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (words[at] === '-o' || (double && words[at] === '||')) {
      at += 1;
      const next = both();
      value = value || next;
    }
    return value;
  };
  const value = words.length === 0 ? false : either();
  if (wrong === null && at < words.length) wrong = words.length > 3 ? 'too many arguments' : `${words[at] ?? ''}: binary operator expected`;
  if (wrong !== null) return failed(`${call.shell}: ${call.name}: ${wrong}`, 2);
  return value ? printed('') : failed('');
}

const binary: ReadonlySet<string> = new Set(['=', '==', '!=', '=~', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

function fileThere(call: Call, path: string, notEmpty: boolean): boolean {
  const read = readFile(call, path);
  return read.kind === 'text' && (!notEmpty || read.text !== '');
}
