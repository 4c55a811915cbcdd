// The words of one command: quotes, variables and word splitting by shell-quote; commands in $(…) have run before.
import { parse } from 'shell-quote';
import type { ParseOptions } from 'shell-quote';
import { closing } from './line.ts';

export interface Words {
  /** `NAME=VALUE` in front of the command, or alone. */
  readonly assignments: readonly (readonly [name: string, value: string])[];
  readonly words: readonly string[];
}

const options: ParseOptions & { readonly splitUnquoted: boolean } = { splitUnquoted: true };

/** Reads the words of a command. Globs stay as they were written: the lab has no files to match. */
export function argumentsOf(text: string, variables: Readonly<Record<string, string>>): Words {
  // Without a prototype, so that `$constructor` is empty.
  const environment: Record<string, string> = { ...variables };
  Object.setPrototypeOf(environment, null);
  const assignments: [string, string][] = [];
  let rest = text.trimStart();
  for (;;) {
    const assignment = /^([A-Za-z_]\w*)=((?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s'"\\])*)(?:\s+|$)/.exec(rest);
    if (assignment === null) break;
    const value = parse(assignment[2] ?? '', environment).map(entryText).join(' ');
    assignments.push([assignment[1] ?? '', value]);
    rest = rest.slice(assignment[0].length);
  }
  return { assignments, words: parse(rest, environment, options).map(entryText) };
}

function entryText(entry: ReturnType<typeof parse>[number]): string {
  if (typeof entry === 'string') return entry;
  if ('pattern' in entry && typeof entry.pattern === 'string') return entry.pattern;
  if ('comment' in entry) return `#${String(entry.comment)}`;
  return 'op' in entry ? String(entry.op) : '';
}

/** `$NAME` and `${NAME}` in a here-document. */
export const expandHere = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\\([\\$`])|\$(?:(\w+)|\{(\w+)\})/g, (whole, escaped: string | undefined, bare: string | undefined, braced: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const name = bare ?? braced ?? '';
    return Object.hasOwn(variables, name) ? variables[name] ?? '' : name === '' ? whole : '';
  });

/** The commands in `$(…)`, and the text with variables in their places (quotes keep their meaning that way). */
export function substitutions(text: string): { readonly text: string; readonly commands: readonly { readonly variable: string; readonly line: string }[] } {
  const commands: { variable: string; line: string }[] = [];
  let out = '';
  for (let index = 0; index < text.length;) {
    const kept = /^(?:\\[\s\S]|'[^']*')/.exec(text.slice(index));
    // An apostrophe between double quotes is no quote.
    const inDouble = (out.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
    if (kept !== null && !(inDouble && kept[0].startsWith("'"))) {
      out += kept[0];
      index += kept[0].length;
    } else if (text.startsWith('$(', index)) {
      const end = closing(text, index + 1) ?? text.length;
      const variable = `_substitution_${commands.length}`;
      commands.push({ variable, line: text.slice(index + 2, end) });
      out += `\${${variable}}`;
      index = end + 1;
    } else {
      out += text.charAt(index);
      index += 1;
    }
  }
  return { text: out, commands };
}
