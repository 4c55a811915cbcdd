// Regular expressions as Go has them (RE2), for names: read here, run in go-regexp-run.ts in time that grows with the text alone.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';

/** One step of a compiled expression. Of two ways the first is preferred. */
export type Instruction =
  | { readonly op: 'char'; readonly test: (code: number) => boolean }
  | { readonly op: 'assert'; readonly kind: 'start' | 'end' | 'word' | 'no-word' }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'match' };

export interface GoRegexp {
  readonly program: readonly Instruction[];
  /** Names of the groups, the whole first; empty for those without. */
  readonly groups: readonly string[];
}

type Node =
  | { readonly kind: 'char'; readonly test: (code: number) => boolean }
  | { readonly kind: 'assert'; readonly assert: 'start' | 'end' | 'word' | 'no-word' }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Node[] }
  | { readonly kind: 'group'; readonly index: number; readonly inner: Node }
  | { readonly kind: 'repeat'; readonly inner: Node; readonly least: number; readonly most: number; readonly greedy: boolean };

const longestPattern = 10_000;
const mostInstructions = 20_000;
const mostRepeats = 1000;
const deepestGroups = 200;
const everything = (): boolean => true;
const classes: Readonly<Record<string, (code: number) => boolean>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
  s: (code) => code === 32 || (code >= 9 && code <= 10) || code === 12 || code === 13,
};
export const isWordCharacter = (code: number): boolean => classes['w']?.(code) === true;
const posix: Readonly<Record<string, string>> = { alpha: 'A-Za-z', digit: '0-9', alnum: '0-9A-Za-z', lower: 'a-z', upper: 'A-Z', xdigit: '0-9A-Fa-f', word: '0-9A-Za-z_' };

/** What cannot be read, with Go's words for it. */
interface Reading {
  error: string | null;
  readonly pattern: string;
  at: number;
  readonly groups: string[];
  /** (?i) */
  ignoreCase: boolean;
  depth: number;
}

/** Compiles an expression; fails with what Go says (`error parsing regexp: …`). What RE2 does not have (look-around, back references) is refused as there. */
export function parseRegexp(pattern: string): Result<GoRegexp, string> {
  const reading: Reading = { error: null, pattern, at: 0, groups: [''], ignoreCase: false, depth: 0 };
  if (pattern.length > longestPattern) return fail('expression is too long');
  const node = alternatives(reading);
  if (reading.error === null && reading.at < pattern.length) reading.error = `unexpected ): \`${pattern}\``;
  if (reading.error !== null) return fail(`error parsing regexp: ${reading.error}`);
  const program: Instruction[] = [{ op: 'save', slot: 0 }];
  if (!emit(program, node)) return fail('error parsing regexp: expression nests too deeply or is too large');
  program.push({ op: 'save', slot: 1 }, { op: 'match' });
  return succeed({ program, groups: reading.groups });
}

function alternatives(reading: Reading): Node {
  const branches = [sequence(reading)];
  while (reading.error === null && reading.pattern[reading.at] === '|') {
    reading.at += 1;
    branches.push(sequence(reading));
  }
  return branches.length === 1 ? branches[0] ?? { kind: 'all', parts: [] } : { kind: 'any', parts: branches };
}

function sequence(reading: Reading): Node {
  const parts: Node[] = [];
  while (reading.error === null && reading.at < reading.pattern.length && !'|)'.includes(reading.pattern[reading.at] ?? '')) {
    const part = atom(reading);
    if (part !== null) parts.push(repeated(reading, part));
  }
  return { kind: 'all', parts };
}

function repeated(reading: Reading, inner: Node): Node {
  let node = inner;
  for (let times = 0; reading.error === null; times++) {
    const [whole = '', star, least, comma, most] = /^(?:([*+?])|\{(\d{1,5})(,?)(\d{0,5})\})/.exec(reading.pattern.slice(reading.at, reading.at + 16)) ?? [];
    if (whole === '') return node;
    const from = reading.at;
    reading.at += whole.length;
    const lazy = reading.pattern[reading.at] === '?';
    if (lazy) reading.at += 1;
    if (times > 0) reading.error = `invalid nested repetition operator: \`${reading.pattern.slice(from - 1, reading.at)}\``;
    const low = star === undefined ? Number(least) : star === '+' ? 1 : 0;
    const high = star === undefined ? (comma === '' ? low : most === '' ? Infinity : Number(most)) : star === '?' ? 1 : Infinity;
    if (low > mostRepeats || (high !== Infinity && (high > mostRepeats || high < low))) reading.error = `invalid repeat count: \`${whole}\``;
    node = { kind: 'repeat', inner: node, least: low, most: high, greedy: !lazy };
  }
  return node;
}

/** `null` for what matches nothing of the text, such as flags. */
function atom(reading: Reading): Node | null {
  const { pattern } = reading;
  const character = String.fromCodePoint(pattern.codePointAt(reading.at) ?? 0);
  reading.at += character.length;
  switch (character) {
    case '(': return group(reading);
    case '[': return { kind: 'char', test: characterClass(reading) };
    case '.': return { kind: 'char', test: (code) => code !== 10 };
    case '^': return { kind: 'assert', assert: 'start' };
    case '$': return { kind: 'assert', assert: 'end' };
    case '*': case '+': case '?':
      reading.error = `missing argument to repetition operator: \`${character}\``;
      return null;
    case '\\': return escaped(reading);
    default: return { kind: 'char', test: same(character.codePointAt(0) ?? 0, reading.ignoreCase) };
  }
}

function same(code: number, ignoreCase: boolean): (other: number) => boolean {
  if (!ignoreCase) return (other) => other === code;
  const [lower, upper] = [String.fromCodePoint(code).toLowerCase().codePointAt(0), String.fromCodePoint(code).toUpperCase().codePointAt(0)];
  return (other) => other === lower || other === upper;
}

function group(reading: Reading): Node | null {
  const rest = reading.pattern.slice(reading.at, reading.at + 300);
  const outer = reading.ignoreCase;
  const [flags, letters = '', closes] = /^\?([ims]*)([:)])/.exec(rest) ?? [];
  const [naming, name] = /^\?P?<([A-Za-z_]\w*)>/.exec(rest) ?? [];
  if (rest.startsWith('?') && flags === undefined && naming === undefined) {
    reading.error = `invalid or unsupported Perl syntax: \`(${rest.slice(0, 2)}\``;
    return null;
  }
  if (letters.includes('i')) reading.ignoreCase = true;
  reading.at += (flags ?? naming ?? '').length;
  if (closes === ')') return null;
  const index = flags === undefined ? reading.groups.push(name ?? '') - 1 : null;
  reading.depth += 1;
  if (reading.depth > deepestGroups) reading.error = 'expression nests too deeply';
  const inner = reading.error === null ? alternatives(reading) : { kind: 'all' as const, parts: [] };
  reading.depth -= 1;
  if (reading.error === null && reading.pattern[reading.at] !== ')') reading.error = `missing closing ): \`${reading.pattern}\``;
  reading.at += 1;
  reading.ignoreCase = outer;
  return index === null ? inner : { kind: 'group', index, inner };
}

/** What follows a backslash. */
function escaped(reading: Reading): Node | null {
  const character = reading.pattern[reading.at] ?? '';
  reading.at += 1;
  if (character === '') reading.error = 'trailing backslash at end of expression: ``';
  const known = Object.hasOwn(classes, character.toLowerCase()) ? classes[character.toLowerCase()] : undefined;
  if (known !== undefined) return { kind: 'char', test: character === character.toLowerCase() ? known : (code) => !known(code) };
  if (character === 'b' || character === 'B') return { kind: 'assert', assert: character === 'b' ? 'word' : 'no-word' };
  if (character === 'A' || character === 'z') return { kind: 'assert', assert: character === 'A' ? 'start' : 'end' };
  const control = { t: 9, n: 10, r: 13, f: 12, v: 11, a: 7 }[character];
  if (control !== undefined) return { kind: 'char', test: same(control, false) };
  const [hex, digits] = /^x([0-9a-fA-F]{2})/.exec(reading.pattern.slice(reading.at - 1, reading.at + 2)) ?? [];
  if (hex !== undefined) {
    reading.at += 2;
    return { kind: 'char', test: same(Number.parseInt(digits ?? '', 16), reading.ignoreCase) };
  }
  if (/[A-Za-z0-9]/.test(character)) reading.error = `invalid escape sequence: \`\\${character}\``;
  return { kind: 'char', test: same(character.codePointAt(0) ?? 0, reading.ignoreCase) };
}

/** What follows `[`, with its closing bracket. */
function characterClass(reading: Reading): (code: number) => boolean {
  const { pattern, ignoreCase } = reading;
  const begins = reading.at;
  const negated = pattern[reading.at] === '^';
  if (negated) reading.at += 1;
  const tests: ((code: number) => boolean)[] = [];
  for (let first = true; first || pattern[reading.at] !== ']'; first = false) {
    if (reading.at >= pattern.length || reading.error !== null) {
      reading.error ??= `missing closing ]: \`${pattern.slice(begins - 1)}\``;
      return everything;
    }
    const [named, set] = /^\[:(\w+):\]/.exec(pattern.slice(reading.at, reading.at + 12)) ?? [];
    if (named !== undefined && set !== undefined && Object.hasOwn(posix, set)) {
      reading.at += named.length;
      const ranges = posix[set] ?? '';
      tests.push((code) => new RegExp(`^[${ranges}]$`).test(String.fromCodePoint(code)));
      continue;
    }
    const low = classMember(reading, tests);
    if (low === null) continue;
    let high = low;
    if (pattern[reading.at] === '-' && pattern[reading.at + 1] !== ']' && reading.at + 1 < pattern.length) {
      reading.at += 1;
      high = classMember(reading, tests) ?? low;
    }
    if (high < low) reading.error = `invalid character class range: \`${String.fromCodePoint(low)}-${String.fromCodePoint(high)}\``;
    tests.push(within(low, high, ignoreCase));
  }
  reading.at += 1;
  return (code) => tests.some((test) => test(code)) !== negated;
}

function within(low: number, high: number, ignoreCase: boolean): (code: number) => boolean {
  const holds = (code: number): boolean => code >= low && code <= high;
  if (!ignoreCase) return holds;
  return (code) => [String.fromCodePoint(code).toLowerCase(), String.fromCodePoint(code).toUpperCase()].some((text) => holds(text.codePointAt(0) ?? 0));
}

/** One character of a class; `null` when it was a class of its own, which is among the tests then. */
function classMember(reading: Reading, tests: ((code: number) => boolean)[]): number | null {
  const code = reading.pattern.codePointAt(reading.at) ?? 0;
  if (code !== 92) {
    reading.at += code > 0xffff ? 2 : 1;
    return code;
  }
  reading.at += 1;
  const node = escaped(reading);
  if (node?.kind !== 'char') {
    reading.error ??= 'invalid escape sequence';
    return null;
  }
  const single = reading.pattern[reading.at - 1] ?? '';
  if (/[^A-Za-z0-9]/.test(single)) return single.codePointAt(0) ?? 0;
  tests.push(node.test);
  return null;
}

/** False when the program gets too long. */
function emit(program: Instruction[], node: Node): boolean {
  if (program.length > mostInstructions) return false;
  switch (node.kind) {
    case 'char': return program.push({ op: 'char', test: node.test }) > 0;
    case 'assert': return program.push({ op: 'assert', kind: node.assert }) > 0;
    case 'all': return node.parts.every((part) => emit(program, part));
    case 'group':
      program.push({ op: 'save', slot: node.index * 2 });
      return emit(program, node.inner) && program.push({ op: 'save', slot: node.index * 2 + 1 }) > 0;
    case 'any': return emitAny(program, node.parts);
    case 'repeat': return emitRepeat(program, node);
  }
}

function emitAny(program: Instruction[], parts: readonly Node[]): boolean {
  const ends: number[] = [];
  for (const [index, part] of parts.entries()) {
    const split = program.length;
    const isLast = index === parts.length - 1;
    if (!isLast) program.push({ op: 'jump', to: 0 });
    if (!emit(program, part)) return false;
    if (isLast) break;
    ends.push(program.length);
    program.push({ op: 'jump', to: 0 });
    program[split] = { op: 'split', first: split + 1, second: program.length };
  }
  for (const end of ends) program[end] = { op: 'jump', to: program.length };
  return true;
}

function emitRepeat(program: Instruction[], { inner, least, most, greedy }: Extract<Node, { kind: 'repeat' }>): boolean {
  for (let count = 0; count < least; count++) if (!emit(program, inner)) return false;
  const choose = (enter: number, leave: number): Instruction => ({ op: 'split', first: greedy ? enter : leave, second: greedy ? leave : enter });
  if (most === Infinity) {
    const loop = program.length;
    program.push({ op: 'jump', to: 0 });
    if (!emit(program, inner)) return false;
    program.push({ op: 'jump', to: loop });
    program[loop] = choose(loop + 1, program.length);
    return true;
  }
  const splits: number[] = [];
  for (let count = least; count < most; count++) {
    splits.push(program.length);
    program.push({ op: 'jump', to: 0 });
    if (!emit(program, inner)) return false;
  }
  for (const split of splits) program[split] = choose(split + 1, program.length);
  return true;
}
