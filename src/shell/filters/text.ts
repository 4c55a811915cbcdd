// The small programs of a pipe that choose, count and change lines: head, tail, wc, sort, uniq, cut, tr, cat, tee, paste, rev, tac, nl.
import { byText } from '../../sim/base/order.ts';
import { failed, placeKey, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { inputOf, writeFile } from '../files.ts';
import { fileKey } from '../session.ts';
import { linesOf, optionsOf, textOf } from './options.ts';

export function cat(call: Call): Answer {
  const options = optionsOf(call, 'nAeEtTuvs', '');
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  return printed(options.flags.has('n') ? linesOf(text).map((line, index) => `${String(index + 1).padStart(6)}\t${line}\n`).join('') : text);
}

export function head(call: Call): Answer {
  const options = optionsOf(call, 'qv', 'nc', { lines: 'n', bytes: 'c' });
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  if (options.values['c'] !== undefined) return printed(text.slice(0, Number(options.values['c'])));
  const wanted = options.values['n'] ?? '10';
  if (!/^[-+]?\d+$/.test(wanted)) return failed(`head: invalid number of lines: '${wanted}'`);
  return printed(textOf(linesOf(text).slice(0, Number(wanted))));
}

export function tail(call: Call): Answer {
  const options = optionsOf(call, 'qfFv', 'nc', { lines: 'n', bytes: 'c' });
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  if (options.values['c'] !== undefined) return printed(text.slice(-Number(options.values['c'])));
  const wanted = options.values['n'] ?? '10';
  if (!/^[-+]?\d+$/.test(wanted)) return failed(`tail: invalid number of lines: '${wanted}'`);
  const lines = linesOf(text);
  if (wanted.startsWith('+')) return printed(textOf(lines.slice(Math.max(0, Number(wanted.slice(1)) - 1))));
  const count = Math.abs(Number(wanted));
  return printed(textOf(count === 0 ? [] : lines.slice(-count)));
}

export function wc(call: Call): Answer {
  const options = optionsOf(call, 'lwcmL', '', { lines: 'l', words: 'w', bytes: 'c', chars: 'm' });
  if (typeof options === 'string') return failed(options);
  const { flags, rest } = options;
  const rows: { readonly counts: readonly number[]; readonly name: string }[] = [];
  let bytes = 0;
  for (const path of rest.length === 0 ? [null] : rest) {
    const text = inputOf(call, path === null ? [] : [path]);
    if (typeof text !== 'string') return text;
    const all: readonly (readonly [string, number])[] = [['l', text.split('\n').length - 1], ['w', text.split(/\s+/).filter(Boolean).length], ['m', [...text].length], ['c', new TextEncoder().encode(text).length]];
    bytes += new TextEncoder().encode(text).length;
    rows.push({ counts: all.filter(([letter]) => (flags.size === 0 ? letter !== 'm' : flags.has(letter))).map(([, count]) => count), name: path ?? '' });
  }
  const [first] = rows;
  if (rows.length > 1 && first !== undefined) rows.push({ counts: first.counts.map((_, column) => rows.reduce((sum, row) => sum + (row.counts[column] ?? 0), 0)), name: 'total' });
  // One number of standard input stands alone, several in columns of seven; of files the columns are as wide as all their bytes.
  const alone = first?.counts.length === 1 && rest.length <= 1;
  const wide = alone ? 0 : rest.length === 0 ? 7 : String(bytes).length;
  return printed(rows.map((row) => `${row.counts.map((count) => String(count).padStart(wide)).join(' ')}${row.name === '' ? '' : ` ${row.name}`}\n`).join(''));
}

export function sort(call: Call): Answer {
  const options = optionsOf(call, 'rnufbhVsg', 'kt', { reverse: 'r', 'numeric-sort': 'n', unique: 'u', key: 'k', 'field-separator': 't', 'human-numeric-sort': 'h', 'version-sort': 'V', 'ignore-case': 'f' });
  if (typeof options === 'string') return failed(options, 2);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  const [from = 0, to = 0] = (options.values['k'] ?? '').split(',').map((part) => Number(/^\d+/.exec(part)?.[0] ?? 0));
  const separator = options.values['t'];
  const letters = (options.values['k'] ?? '').replace(/[^a-zA-Z]/g, '');
  const has = (letter: string): boolean => options.flags.has(letter) || letters.includes(letter);
  const keyOf = (line: string): string => {
    if (from === 0) return line;
    // Without -t the blanks before a field belong to it.
    const fields = separator === undefined ? line.match(/\s*\S+/g) ?? [] : line.split(separator);
    const key = fields.slice(from - 1, to === 0 ? undefined : to).join(separator ?? '');
    return has('b') ? key.trimStart() : key;
  };
  const units: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
  const human = (value: string): number => {
    const match = /^\s*(-?[\d.]+)([KMGT]?)/.exec(value);
    return match === null ? 0 : Number(match[1]) * (units[match[2] ?? ''] ?? 1);
  };
  const versioned = (left: string, right: string): number => {
    const [one, other] = [left.split(/(\d+)/), right.split(/(\d+)/)];
    for (let index = 0; index < Math.max(one.length, other.length); index++) {
      const [mine = '', theirs = ''] = [one[index], other[index]];
      const order = index % 2 === 1 ? Number(mine) - Number(theirs) : byText(mine, theirs);
      if (order !== 0) return order;
    }
    return 0;
  };
  const keyed = (left: string, right: string): number => {
    const [one, other] = [keyOf(left), keyOf(right)];
    if (has('n') || has('g')) return (parseFloat(one) || 0) - (parseFloat(other) || 0);
    if (has('h')) return human(one) - human(other);
    if (has('V')) return versioned(one, other);
    return has('f') ? byText(one.toLowerCase(), other.toLowerCase()) : byText(one, other);
  };
  const [turned, lastTurned] = [has('r') ? -1 : 1, options.flags.has('r') ? -1 : 1];
  const lines = linesOf(text).sort((left, right) => keyed(left, right) * turned || (options.flags.has('u') ? 0 : byText(left, right) * lastTurned));
  return printed(textOf(options.flags.has('u') ? lines.filter((line, index) => index === 0 || keyed(line, lines[index - 1] ?? '') !== 0) : lines));
}

export function uniq(call: Call): Answer {
  const options = optionsOf(call, 'cdui', 'f', { count: 'c', repeated: 'd', unique: 'u' });
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  const groups: { line: string; count: number }[] = [];
  for (const line of linesOf(text)) {
    const last = groups.at(-1);
    if (last !== undefined && (options.flags.has('i') ? last.line.toLowerCase() === line.toLowerCase() : last.line === line)) last.count += 1;
    else groups.push({ line, count: 1 });
  }
  const kept = groups.filter(({ count }) => (options.flags.has('d') ? count > 1 : options.flags.has('u') ? count === 1 : true));
  return printed(textOf(kept.map(({ line, count }) => (options.flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))));
}

/** `1`, `2-`, `-3`, `1,4-5` as a test of a place counted from 1. */
function placesOf(list: string): ((place: number) => boolean) | undefined {
  const ranges = list.split(',').map((part) => /^(?:(\d+)(-)?(\d+)?|-(\d+))$/.exec(part));
  if (list === '' || ranges.some((range) => range === null)) return undefined;
  return (place) => ranges.some((range) => {
    if (range === null) return false;
    if (range[4] !== undefined) return place <= Number(range[4]);
    return place >= Number(range[1]) && (range[2] === undefined ? place === Number(range[1]) : range[3] === undefined || place <= Number(range[3]));
  });
}

export function cut(call: Call): Answer {
  const options = optionsOf(call, 's', 'dfcb', { delimiter: 'd', fields: 'f', characters: 'c', 'only-delimited': 's' });
  if (typeof options === 'string') return failed(`${options}\nTry 'cut --help' for more information.`);
  const { values } = options;
  const list = values['f'] ?? values['c'] ?? values['b'];
  if (list === undefined) return failed("cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.");
  const chosen = placesOf(list);
  if (chosen === undefined) return failed(`cut: invalid field value '${list}'\nTry 'cut --help' for more information.`);
  const delimiter = values['d'] ?? '\t';
  if (delimiter.length !== 1) return failed("cut: the delimiter must be a single character\nTry 'cut --help' for more information.");
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  return printed(textOf(linesOf(text).flatMap((line) => {
    if (values['f'] === undefined) return [[...line].filter((_, index) => chosen(index + 1)).join('')];
    if (!line.includes(delimiter)) return options.flags.has('s') ? [] : [line];
    return [line.split(delimiter).filter((_, index) => chosen(index + 1)).join(delimiter)];
  })));
}

const classes: Readonly<Record<string, string>> = { upper: 'A-Z', lower: 'a-z', digit: '0-9', space: ' \t\n\r', alpha: 'A-Za-z', alnum: '0-9A-Za-z', punct: '!-/:-@[-`{-~', blank: ' \t' };

/** A set of tr: ranges, classes and escapes written out. */
function setOf(text: string): readonly string[] {
  const plain = text.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole).replace(/\\([nrt\\])/g, (_whole, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? '\\');
  const out: string[] = [];
  for (let index = 0; index < plain.length; index++) {
    const char = plain.charAt(index);
    const last = plain.charAt(index + 2);
    if (plain.charAt(index + 1) === '-' && last !== '' && last >= char) {
      for (let code = char.charCodeAt(0); code <= last.charCodeAt(0); code++) out.push(String.fromCharCode(code));
      index += 2;
    } else out.push(char);
  }
  return out;
}

export function tr(call: Call): Answer {
  const options = optionsOf(call, 'dscC', '', { delete: 'd', 'squeeze-repeats': 's', complement: 'c' });
  if (typeof options === 'string') return failed(`${options}\nTry 'tr --help' for more information.`);
  const { flags, rest: [one, other] } = options;
  if (one === undefined) return failed("tr: missing operand\nTry 'tr --help' for more information.");
  if (other === undefined && !flags.has('d') && !flags.has('s')) return failed(`tr: missing operand after '${one}'\nTwo strings must be given when translating.\nTry 'tr --help' for more information.`);
  const from = setOf(one);
  const to = setOf(other ?? '');
  const complement = flags.has('c') || flags.has('C');
  const inFirst = (char: string): boolean => from.includes(char) !== complement;
  let out = '';
  for (const char of call.stdin ?? '') {
    if (flags.has('d') && inFirst(char)) continue;
    const made = flags.has('d') || other === undefined || !inFirst(char) ? char : (complement ? to.at(-1) : to[from.indexOf(char)] ?? to.at(-1)) ?? char;
    const squeezes = flags.has('s') && (other === undefined || flags.has('d') ? (flags.has('d') ? to.includes(made) : inFirst(made)) : to.includes(made));
    if (squeezes && out.endsWith(made)) continue;
    out += made;
  }
  return printed(out);
}

export function tee(call: Call): Answer {
  const append = call.args.includes('-a');
  const text = call.stdin ?? '';
  let { files } = call;
  for (const path of call.args.filter((word) => !word.startsWith('-'))) {
    const written = writeFile({ files, inside: call.inside }, path, text, append);
    if (typeof written === 'string') return failed(`tee: ${path}: ${written}`);
    files = written;
  }
  return printed(text, { files });
}

export function paste(call: Call): Answer {
  const options = optionsOf(call, 's', 'd', { serial: 's', delimiters: 'd' });
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  const sign = (options.values['d'] ?? '\t').replace('\\n', '\n').replace('\\t', '\t');
  return printed(options.flags.has('s') ? `${linesOf(text).join(sign)}\n` : text);
}

/** `column -t`: a table of words. */
export function column(call: Call): Answer {
  const options = optionsOf(call, 't', 'sc');
  if (typeof options === 'string') return failed(options);
  const text = inputOf(call, options.rest);
  if (typeof text !== 'string') return text;
  const rows = linesOf(text).map((line) => (options.values['s'] === undefined ? line.trim().split(/\s+/) : line.split(options.values['s'])));
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)).concat(all.slice(row.length)), []);
  return printed(textOf(rows.map((row) => row.map((cell, index) => (index < row.length - 1 ? cell.padEnd((widths[index] ?? 0) + 2) : cell)).join(''))));
}

const eachLine = (change: (lines: readonly string[]) => readonly string[]) => (call: Call): Answer => {
  const text = inputOf(call, call.args.filter((word) => !/^-./.test(word)));
  return typeof text === 'string' ? printed(textOf(change(linesOf(text)))) : text;
};

export const rev = eachLine((lines) => lines.map((line) => [...line].reverse().join('')));
export const tac = eachLine((lines) => [...lines].reverse());
export const nl = eachLine((lines) => {
  let count = 0;
  return lines.map((line) => (line === '' ? '       ' : `${String(++count).padStart(6)}\t${line}`));
});
/** `less`, `more`: a page without a pager. */
export const pager = eachLine((lines) => lines);

const longestSequence = 1000;

/** `seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`. */
export function seq(call: Call): Answer {
  const given = /^-s(.*)$/s.exec(call.args[0] ?? '');
  const separator = given === null ? '\n' : given[1] !== '' ? given[1] ?? '\n' : call.args[1] ?? '\n';
  const args = (given === null ? call.args : call.args.slice(given[1] !== '' ? 1 : 2)).filter((word) => word !== '-w');
  const bad = args.find((word) => !/^-?\d+$/.test(word));
  if (bad !== undefined) return failed(`seq: invalid floating point argument: '${bad}'\nTry 'seq --help' for more information.`);
  const numbers = args.map(Number);
  if (numbers.length === 0) return failed("seq: missing operand\nTry 'seq --help' for more information.");
  if (numbers.length > 3) return failed(`seq: extra operand '${args[3] ?? ''}'\nTry 'seq --help' for more information.`);
  const first = numbers.length === 1 ? 1 : numbers[0] ?? 1;
  const step = numbers.length === 3 ? numbers[1] ?? 1 : 1;
  const last = numbers.at(-1) ?? 0;
  if (step === 0) return failed("seq: invalid Zero increment value: '0'\nTry 'seq --help' for more information.");
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > longestSequence) return failed(`the lab's seq counts to ${longestSequence} at most`);
  const all = Array.from({ length: count }, (_, index) => String(first + index * step));
  return printed(separator === '\n' || count === 0 ? textOf(all) : `${all.join(separator)}\n`);
}

/** `base64 [-d]`: what Secrets are written in. */
export function base64(call: Call): Answer {
  const decodes = call.args.some((word) => word === '-d' || word === '-D' || word === '--decode');
  const text = inputOf(call, call.args.filter((word) => !/^-./.test(word) && word !== '0'));
  if (typeof text !== 'string') return text;
  if (decodes) {
    const bare = text.replace(/\s/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return failed('base64: invalid input');
    return printed(new TextDecoder().decode(Uint8Array.from(atob(bare), (char) => char.charCodeAt(0))));
  }
  const coded = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return printed(call.args.some((word) => word === '-w0' || word === '--wrap=0') || call.args.join(' ').includes('-w 0') ? coded : (coded.match(/.{1,76}/g) ?? []).map((line) => `${line}\n`).join(''));
}

/** `ls [FOLDER|FILE…]`: what was written at this place. */
export function ls(call: Call): Answer {
  const place = placeKey(call.inside);
  const paths = Object.keys(call.files).flatMap((key) => (place === null ? (key.includes(':') ? [] : [key]) : key.startsWith(`${place}:/`) ? [key.slice(place.length + 1)] : [])).sort(byText);
  const wanted = call.args.filter((word) => !word.startsWith('-'));
  const shown: string[] = [];
  for (const name of wanted.length === 0 ? ['.'] : wanted) {
    const folder = name === '.' || name === './' ? (place === null ? '' : '/') : `${name.replace(/\/+$/, '')}/`;
    const inFolder = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length).replace(/\/.*$/, ''));
    if (paths.includes(fileKey(null, name)) || paths.includes(name)) shown.push(name);
    else if (inFolder.length > 0 || folder === '' || folder === '/' || /^\/(tmp|root|var|etc|home)\/$/.test(folder)) shown.push(...new Set(inFolder));
    else return failed(`ls: cannot access '${name}': No such file or directory`, 2);
  }
  return printed(textOf(shown));
}

export function rm(call: Call): Answer {
  const place = placeKey(call.inside);
  const names = call.args.filter((word) => !word.startsWith('-'));
  const missing = names.filter((name) => !Object.hasOwn(call.files, fileKey(place, name)));
  const gone = new Set(names.map((name) => fileKey(place, name)));
  const files = Object.fromEntries(Object.entries(call.files).filter(([key]) => !gone.has(key)));
  if (missing.length === 0 || call.args.some((word) => /^-\w*f/.test(word))) return printed('', { files });
  return failed(missing.map((name) => `rm: cannot remove '${name}': No such file or directory`).join('\n'), 1, { files });
}
