// The small programs that a pipe may end in: grep, head, tail, wc, sort, uniq, cat, with the options that people use; seq and jq beside them.
import { byText } from '../../sim/base/order.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer, Call, Done, Program } from '../command.ts';
import { jq } from './jq.ts';

/** The filters by name, for the lab's own terminal and for shells inside pods. */
export const filters: Readonly<Record<string, Program>> = { cat, grep, head, jq, seq, sort, tail, uniq, wc };

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** Short options only, in bundles; those in `valued` take a value. A text is what was wrong. */
function optionsOf(call: Call, plain: string, valued: string): Options | string {
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (word === '--') { rest.push(...call.args.slice(index + 1)); break; }
    if (!/^-./.test(word) || word.startsWith('--')) {
      if (word.startsWith('--')) return `${call.name}: unrecognized option '${word}'`;
      rest.push(word);
      continue;
    }
    // `head -5` is `head -n 5`.
    const number = /^-(\d+)$/.exec(word);
    if (number !== null && valued.includes('n')) { values['n'] = number[1] ?? ''; continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (plain.includes(letter)) flags.add(letter);
      else if (valued.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index];
        if (value === undefined) return `${call.name}: option requires an argument -- '${letter}'`;
        values[letter] = value;
        break;
      } else return `${call.name}: invalid option -- '${letter}'`;
    }
  }
  return { flags, values, rest };
}

/** The lines of standard input or of the files that are named; an answer instead when something is missing. */
function input(call: Call, paths: readonly string[]): string | Answer {
  const files = paths.filter((path) => path !== '-');
  if (files.length === 0) return call.stdin ?? '';
  const { inputs } = call;
  const unread = files.filter((path) => !Object.hasOwn(inputs.files, path) && !(inputs.missing ?? []).includes(path));
  if (unread.length > 0 && call.inside === null) return { kind: 'files', paths: unread };
  const missing = files.find((path) => !Object.hasOwn(inputs.files, path));
  if (missing !== undefined) return failed(`${call.name}: ${missing}: No such file or directory`, call.name === 'grep' ? 2 : 1);
  return files.map((path) => inputs.files[path] ?? '').join('');
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const longestSequence = 1000;

/** `seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`. */
function seq(call: Call): Answer {
  const bad = call.args.find((word) => !/^-?\d+$/.test(word));
  if (bad !== undefined) return failed(`seq: invalid floating point argument: '${bad}'\nTry 'seq --help' for more information.`);
  const numbers = call.args.map(Number);
  if (numbers.length === 0) return failed("seq: missing operand\nTry 'seq --help' for more information.");
  if (numbers.length > 3) return failed(`seq: extra operand '${call.args[3] ?? ''}'\nTry 'seq --help' for more information.`);
  const first = numbers.length === 1 ? 1 : numbers[0] ?? 1;
  const step = numbers.length === 3 ? numbers[1] ?? 1 : 1;
  const last = numbers.at(-1) ?? 0;
  if (step === 0) return failed("seq: invalid Zero increment value: '0'\nTry 'seq --help' for more information.");
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > longestSequence) return failed(`the lab's seq counts to ${longestSequence} at most`);
  return printed(textOf(Array.from({ length: count }, (_, index) => String(first + index * step))));
}

function cat(call: Call): Answer {
  const options = optionsOf(call, 'n', '');
  if (typeof options === 'string') return failed(options);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  return printed(options.flags.has('n') ? linesOf(text).map((line, index) => `${String(index + 1).padStart(6)}\t${line}\n`).join('') : text);
}

function grep(call: Call): Answer {
  const options = optionsOf(call, 'ivcnoqwEFxhH', 'eABCm');
  if (typeof options === 'string') return failed(options, 2);
  const { flags, values } = options;
  const pattern = values['e'] ?? options.rest[0];
  if (pattern === undefined) return failed("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.", 2);
  const text = input(call, values['e'] === undefined ? options.rest.slice(1) : options.rest);
  if (typeof text !== 'string') return text;
  const expression = regular(pattern, flags);
  if (expression === undefined) return failed('grep: Invalid regular expression', 2);
  const lines = linesOf(text);
  const hits = lines.map((line) => expression.test(line) !== flags.has('v'));
  const most = values['m'] === undefined ? Infinity : Number(values['m']);
  let left = most;
  const matched = hits.map((hit) => hit && left-- > 0);
  const count = matched.filter(Boolean).length;
  const status = count > 0 ? 0 : 1;
  const done = (out: string): Done => both(out, '', status);
  if (flags.has('q')) return done('');
  if (flags.has('c')) return done(`${count}\n`);
  if (flags.has('o')) {
    const every = new RegExp(expression.source, `${expression.flags}g`);
    return done(lines.flatMap((line, index) => (matched[index] === true ? [...line.matchAll(every)].map((match) => `${match[0]}\n`) : [])).join(''));
  }
  const before = Number(values['B'] ?? values['C'] ?? 0);
  const after = Number(values['A'] ?? values['C'] ?? 0);
  let shownTo = -1;
  let out = '';
  const gaps = before > 0 || after > 0;
  lines.forEach((line, index) => {
    const near = matched.slice(Math.max(0, index - after), index + before + 1).some(Boolean);
    if (!near) return;
    if (gaps && shownTo >= 0 && index > shownTo + 1) out += '--\n';
    shownTo = index;
    out += `${flags.has('n') ? `${index + 1}${matched[index] === true ? ':' : '-'}` : ''}${line}\n`;
  });
  return done(out);
}

/** A POSIX expression as JavaScript's; basic ones have their operators behind backslashes. */
function regular(pattern: string, flags: ReadonlySet<string>): RegExp | undefined {
  if (pattern.length > 1000) return undefined;
  const alternatives = pattern.split('\n').map((part) => {
    if (flags.has('F')) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const classes = part.replace(/\[\[:(\w+):\]\]/g, (whole, name: string) => ({ space: '\\s', digit: '\\d', alpha: '[A-Za-z]', alnum: '[A-Za-z0-9]', upper: '[A-Z]', lower: '[a-z]' }[name] ?? whole));
    if (flags.has('E')) return classes;
    return classes.replace(/\\([+?(){}|])|([+?(){}|])/g, (_whole, escaped: string | undefined, bare: string | undefined) => escaped ?? `\\${bare ?? ''}`);
  });
  const body = alternatives.length > 1 ? `(?:${alternatives.join('|')})` : alternatives[0] ?? '';
  const bound = flags.has('x') ? `^(?:${body})$` : flags.has('w') ? `\\b(?:${body})\\b` : body;
  try {
    return new RegExp(bound, flags.has('i') ? 'i' : '');
  } catch {
    return undefined;
  }
}

function head(call: Call): Answer {
  const options = optionsOf(call, 'q', 'nc');
  if (typeof options === 'string') return failed(options);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  if (options.values['c'] !== undefined) return printed(text.slice(0, Number(options.values['c'])));
  const wanted = options.values['n'] ?? '10';
  if (!/^-?\d+$/.test(wanted)) return failed(`head: invalid number of lines: '${wanted}'`);
  const lines = linesOf(text);
  return printed(textOf(Number(wanted) < 0 ? lines.slice(0, Number(wanted)) : lines.slice(0, Number(wanted))));
}

function tail(call: Call): Answer {
  const options = optionsOf(call, 'q', 'n');
  if (typeof options === 'string') return failed(options);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  const wanted = options.values['n'] ?? '10';
  if (!/^[-+]?\d+$/.test(wanted)) return failed(`tail: invalid number of lines: '${wanted}'`);
  const lines = linesOf(text);
  if (wanted.startsWith('+')) return printed(textOf(lines.slice(Math.max(0, Number(wanted.slice(1)) - 1))));
  const count = Math.abs(Number(wanted));
  return printed(textOf(count === 0 ? [] : lines.slice(-count)));
}

function wc(call: Call): Answer {
  const options = optionsOf(call, 'lwcm', '');
  if (typeof options === 'string') return failed(options);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  const counts: readonly (readonly [string, number])[] = [['l', text.split('\n').length - 1], ['w', text.split(/\s+/).filter(Boolean).length], ['c', new TextEncoder().encode(text).length]];
  const wanted = counts.filter(([letter]) => options.flags.size === 0 || options.flags.has(letter) || (letter === 'c' && options.flags.has('m')));
  if (wanted.length === 1) return printed(`${wanted[0]?.[1] ?? 0}\n`);
  return printed(`${wanted.map(([, count]) => String(count).padStart(7)).join(' ')}\n`);
}

function sort(call: Call): Answer {
  const options = optionsOf(call, 'rnufb', 'kt');
  if (typeof options === 'string') return failed(options, 2);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  const column = Number(/^\d+/.exec(options.values['k'] ?? '')?.[0] ?? 0);
  const keyOf = (line: string): string => (column === 0 ? line : line.trim().split(options.values['t'] ?? /\s+/).slice(column - 1).join(' '));
  const numeric = options.flags.has('n') || /n/.test(options.values['k'] ?? '');
  const compare = (left: string, right: string): number => {
    const [one, other] = [keyOf(left), keyOf(right)];
    const order = numeric ? (parseFloat(one) || 0) - (parseFloat(other) || 0) : byText(one, other);
    return (order === 0 ? byText(left, right) : order) * (options.flags.has('r') ? -1 : 1);
  };
  const lines = linesOf(text).sort(compare);
  return printed(textOf(options.flags.has('u') ? lines.filter((line, index) => index === 0 || line !== lines[index - 1]) : lines));
}

function uniq(call: Call): Answer {
  const options = optionsOf(call, 'cdu', '');
  if (typeof options === 'string') return failed(options);
  const text = input(call, options.rest);
  if (typeof text !== 'string') return text;
  const groups: { line: string; count: number }[] = [];
  for (const line of linesOf(text)) {
    const last = groups.at(-1);
    if (last?.line === line) last.count += 1;
    else groups.push({ line, count: 1 });
  }
  const kept = groups.filter(({ count }) => (options.flags.has('d') ? count > 1 : options.flags.has('u') ? count === 1 : true));
  return printed(textOf(kept.map(({ line, count }) => (options.flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))));
}
