// RE2's regular expressions as a tree: the syntax that Envoy and Go share (github.com/google/re2/wiki/Syntax), without what only searching needs.

/** One character by its code point. */
export type CharacterTest = (code: number) => boolean;

export type Expression =
  | { readonly is: 'character'; readonly test: CharacterTest }
  | { readonly is: 'edge'; readonly at: 'start' | 'end' | 'word' | 'no-word' }
  | { readonly is: 'sequence' | 'choice'; readonly of: readonly Expression[] }
  /** `most` is `null` for any number of times. */
  | { readonly is: 'repeat'; readonly of: Expression; readonly least: number; readonly most: number | null };

/** RE2 refuses to repeat more often. */
const mostRepeats = 1000;
const deepest = 200;

const isBetween = (low: string, high: string): CharacterTest => {
  const [first, last] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
  return (code) => first <= code && code <= last;
};
const isOneOf = (...tests: readonly CharacterTest[]): CharacterTest => (code) => tests.some((test) => test(code));
const isNot = (test: CharacterTest): CharacterTest => (code) => !test(code);
const isIn = (text: string): CharacterTest => (code) => text.includes(String.fromCodePoint(code));

const [digit, upper, lower] = [isBetween('0', '9'), isBetween('A', 'Z'), isBetween('a', 'z')];
const space = isIn('\t\n\f\r ');
/** A character of a word, as `\b` and `\w` mean it. */
export const isWordCharacter: CharacterTest = isOneOf(digit, upper, lower, isIn('_'));

const escapedClasses: Readonly<Record<string, CharacterTest>> = { d: digit, D: isNot(digit), w: isWordCharacter, W: isNot(isWordCharacter), s: space, S: isNot(space) };
const escapedCharacters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', a: '\u0007' };
const namedClasses: Readonly<Record<string, CharacterTest>> = {
  alnum: isOneOf(digit, upper, lower), alpha: isOneOf(upper, lower), ascii: isBetween('\0', '\x7f'), blank: isIn('\t '), cntrl: isOneOf(isBetween('\0', '\x1f'), isIn('\x7f')), digit,
  graph: isBetween('!', '~'), lower, print: isBetween(' ', '~'), punct: isOneOf(isBetween('!', '/'), isBetween(':', '@'), isBetween('[', '`'), isBetween('{', '~')), space: isIn('\t\n\v\f\r '),
  upper, word: isWordCharacter, xdigit: isOneOf(digit, isBetween('A', 'F'), isBetween('a', 'f')),
};

/** The tree, or what is wrong with the expression: the part of a sentence that follows it. */
export function parseExpression(text: string): Expression | string {
  const characters = [...text];
  let at = 0;
  let depth = 0;
  let wrong: string | null = null;
  const ahead = (text: string): boolean => [...text].every((character, index) => characters[at + index] === character);
  const take = (text: string): boolean => {
    if (!ahead(text)) return false;
    at += text.length;
    return true;
  };
  // Whatever is read is at its end then, so that every reader stops; what they return is not used.
  const refuse = (says: string): void => {
    wrong ??= says;
    at = characters.length;
  };
  const character = (test: CharacterTest): Expression => ({ is: 'character', test });

  interface Flags { readonly anyCase: boolean; readonly dotIsAll: boolean; readonly lines: boolean; readonly lazy: boolean }

  function choice(flags: Flags): Expression {
    const branches: Expression[] = [];
    let current = flags;
    do {
      const [branch, after] = sequence(current);
      branches.push(branch);
      current = after;
    } while (take('|'));
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { is: 'choice', of: branches };
  }

  // Flags that are set in the middle hold to the end of their group, in other branches too.
  function sequence(given: Flags): [Expression, Flags] {
    const of: Expression[] = [];
    let flags = given;
    while (at < characters.length && !ahead('|') && !ahead(')')) {
      const set = ahead('(?') ? flagsAlone(flags) : null;
      if (set !== null) {
        flags = set;
        continue;
      }
      if (take('\\Q')) {
        while (at < characters.length && !take('\\E')) of.push(literal(characters[at++] ?? '', flags));
        continue;
      }
      of.push(repeated(single(flags)));
    }
    return [{ is: 'sequence', of }, flags];
  }

  function flagsAlone(flags: Flags): Flags | null {
    const found = /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(characters.slice(at, at + 16).join(''));
    if (found === null || found[0] === '(?)') return null;
    at += found[0].length;
    return changed(flags, found[1] ?? '', found[2] ?? '');
  }

  const changed = (flags: Flags, on: string, off: string): Flags => {
    const value = (flag: string, before: boolean): boolean => (on.includes(flag) || before) && !off.includes(flag);
    return { anyCase: value('i', flags.anyCase), lines: value('m', flags.lines), dotIsAll: value('s', flags.dotIsAll), lazy: value('U', flags.lazy) };
  };

  function repeated(of: Expression): Expression {
    let found = of;
    for (let times = 0; at < characters.length; times++) {
      const bounds = take('*') ? [0, null] as const : take('+') ? [1, null] as const : take('?') ? [0, 1] as const : counted();
      if (bounds === null) return found;
      if (times > 0) refuse('a repetition cannot be repeated without parentheses');
      take('?');
      found = { is: 'repeat', of: found, least: bounds[0], most: bounds[1] };
    }
    return found;
  }

  function counted(): readonly [number, number | null] | null {
    const written = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(characters.slice(at, at + 14).join(''));
    if (written === null) return null;
    at += written[0].length;
    const least = Number(written[1]);
    const most = written[2] === undefined ? least : written[3] === '' || written[3] === undefined ? null : Number(written[3]);
    if (least > mostRepeats || (most ?? 0) > mostRepeats || (most !== null && most < least)) refuse(`${written[0]} is no number of times that RE2 takes`);
    return [least, most];
  }

  function literal(text: string, { anyCase }: Flags): Expression {
    const forms = anyCase ? [text, text.toLowerCase(), text.toUpperCase()] : [text];
    const codes = new Set(forms.map((form) => form.codePointAt(0) ?? 0));
    return character((code) => codes.has(code));
  }

  function single(flags: Flags): Expression {
    if (take('(')) return group(flags);
    if (take('[')) return character(bracket(flags));
    if (take('.')) return character(flags.dotIsAll ? () => true : isNot(isIn('\n')));
    if (take('^')) return { is: 'edge', at: 'start' };
    if (take('$')) return { is: 'edge', at: 'end' };
    if (ahead('*') || ahead('+') || ahead('?')) refuse(`there is nothing before ${characters[at] ?? ''} to repeat`);
    if (take('\\')) return escaped(flags);
    return literal(characters[at++] ?? '', flags);
  }

  function group(flags: Flags): Expression {
    if (++depth > deepest) refuse('its groups are too deep');
    let inner = flags;
    const opened = /^\?(?:P?<(\w+)>|([imsU]*)(?:-([imsU]+))?:)/.exec(characters.slice(at, at + 80).join(''));
    if (opened !== null) {
      at += opened[0].length;
      inner = changed(flags, opened[2] ?? '', opened[3] ?? '');
    } else if (ahead('?')) refuse('it has a group that RE2 does not know, such as one that looks ahead or back');
    const found = choice(inner);
    if (!take(')')) refuse('a ) is missing');
    depth -= 1;
    return found;
  }

  function escaped(flags: Flags): Expression {
    if (take('A')) return { is: 'edge', at: 'start' };
    if (take('z')) return { is: 'edge', at: 'end' };
    if (take('b')) return { is: 'edge', at: 'word' };
    if (take('B')) return { is: 'edge', at: 'no-word' };
    const one = escape();
    return typeof one === 'string' ? literal(one, flags) : character(one);
  }

  /** Behind a backslash: a class of characters, or one character. */
  function escape(): CharacterTest | string {
    const next = characters[at++] ?? '';
    if (next === '') refuse('there is nothing behind its last backslash');
    const known = Object.hasOwn(escapedClasses, next) ? escapedClasses[next] : undefined;
    if (known !== undefined) return known;
    if (Object.hasOwn(escapedCharacters, next)) return escapedCharacters[next] ?? '';
    if (next === 'x') {
      const number = /^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/.exec(characters.slice(at, at + 8).join(''));
      const code = Number.parseInt(number?.[1] ?? number?.[2] ?? 'ffffff', 16);
      at += number?.[0].length ?? 0;
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      refuse('\\x wants the number of a character');
      return '';
    }
    if (/[0-9A-Za-z]/.test(next)) refuse(`RE2 does not know \\${next}, or this lab does not`);
    return next;
  }

  function bracket(flags: Flags): CharacterTest {
    const negated = take('^');
    const tests: CharacterTest[] = [];
    for (let first = true; first || !ahead(']'); first = false) {
      if (at >= characters.length) {
        refuse('a ] is missing');
        break;
      }
      const named = /^\[:(\^?)(\w+):\]/.exec(characters.slice(at, at + 16).join(''));
      if (named !== null) {
        const test = Object.hasOwn(namedClasses, named[2] ?? '') ? namedClasses[named[2] ?? ''] : undefined;
        at += named[0].length;
        if (test === undefined) refuse(`there is no class ${named[0]}`);
        else tests.push(named[1] === '^' ? isNot(test) : test);
        continue;
      }
      const low = take('\\') ? escape() : (characters[at++] ?? '');
      if (typeof low !== 'string') {
        tests.push(low);
        continue;
      }
      if (!ahead('-') || characters[at + 1] === ']' || at + 1 >= characters.length) {
        tests.push(isBetween(low, low));
        continue;
      }
      at += 1;
      const high = take('\\') ? escape() : (characters[at++] ?? '');
      if (typeof high !== 'string' || (high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) refuse(`${low}-${typeof high === 'string' ? high : ''} is no range of characters`);
      else tests.push(isBetween(low, high));
    }
    at += 1;
    const plain = isOneOf(...tests);
    const test: CharacterTest = flags.anyCase ? (code) => [code, ...[String.fromCodePoint(code)].flatMap((text) => [text.toLowerCase().codePointAt(0) ?? code, text.toUpperCase().codePointAt(0) ?? code])].some(plain) : plain;
    return negated ? isNot(test) : test;
  }

  const whole = choice({ anyCase: false, dotIsAll: false, lines: false, lazy: false });
  if (at < characters.length) refuse('it has a ) too many');
  return wrong ?? whole;
}
