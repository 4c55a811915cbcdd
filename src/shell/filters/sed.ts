// sed: substitutions, deleted and printed lines, as far as they stand on one line of a terminal.
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { inputOf } from '../files.ts';
import { linesOf } from './options.ts';
import { regular } from './regular.ts';

type Address = { readonly kind: 'line'; readonly number: number } | { readonly kind: 'last' } | { readonly kind: 'match'; readonly expression: RegExp };
interface Step {
  readonly from: Address | null;
  readonly to: Address | null;
  readonly negated: boolean;
  readonly does: { readonly kind: 's'; readonly expression: RegExp; readonly by: string; readonly nth: number; readonly print: boolean } | { readonly kind: 'd' | 'p' | 'q' | '=' };
}

/** `sed [-n] [-E] [-e SCRIPT] SCRIPT [FILE…]` */
export function sed(call: Call): Answer {
  let quiet = false;
  let extended = false;
  const scripts: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (word === '-e' || word === '--expression') scripts.push(call.args[++index] ?? '');
    else if (word === '-i' || word.startsWith('--in-place')) return failed('sed: the lab\'s sed changes no files: write with > into another one', 4);
    else if (word === '--quiet' || word === '--silent') quiet = true;
    else if (word === '--regexp-extended') extended = true;
    else if (/^-[nErsu]+$/.test(word)) {
      quiet ||= word.includes('n');
      extended ||= /[Er]/.test(word);
    } else if (/^-./.test(word)) return failed(`sed: invalid option -- '${word.replace(/^-+/, '').slice(0, 1)}'\nUsage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...`);
    else rest.push(word);
  }
  if (scripts.length === 0) scripts.push(rest.shift() ?? '');
  const script = scripts.join('\n');
  if (script === '') return failed('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...');
  const steps = stepsOf(script, extended);
  if (typeof steps === 'string') return failed(`sed: -e expression #1, ${steps}`);
  const text = inputOf(call, rest);
  if (typeof text !== 'string') return text;
  const lines = linesOf(text);
  const inRange = steps.map(() => false);
  let out = '';
  for (const [index, original] of lines.entries()) {
    let line = original;
    let kept = true;
    let ends = false;
    for (const [at, step] of steps.entries()) {
      const hit = (address: Address): boolean => (address.kind === 'line' ? address.number === index + 1 : address.kind === 'last' ? index === lines.length - 1 : address.expression.test(line));
      let chosen = step.from === null || (step.to === null && hit(step.from));
      if (step.from !== null && step.to !== null) {
        const open = inRange[at] === true;
        chosen = open || hit(step.from);
        // The end is looked for on the next line, or at once where it is a number that is past.
        inRange[at] = chosen && !(open ? hit(step.to) || (step.to.kind === 'line' && step.to.number <= index + 1) : step.to.kind === 'line' && step.to.number <= index + 1);
      }
      if (chosen === step.negated) continue;
      const { does } = step;
      if (does.kind === 's') {
        let count = 0;
        let changed = false;
        line = line.replace(does.expression, (...found: unknown[]) => {
          count += 1;
          const whole = String(found[0]);
          if (does.nth > 0 && count !== does.nth) return whole;
          changed = true;
          return does.by.replace(/\\([\s\S])|&/g, (sign, escaped: string | undefined) => (sign === '&' ? whole : escaped !== undefined && /\d/.test(escaped) ? String(found[Number(escaped)] ?? '') : escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped ?? ''));
        });
        if (changed && does.print) out += `${line}\n`;
      } else if (does.kind === 'p') out += `${line}\n`;
      else if (does.kind === '=') out += `${index + 1}\n`;
      else if (does.kind === 'q') ends = true;
      else {
        kept = false;
        break;
      }
    }
    if (kept && !quiet) out += `${line}\n`;
    if (ends) break;
  }
  return printed(out);
}

/** The steps of a script; a text is sed's complaint behind `-e expression #1, `. */
function stepsOf(script: string, extended: boolean): readonly Step[] | string {
  const steps: Step[] = [];
  let rest = script;
  const address = (): Address | null | string => {
    const number = /^\d+/.exec(rest);
    if (number !== null) {
      rest = rest.slice(number[0].length);
      return { kind: 'line', number: Number(number[0]) };
    }
    if (rest.startsWith('$')) {
      rest = rest.slice(1);
      return { kind: 'last' };
    }
    const match = /^\/((?:\\[\s\S]|[^/\\])*)\//.exec(rest);
    if (match === null) return null;
    rest = rest.slice(match[0].length);
    const expression = regular((match[1] ?? '').replaceAll('\\/', '/'), { extended });
    return expression === undefined ? `char ${script.length}: Invalid regular expression` : { kind: 'match', expression };
  };
  for (;;) {
    rest = rest.replace(/^[\s;]+/, '');
    if (rest === '') return steps;
    const from = address();
    let to: Address | null | string = null;
    if (rest.startsWith(',')) {
      rest = rest.slice(1);
      to = address();
    }
    if (typeof from === 'string') return from;
    if (typeof to === 'string') return to;
    rest = rest.trimStart();
    const negated = rest.startsWith('!');
    if (negated) rest = rest.slice(1).trimStart();
    const letter = rest.charAt(0);
    rest = rest.slice(1);
    if (letter === 'd' || letter === 'p' || letter === 'q' || letter === '=') steps.push({ from, to, negated, does: { kind: letter } });
    else if (letter === 's') {
      const sign = rest.charAt(0);
      const part = sign === '' ? null : new RegExp(`^${escapedSign(sign)}((?:\\\\[\\s\\S]|(?!${escapedSign(sign)})[^\\\\])*)${escapedSign(sign)}((?:\\\\[\\s\\S]|(?!${escapedSign(sign)})[^\\\\])*)${escapedSign(sign)}([gpIi0-9]*)`).exec(rest);
      if (part === null) return `char ${script.length}: unterminated \`s' command`;
      rest = rest.slice(part[0].length);
      const flags = part[3] ?? '';
      const pattern = sign === '/' ? (part[1] ?? '').replaceAll('\\/', '/') : (part[1] ?? '').replaceAll(`\\${sign}`, sign);
      const nth = Number(/\d+/.exec(flags)?.[0] ?? 0);
      const expression = regular(pattern, { extended, ignoreCase: /i/i.test(flags), global: flags.includes('g') || nth > 0 });
      if (expression === undefined) return `char ${script.length}: Invalid regular expression`;
      steps.push({ from, to, negated, does: { kind: 's', expression, by: (part[2] ?? '').replaceAll(`\\${sign}`, sign), nth, print: flags.includes('p') } });
    } else return letter === '' ? `char ${script.length}: missing command` : `char ${script.length - rest.length}: unknown command: \`${letter}'`;
  }
}

const escapedSign = (sign: string): string => sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
