// grep, with the options that people use on tables and rules.
import { both, failed } from '../command.ts';
import type { Answer, Call, Done } from '../command.ts';
import { inputOf } from '../files.ts';
import { linesOf, optionsOf } from './options.ts';
import { regular } from './regular.ts';

const long: Readonly<Record<string, string>> = { 'ignore-case': 'i', 'invert-match': 'v', count: 'c', 'line-number': 'n', 'only-matching': 'o', quiet: 'q', silent: 'q', 'word-regexp': 'w', 'extended-regexp': 'E', 'fixed-strings': 'F', 'after-context': 'A', 'before-context': 'B', context: 'C', 'max-count': 'm', regexp: 'e', 'no-messages': 's', 'line-regexp': 'x', 'no-filename': 'h', 'with-filename': 'H' };

export function grep(call: Call): Answer {
  // Colour is the terminal's business here.
  const args = call.args.filter((word) => !/^--colou?r(=.*)?$|^--line-buffered$/.test(word));
  const options = optionsOf({ ...call, args }, 'ivcnoqwEFxhHsPrGl', 'eABCm', long);
  if (typeof options === 'string') return failed(`${options}\nUsage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.`, 2);
  const { flags, values } = options;
  const pattern = values['e'] ?? options.rest[0];
  if (pattern === undefined) return failed("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.", 2);
  const paths = values['e'] === undefined ? options.rest.slice(1) : options.rest;
  const whole = flags.has('x') ? 'line' as const : flags.has('w') ? 'word' as const : null;
  const how = { extended: flags.has('E') || call.name === 'egrep', fixed: flags.has('F') || call.name === 'fgrep', perl: flags.has('P'), ignoreCase: flags.has('i'), whole };
  const expression = regular(pattern, how);
  const every = regular(pattern, { ...how, global: true });
  if (expression === undefined || every === undefined) return failed('grep: Invalid regular expression', 2);
  const named = (paths.length > 1 || flags.has('H')) && !flags.has('h');
  const outs: string[] = [];
  let found = 0;
  for (const path of paths.length === 0 ? [null] : paths) {
    const text = inputOf(call, path === null ? [] : [path]);
    if (typeof text !== 'string') return text;
    const lines = linesOf(text);
    let left = values['m'] === undefined ? Infinity : Number(values['m']);
    const matched = lines.map((line) => expression.test(line) !== flags.has('v') && left-- > 0);
    const count = matched.filter(Boolean).length;
    found += count;
    const shown = (line: string, index: number): string => `${named ? `${path ?? '(standard input)'}${matched[index] === true ? ':' : '-'}` : ''}${flags.has('n') ? `${index + 1}${matched[index] === true ? ':' : '-'}` : ''}${line}\n`;
    if (flags.has('q')) continue;
    if (flags.has('l')) { if (count > 0) outs.push(`${path ?? '(standard input)'}\n`); continue; }
    if (flags.has('c')) { outs.push(`${named ? `${path ?? ''}:` : ''}${count}\n`); continue; }
    if (flags.has('o')) {
      outs.push(...(flags.has('v') ? [] : lines.flatMap((line, index) => (matched[index] === true ? [...line.matchAll(every)].filter((match) => match[0] !== '').map((match) => shown(match[0], index)) : []))));
      continue;
    }
    const before = Number(values['B'] ?? values['C'] ?? 0);
    const after = Number(values['A'] ?? values['C'] ?? 0);
    let shownTo = -1;
    lines.forEach((line, index) => {
      if (!matched.slice(Math.max(0, index - after), index + before + 1).some(Boolean)) return;
      if ((before > 0 || after > 0) && shownTo >= 0 && index > shownTo + 1) outs.push('--\n');
      shownTo = index;
      outs.push(shown(line, index));
    });
  }
  const done = (out: string): Done => both(out, '', found > 0 ? 0 : 1);
  return done(outs.join(''));
}
