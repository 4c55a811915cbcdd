// Options of the small programs, and their texts as lines.
import type { Call } from '../command.ts';

export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** Short options in bundles; those in `valued` take a value; `long` names the short one that a long one means. A text is what was wrong. */
export function optionsOf(call: Call, plain: string, valued: string, long: Readonly<Record<string, string>> = {}): Options | string {
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (word === '--') { rest.push(...call.args.slice(index + 1)); break; }
    if (!/^-./.test(word)) { rest.push(word); continue; }
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=([\s\S]*)/);
      const letter = Object.hasOwn(long, name) ? long[name] : undefined;
      if (letter === undefined) return `${call.name}: unrecognized option '${word}'`;
      if (plain.includes(letter)) flags.add(letter);
      else {
        const given = value ?? call.args[++index];
        if (given === undefined) return `${call.name}: option '--${name}' requires an argument`;
        values[letter] = given;
      }
      continue;
    }
    // `head -5` is `head -n 5`.
    const number = /^-(\d+)$/.exec(word);
    if (number !== null && valued.includes('n')) { values['n'] = number[1] ?? ''; continue; }
    if (number !== null && valued.includes('C')) { values['C'] = number[1] ?? ''; continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (plain.includes(letter)) flags.add(letter);
      else if (valued.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index];
        if (value === undefined) return `${call.name}: option requires an argument -- '${letter}'`;
        values[letter] = letter === 'e' && values['e'] !== undefined ? `${values['e']}\n${value}` : value;
        break;
      } else return `${call.name}: invalid option -- '${letter}'`;
    }
  }
  return { flags, values, rest };
}

export const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
