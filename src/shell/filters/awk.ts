// awk, as far as it stands on one line: patterns, fields, sums, arrays, conditions, print and printf.
import { byText } from '../../sim/base/order.ts';
import { failed } from '../command.ts';
import type { Answer, Call, Piece } from '../command.ts';
import { inputOf } from '../files.ts';
import { printf } from '../plain.ts';
import { awkProgram } from './awk-program.ts';
import type { AwkExpression, AwkPlace, AwkStatement } from './awk-program.ts';
import { linesOf } from './options.ts';
import { regular } from './regular.ts';

type Value = string | number;
type Signal = { readonly kind: 'next' } | { readonly kind: 'exit'; readonly status: number } | null;

const textOf = (value: Value): string => (typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6))));
const numberOf = (value: Value): number => (typeof value === 'number' ? value : Number(/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(value)?.[0] ?? 0));
const looksNumeric = (value: Value): boolean => typeof value === 'number' || /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value);
const truthy = (value: Value): boolean => (looksNumeric(value) ? numberOf(value) !== 0 : value !== '');

const mostSteps = 200_000;

/** `awk [-F SEPARATOR] [-v NAME=VALUE] PROGRAM [FILE…]` */
export function awk(call: Call): Answer {
  const names = new Map<string, Value>([['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['NR', 0], ['NF', 0], ['SUBSEP', '\u001c']]);
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    const option = rest.length > 0 ? null : /^-([Fv])([\s\S]*)$/.exec(word);
    if (option === null) {
      if (rest.length === 0 && /^-./.test(word)) return failed(`awk: unknown option ${word} ignored`, 2);
      rest.push(word);
      continue;
    }
    const value = option[2] !== '' ? option[2] ?? '' : call.args[++index] ?? '';
    if (option[1] === 'F') names.set('FS', value.replace('\\t', '\t'));
    else names.set(value.replace(/=[\s\S]*$/, ''), value.replace(/^[^=]*=/, ''));
  }
  const [source, ...operands] = rest;
  // `NAME=VALUE` among the files is an assignment.
  const paths = operands.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  for (const word of operands) if (!paths.includes(word)) names.set(word.replace(/=[\s\S]*$/, ''), word.replace(/^[^=]*=/, ''));
  if (source === undefined) return failed("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]", 2);
  const program = awkProgram(source);
  if (!program.ok) return failed(`awk: ${program.failures.join('; ')}`, 2);
  const text = inputOf(call, paths);
  if (typeof text !== 'string') return text;
  const arrays = new Map<string, Map<string, Value>>();
  const array = (name: string): Map<string, Value> => {
    const known = arrays.get(name) ?? new Map<string, Value>();
    arrays.set(name, known);
    return known;
  };
  const output: Piece[] = [];
  let record = '';
  let fields: string[] = [];
  let steps = 0;
  const out = (words: string): void => { output.push({ stream: 'out', text: words }); };
  const split = (line: string, separator: string): string[] => {
    if (line === '') return [];
    if (separator === ' ') return line.trim() === '' ? [] : line.trim().split(/\s+/);
    return line.split(separator.length === 1 && separator !== '|' ? separator : regular(separator.length === 1 ? `[${separator}]` : separator, { extended: true }) ?? separator);
  };
  const take = (line: string): void => {
    record = line;
    fields = split(line, textOf(names.get('FS') ?? ' '));
    names.set('NF', fields.length);
  };
  const expressionOf = (of: AwkExpression): RegExp | undefined => regular(of.kind === 'regex' ? of.source : textOf(evaluate(of)), { extended: true });
  const get = (place: AwkPlace): Value => {
    if (place.kind === 'name') return names.get(place.name) ?? '';
    if (place.kind === 'item') return array(place.name).get(textOf(evaluate(place.key))) ?? '';
    const at = numberOf(evaluate(place.of));
    return at === 0 ? record : fields[at - 1] ?? '';
  };
  const put = (place: AwkPlace, value: Value): Value => {
    if (place.kind === 'name') names.set(place.name, value);
    else if (place.kind === 'item') array(place.name).set(textOf(evaluate(place.key)), value);
    else {
      const at = numberOf(evaluate(place.of));
      if (at === 0) take(textOf(value));
      else if (at > 0 && at <= 1000) {
        while (fields.length < at) fields.push('');
        fields[at - 1] = textOf(value);
        record = fields.join(textOf(names.get('OFS') ?? ' '));
        names.set('NF', fields.length);
      }
    }
    return value;
  };
  const compare = (sign: string, left: Value, right: Value): boolean => {
    const order = looksNumeric(left) && looksNumeric(right) ? numberOf(left) - numberOf(right) : byText(textOf(left), textOf(right));
    return { '<': order < 0, '<=': order <= 0, '==': order === 0, '!=': order !== 0, '>': order > 0, '>=': order >= 0 }[sign] ?? false;
  };
  const sum = (sign: string, left: number, right: number): number => ({ '+': left + right, '-': left - right, '*': left * right, '/': right === 0 ? 0 : left / right, '%': right === 0 ? 0 : left % right, '^': left ** right })[sign] ?? 0;
  const evaluate = (of: AwkExpression): Value => {
    steps += 1;
    switch (of.kind) {
      case 'value': return of.value;
      case 'name': case 'field': case 'item': return get(of);
      case 'regex': return Number(expressionOf(of)?.test(record) ?? false);
      case 'unary': return of.sign === '!' ? Number(!truthy(evaluate(of.of))) : -numberOf(evaluate(of.of));
      case 'match': return Number((expressionOf(of.right)?.test(textOf(evaluate(of.left))) ?? false) !== of.negated);
      case 'in': return Number(array(of.name).has(textOf(evaluate(of.key))));
      case 'choice': return truthy(evaluate(of.test)) ? evaluate(of.yes) : evaluate(of.no);
      case 'assign': return put(of.to, of.sign === '=' ? evaluate(of.value) : sum(of.sign.charAt(0), numberOf(get(of.to)), numberOf(evaluate(of.value))));
      case 'step': {
        const before = numberOf(get(of.to));
        put(of.to, before + of.by);
        return of.first ? before + of.by : before;
      }
      case 'binary': {
        if (of.sign === '&&') return Number(truthy(evaluate(of.left)) && truthy(evaluate(of.right)));
        if (of.sign === '||') return Number(truthy(evaluate(of.left)) || truthy(evaluate(of.right)));
        const [left, right] = [evaluate(of.left), evaluate(of.right)];
        if (of.sign === 'concatenate') return textOf(left) + textOf(right);
        return '+-*/%^'.includes(of.sign) ? sum(of.sign, numberOf(left), numberOf(right)) : Number(compare(of.sign, left, right));
      }
      case 'call': return called(of.name, of.args);
    }
  };
  const called = (name: string, args: readonly AwkExpression[]): Value => {
    const [first, second, third] = args;
    const given = (of: AwkExpression | undefined): string => (of === undefined ? '' : textOf(evaluate(of)));
    switch (name) {
      case 'length': return first === undefined ? record.length : first.kind === 'name' && arrays.has(first.name) ? array(first.name).size : given(first).length;
      case 'substr': {
        const from = numberOf(given(second));
        return third === undefined ? given(first).slice(Math.max(0, from - 1)) : given(first).slice(Math.max(0, from - 1), Math.max(0, from - 1 + numberOf(given(third))));
      }
      case 'index': return given(first).indexOf(given(second)) + 1;
      case 'tolower': return given(first).toLowerCase();
      case 'toupper': return given(first).toUpperCase();
      case 'int': return Math.trunc(numberOf(given(first)));
      case 'sprintf': return formatted(args);
      case 'match': return (first === undefined || second === undefined ? -1 : given(first).search(expressionOf(second) ?? /$^/)) + 1;
      case 'split': {
        if (second?.kind !== 'name') return 0;
        const parts = split(given(first), third === undefined ? textOf(names.get('FS') ?? ' ') : third.kind === 'regex' ? third.source : given(third));
        arrays.set(second.name, new Map(parts.map((part, index) => [String(index + 1), part])));
        return parts.length;
      }
      default: {
        // sub and gsub
        const expression = first === undefined ? undefined : regular(first.kind === 'regex' ? first.source : given(first), { extended: true, global: name === 'gsub' });
        if (expression === undefined) return 0;
        const to: AwkPlace = third !== undefined && (third.kind === 'name' || third.kind === 'field' || third.kind === 'item') ? third : { kind: 'field', of: { kind: 'value', value: 0 } };
        let count = 0;
        const by = given(second);
        const changed = textOf(get(to)).replace(expression, (whole) => {
          count += 1;
          return by.replace(/\\&|&/g, (sign) => (sign === '&' ? whole : '&'));
        });
        if (count > 0) put(to, changed);
        return count;
      }
    }
  };
  const formatted = (args: readonly AwkExpression[]): string => {
    const [format, ...values] = args.map((one) => textOf(evaluate(one)));
    const made = printf({ ...call, name: 'printf', args: ['--', format ?? '', ...values.map((value) => value)] });
    return made.kind === 'done' ? made.output.filter(({ stream }) => stream === 'out').map((piece) => piece.text).join('') : '';
  };
  const run = (statements: readonly AwkStatement[]): Signal => {
    for (const statement of statements) {
      if (steps > mostSteps) return { kind: 'exit', status: 2 };
      const signal = does(statement);
      if (signal !== null) return signal;
    }
    return null;
  };
  const does = (statement: AwkStatement): Signal => {
    switch (statement.kind) {
      case 'print': out((statement.args.length === 0 ? record : statement.args.map((one) => textOf(evaluate(one))).join(textOf(names.get('OFS') ?? ' '))) + textOf(names.get('ORS') ?? '\n')); return null;
      case 'printf': out(formatted(statement.args)); return null;
      case 'expression': evaluate(statement.of); return null;
      case 'if': return truthy(evaluate(statement.test)) ? does(statement.then) : statement.otherwise === null ? null : does(statement.otherwise);
      case 'block': return run(statement.body);
      case 'delete': if (statement.to.kind === 'item') array(statement.to.name).delete(textOf(evaluate(statement.to.key))); else if (statement.to.kind === 'name') arrays.delete(statement.to.name); return null;
      case 'next': return { kind: 'next' };
      case 'exit': return { kind: 'exit', status: statement.status === null ? 0 : numberOf(evaluate(statement.status)) };
      case 'for-in': {
        for (const key of [...array(statement.of).keys()]) {
          names.set(statement.name, key);
          const signal = does(statement.body);
          if (signal !== null) return signal;
        }
        return null;
      }
      case 'for': {
        if (statement.start !== null) evaluate(statement.start);
        while ((statement.test === null || truthy(evaluate(statement.test))) && steps <= mostSteps) {
          const signal = does(statement.body);
          if (signal !== null) return signal;
          if (statement.step !== null) evaluate(statement.step);
        }
        return null;
      }
    }
  };
  let signal: Signal = null;
  for (const rule of program.value) if (rule.when === 'BEGIN' && signal === null) signal = run(rule.does);
  const inRange = program.value.map(() => false);
  const records = program.value.some((rule) => rule.when !== 'BEGIN') ? linesOf(text) : [];
  for (const [index, line] of records.entries()) {
    if (signal?.kind === 'exit') break;
    names.set('NR', index + 1);
    names.set('FNR', index + 1);
    take(line);
    signal = null;
    for (const [at, rule] of program.value.entries()) {
      if (rule.when === 'BEGIN' || rule.when === 'END') continue;
      let chosen = rule.when === null || inRange[at] === true || truthy(evaluate(rule.when));
      if (rule.to !== null && chosen) {
        inRange[at] = !truthy(evaluate(rule.to));
        chosen = true;
      }
      if (!chosen) continue;
      signal = run(rule.does);
      if (signal !== null) break;
    }
  }
  if (signal?.kind !== 'exit') for (const rule of program.value) if (rule.when === 'END') signal = run(rule.does) ?? signal;
  const status = signal?.kind === 'exit' ? signal.status : 0;
  if (steps > mostSteps) output.push({ stream: 'err', text: 'awk: the program ran too long for the lab and was ended\n' });
  return { kind: 'done', status, output };
}
