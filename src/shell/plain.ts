// The few commands that every shell has: echo, printf, true, false, sleep.
import { failed, printed } from './command.ts';
import type { Answer, Call } from './command.ts';

/** Only line ends, tabs and plain octal and hexadecimal codes: what a terminal would obey is made harmless where it is printed. */
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"' };

const unescaped = (text: string): string => text.replace(/\\(?:([nrt"\\])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/g, (whole, letter: string | undefined, octal: string | undefined, hex: string | undefined) => {
  if (letter !== undefined) return escapes[letter] ?? whole;
  return String.fromCharCode(octal !== undefined ? parseInt(octal, 8) & 0xff : parseInt(hex ?? '0', 16));
});

export function echo(call: Call): Answer {
  const words = [...call.args];
  let end = '\n';
  let escaping = false;
  while (words[0] !== undefined && /^-[neE]+$/.test(words[0])) {
    const option = words.shift() ?? '';
    if (option.includes('n')) end = '';
    if (option.includes('e')) escaping = true;
  }
  const text = words.join(' ');
  const stops = escaping ? text.indexOf('\\c') : -1;
  if (stops >= 0) return printed(unescaped(text.slice(0, stops)));
  return printed((escaping ? unescaped(text) : text) + end);
}

/** `printf FORMAT [WORD…]`; the format is used again while words are left. */
export function printf(call: Call): Answer {
  const words = call.args[0] === '--' ? call.args.slice(1) : call.args;
  const [format, ...rest] = words;
  if (format === undefined) return failed(`${call.shell}: printf: usage: printf [-v var] format [arguments]`, 2);
  const values = [...rest];
  let out = '';
  let bad = '';
  do {
    const before = values.length;
    out += unescaped(format.replace(/%%/g, '\u0000')).replace(/%([-0 +]*)(\d*)(?:\.(\d+))?([sdiufxXcqb])/g, (_whole, flags: string, width: string, precision: string | undefined, kind: string) => {
      const value = values.shift() ?? '';
      let text = value;
      if ('diu'.includes(kind)) {
        if (value !== '' && !/^[-+]?\d+$/.test(value)) bad = `${call.shell}: printf: ${value}: invalid number\n`;
        text = String(Math.trunc(Number(value)) || 0);
      } else if (kind === 'f') text = (Number(value) || 0).toFixed(precision === undefined ? 6 : Number(precision));
      else if (kind === 'x') text = (Number(value) || 0).toString(16);
      else if (kind === 'X') text = (Number(value) || 0).toString(16).toUpperCase();
      else if (kind === 'c') text = value.slice(0, 1);
      else if (kind === 'b') text = unescaped(value);
      else if (precision !== undefined) text = value.slice(0, Number(precision));
      const wide = Math.min(200, Number(width || 0));
      return flags.includes('-') ? text.padEnd(wide) : text.padStart(wide, flags.includes('0') && kind !== 's' ? '0' : ' ');
    }).replaceAll('\u0000', '%');
    if (values.length === before) break;
  } while (values.length > 0);
  return { kind: 'done', status: bad === '' ? 0 : 1, output: [...(out === '' ? [] : [{ stream: 'out' as const, text: out }]), ...(bad === '' ? [] : [{ stream: 'err' as const, text: bad }])] };
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `sleep SECONDS`: simulated time only. */
export function sleep(call: Call): Answer {
  if (call.args.length === 0) return failed("sleep: missing operand\nTry 'sleep --help' for more information.");
  let seconds = 0;
  for (const word of call.args) {
    const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word);
    if (match === null && word !== 'infinity') return failed(`sleep: invalid time interval '${word}'\nTry 'sleep --help' for more information.`);
    seconds += match === null ? 0 : Number(match[1]) * (units[match[2] ?? ''] ?? 1);
  }
  return printed('', { seconds: Math.min(seconds, 86_400) });
}

export const trueCommand = (): Answer => printed('');
export const falseCommand = (): Answer => failed('');
