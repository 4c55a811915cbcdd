// Flags as kubectl's library reads them (pflag): long and short, bundled, with `=`, anywhere on the line until `--`.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** `switch` takes no value unless behind `=`; `bare` of a text is its value when none follows `=`. */
  readonly takes: 'switch' | 'text' | 'number';
  readonly bare?: string;
}

export interface Flags {
  /** Every value that was given, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly args: readonly string[];
  /** How many of `args` stand before `--`; `null` when there is no `--`. */
  readonly dash: number | null;
}

export const switchFlag = (name: string, short?: string): Flag => ({ name, takes: 'switch', ...(short === undefined ? {} : { short }) });
export const textFlag = (name: string, short?: string): Flag => ({ name, takes: 'text', ...(short === undefined ? {} : { short }) });
export const numberFlag = (name: string, short?: string): Flag => ({ name, takes: 'number', ...(short === undefined ? {} : { short }) });

/** Flags that every command of kubectl takes. */
export const globalFlags: readonly Flag[] = [
  textFlag('namespace', 'n'), textFlag('context'), textFlag('cluster'), textFlag('user'), textFlag('kubeconfig'), textFlag('request-timeout'), textFlag('server', 's'), textFlag('as'), textFlag('token'), numberFlag('v', 'v'),
  { name: 'help', short: 'h', takes: 'switch' }, switchFlag('warnings-as-errors'), switchFlag('insecure-skip-tls-verify'), switchFlag('match-server-version'), textFlag('cache-dir'), textFlag('as-group'), textFlag('profile'), switchFlag('disable-compression'),
];

/** Flags that objects are chosen with. */
export const selectorFlag = textFlag('selector', 'l');
export const allNamespacesFlag = switchFlag('all-namespaces', 'A');
export const fieldSelectorFlag = textFlag('field-selector');
export const fileFlags: readonly Flag[] = [textFlag('filename', 'f'), textFlag('kustomize', 'k'), switchFlag('recursive', 'R')];
export const outputFlag = textFlag('output', 'o');
export const dryRunFlag: Flag = { name: 'dry-run', takes: 'text', bare: 'unchanged' };

/** Reads a command's words. The failure is pflag's sentence, without `error: `. */
export function parseFlags(words: readonly string[], known: readonly Flag[]): Result<Flags, string> {
  const flags = [...known, ...globalFlags.filter((one) => !known.some((other) => other.name === one.name || (other.short !== undefined && other.short === one.short)))];
  const values = new Map<string, string[]>();
  const args: string[] = [];
  let dash: number | null = null;
  const put = (flag: Flag, value: string, shown: string): string | null => {
    if (flag.takes === 'number' && !/^[-+]?\d+$/.test(value)) return `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`;
    if (flag.takes === 'switch' && !/^(1|0|t|f|true|false|TRUE|FALSE|True|False|T|F)$/.test(value)) return `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`;
    values.set(flag.name, [...(values.get(flag.name) ?? []), flag.takes === 'switch' ? (/^(1|t|T)/.test(value) ? 'true' : 'false') : value]);
    return null;
  };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      dash = args.length;
      args.push(...words.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = word.slice(2, equals < 0 ? undefined : equals);
      const flag = flags.find((one) => one.name === name);
      if (flag === undefined) return fail(`unknown flag: --${name}`);
      const shown = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`;
      let value = equals < 0 ? undefined : word.slice(equals + 1);
      if (value === undefined) value = flag.takes === 'switch' ? 'true' : flag.bare ?? words[++index];
      if (value === undefined) return fail(`flag needs an argument: --${name}`);
      const problem = put(flag, value, shown);
      if (problem !== null) return fail(problem);
    } else if (/^-./.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at);
        const flag = flags.find((one) => one.short === letter);
        if (flag === undefined) return fail(`unknown shorthand flag: '${letter}' in ${word}`);
        const shown = `-${letter}, --${flag.name}`;
        const rest = word.slice(at + 1);
        if (flag.takes === 'switch') {
          const problem = put(flag, rest.startsWith('=') ? rest.slice(1) : 'true', shown);
          if (problem !== null) return fail(problem);
          if (rest.startsWith('=')) break;
          continue;
        }
        const value = rest !== '' ? rest.replace(/^=/, '') : words[++index];
        if (value === undefined) return fail(`flag needs an argument: '${letter}' in ${word}`);
        const problem = put(flag, value, shown);
        if (problem !== null) return fail(problem);
        break;
      }
    } else args.push(word);
  }
  return succeed({ values, args, dash });
}

/** The last value of a flag; `undefined` when it was not given. */
export const textOf = (flags: Flags, name: string): string | undefined => flags.values.get(name)?.at(-1);
export const isOn = (flags: Flags, name: string): boolean => textOf(flags, name) === 'true';
export const numberOf = (flags: Flags, name: string): number | undefined => {
  const text = textOf(flags, name);
  return text === undefined ? undefined : Number(text);
};
export const textsOf = (flags: Flags, name: string): readonly string[] => flags.values.get(name) ?? [];
