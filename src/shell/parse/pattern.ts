// The shell's patterns (`*`, `?`, `[a-z]`) as JavaScript's expressions: for case, [[ … == … ]] and ${name#pattern}.

/** The source of an expression that matches what the pattern matches; `lazy` takes the shortest for `*`. */
export function patternSource(pattern: string, lazy = false): string {
  let out = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\' && index + 1 < pattern.length) out += escaped(pattern.charAt(++index));
    else if (char === '*') out += lazy ? '[\\s\\S]*?' : '[\\s\\S]*';
    else if (char === '?') out += '[\\s\\S]';
    else if (char === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end < 0) out += '\\[';
      else {
        const body = pattern.slice(index + 1, end);
        out += `[${body.replace(/^[!^]/, '^').replace(/\\/g, '\\\\')}]`;
        index = end;
      }
    } else out += escaped(char);
  }
  return out;
}

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');

/** True when the whole text matches. */
export function matchesPattern(text: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${patternSource(pattern)})$`).test(text);
  } catch {
    return text === pattern;
  }
}
