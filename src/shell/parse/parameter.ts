// What stands in `${…}`: a variable, or what is made of it.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { patternSource } from './pattern.ts';

type Variables = Readonly<Record<string, string>>;

const valueOf = (variables: Variables, name: string): string | undefined => (Object.hasOwn(variables, name) ? variables[name] : undefined);

/** The value, and what is assigned on the way (`:=`). `expand` works words out that stand behind the sign. */
export function parameter(text: string, variables: Variables, expand: (word: string) => string): Result<{ readonly value: string; readonly variables: Variables }, string> {
  const given = (value: string, set: Variables = {}): ReturnType<typeof parameter> => succeed({ value, variables: set });
  const length = /^#([A-Za-z_]\w*|\d+|[?@*])$/.exec(text);
  if (length !== null) return given(String((valueOf(variables, length[1] ?? '') ?? '').length));
  const [whole, name = '', rest = ''] = /^([A-Za-z_]\w*|\d+|[?@*#$!-])([\s\S]*)$/.exec(text) ?? [];
  if (whole === undefined) return fail(`Bad substitution: \${${text}}`);
  const value = valueOf(variables, name);
  if (rest === '') return given(value ?? '');
  const instead = /^(:?)([-=?+])([\s\S]*)$/.exec(rest);
  if (instead !== null) {
    const missing = instead[1] === ':' ? (value ?? '') === '' : value === undefined;
    const word = instead[3] ?? '';
    switch (instead[2]) {
      case '-': return given(missing ? expand(word) : value ?? '');
      case '=': return missing ? given(expand(word), { [name]: expand(word) }) : given(value ?? '');
      case '+': return given(missing ? '' : expand(word));
      default: return missing ? fail(`${name}: ${word === '' ? 'parameter null or not set' : expand(word)}`) : given(value ?? '');
    }
  }
  const now = value ?? '';
  const part = /^:\s*(-?\d+)(?::(-?\d+))?$/.exec(rest);
  if (part !== null) {
    const from = Number(part[1]) < 0 ? Math.max(0, now.length + Number(part[1])) : Number(part[1]);
    const count = part[2] === undefined ? undefined : Number(part[2]);
    return given(count === undefined ? now.slice(from) : count < 0 ? now.slice(from, count) : now.slice(from, from + count));
  }
  const cut = /^(##?|%%?)([\s\S]*)$/.exec(rest);
  if (cut !== null) return given(withoutPart(now, cut[1] ?? '', expand(cut[2] ?? '')));
  const changed = /^(\/\/?)((?:\\[\s\S]|[^/\\])*)(?:\/([\s\S]*))?$/.exec(rest);
  if (changed !== null) {
    const by = expand(changed[3] ?? '');
    return given(now.replace(new RegExp(patternSource(expand(changed[2] ?? '')), changed[1] === '//' ? 'g' : ''), () => by));
  }
  if (rest === '^^') return given(now.toUpperCase());
  if (rest === ',,') return given(now.toLowerCase());
  return fail(`Bad substitution: \${${text}}`);
}

/** `#`, `##`: without what matches at the start; `%`, `%%`: at the end; doubled: the longest. */
function withoutPart(value: string, sign: string, pattern: string): string {
  const fits = (part: string): boolean => new RegExp(`^(?:${patternSource(pattern)})$`).test(part);
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (sign.length === 2) lengths.reverse();
  const found = lengths.find((count) => fits(sign.startsWith('#') ? value.slice(0, count) : value.slice(value.length - count)));
  if (found === undefined) return value;
  return sign.startsWith('#') ? value.slice(found) : value.slice(0, value.length - found);
}
