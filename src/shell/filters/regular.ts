// POSIX expressions as JavaScript's: for grep, sed and awk.

const classes: Readonly<Record<string, string>> = { space: '\\s', blank: ' \\t', digit: '0-9', alpha: 'A-Za-z', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', punct: '!-\\/:-@\\[-`{-~', xdigit: '0-9A-Fa-f' };

export interface Reading {
  /** `grep -E`, `sed -E`, awk: operators stand without backslashes. */
  readonly extended: boolean;
  readonly fixed?: boolean;
  readonly ignoreCase?: boolean;
  readonly whole?: 'word' | 'line' | null;
  readonly global?: boolean;
  /** `grep -P`: JavaScript's own is near enough. */
  readonly perl?: boolean;
}

/** `undefined` for what is no expression. */
export function regular(pattern: string, how: Reading): RegExp | undefined {
  if (pattern.length > 1000) return undefined;
  const body = pattern.split('\n').map((part) => source(part, how)).join('|');
  const bound = how.whole === 'line' ? `^(?:${body})$` : how.whole === 'word' ? `(?<!\\w)(?:${body})(?!\\w)` : body;
  try {
    return new RegExp(bound, `${how.ignoreCase === true ? 'i' : ''}${how.global === true ? 'g' : ''}`);
  } catch {
    return undefined;
  }
}

function source(pattern: string, how: Reading): string {
  if (how.fixed === true) return pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (how.perl === true) return pattern;
  let out = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '[') {
      const bracket = /^\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/.exec(pattern.slice(index))?.[0];
      if (bracket === undefined) { out += '\\['; continue; }
      const negated = bracket.startsWith('[^');
      const inside = bracket.slice(negated ? 2 : 1, -1).replace(/\\/g, '\\\\').replace(/^\]/, '\\]').replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole).replace(/\[/g, '\\[');
      out += `[${negated ? '^' : ''}${inside}]`;
      index += bracket.length - 1;
    } else if (char === '\\' && index + 1 < pattern.length) {
      const next = pattern.charAt(++index);
      // In basic expressions the backslash makes operators, in extended ones it takes them away.
      if (/[+?(){}|]/.test(next)) out += how.extended ? `\\${next}` : next;
      else if (next === '<' || next === '>') out += '\\b';
      else out += /[\w]/.test(next) ? `\\${next}` : `\\${next}`;
    } else if (/[+?(){}|]/.test(char)) out += how.extended ? char : `\\${char}`;
    else if (char === '*' && (out === '' || out === '^')) out += '\\*';
    else if (char === '/') out += '\\/';
    else out += char;
  }
  return out;
}
