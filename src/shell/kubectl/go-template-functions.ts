// The functions of Go's templates, and the two that kubectl adds.
import { isRecord } from '../../sim/cluster/record.ts';
import { goSyntax, goText } from './go-value.ts';

type Complain = (says: string) => never;
type Called = (args: readonly unknown[], complain: Complain) => unknown;

const truth = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : isRecord(value) ? Object.keys(value).length > 0 : Boolean(value));

function compared(left: unknown, right: unknown, complain: Complain): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return complain('error calling lt: incompatible types for comparison');
}

function element(value: unknown, key: unknown, complain: Complain): unknown {
  if (Array.isArray(value)) return typeof key === 'number' && key >= 0 && key < value.length ? value[key] as unknown : complain(`error calling index: index out of range: ${goText(key)}`);
  if (typeof value === 'string') return typeof key === 'number' && key >= 0 && key < value.length ? value.charCodeAt(key) : complain(`error calling index: index out of range: ${goText(key)}`);
  if (isRecord(value)) return typeof key === 'string' && Object.hasOwn(value, key) ? value[key] : undefined;
  return complain('error calling index: index of untyped nil');
}

/** Sprintf with the verbs that are used on objects. */
function printf(args: readonly unknown[]): string {
  const [format, ...values] = args;
  let at = 0;
  return String(format).replace(/%([-+# 0]*)(\d*)(?:\.(\d+))?([vsdqtTfx%])/g, (_whole, flags: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (at >= values.length) return `%!${verb}(MISSING)`;
    const value = values[at];
    at += 1;
    const text = verb === 'q' ? JSON.stringify(String(value)) : verb === 'v' && flags.includes('#') ? goSyntax(value) : verb === 'd' && typeof value === 'number' && !Number.isInteger(value) ? `%!d(float64=${value})` : verb === 'f' && typeof value === 'number' ? value.toFixed(precision === undefined ? 6 : Number(precision)) : goText(value);
    const size = Number(width === '' ? 0 : width);
    return flags.includes('-') ? text.padEnd(size) : text.padStart(size, flags.includes('0') && typeof value === 'number' ? '0' : ' ');
  });
}

// Print puts a space between operands neither of which is a text; Println always.
const printed = (args: readonly unknown[]): string => args.map((value, index) => `${index > 0 && typeof value !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : ''}${goText(value)}`).join('');

const functions: Readonly<Record<string, Called>> = {
  and: (args) => args.find((value) => !truth(value)) ?? args.at(-1),
  or: (args) => args.find(truth) ?? args.at(-1),
  not: ([value]) => !truth(value),
  len: ([value], complain) => (Array.isArray(value) || typeof value === 'string' ? value.length : isRecord(value) ? Object.keys(value).length : complain(`error calling len: len of ${value === undefined || value === null ? 'nil pointer' : `type ${typeof value === 'number' ? 'float64' : 'bool'}`}`)),
  index: ([value, ...keys], complain) => keys.reduce((inner, key) => element(inner, key, complain), value),
  slice: ([value, from, to], complain) => (Array.isArray(value) || typeof value === 'string' ? value.slice(typeof from === 'number' ? from : 0, typeof to === 'number' ? to : undefined) : complain('error calling slice: can\'t slice item')),
  print: printed,
  println: (args) => `${args.map(goText).join(' ')}\n`,
  printf,
  eq: ([first, ...others]) => others.some((other) => first === other),
  ne: ([left, right]) => left !== right,
  lt: ([left, right], complain) => compared(left, right, complain) < 0,
  le: ([left, right], complain) => compared(left, right, complain) <= 0,
  gt: ([left, right], complain) => compared(left, right, complain) > 0,
  ge: ([left, right], complain) => compared(left, right, complain) >= 0,
  html: ([value]) => goText(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;').replace(/'/g, '&#39;'),
  urlquery: ([value]) => encodeURIComponent(goText(value)).replace(/%20/g, '+'),
  js: ([value]) => goText(value).replace(/[\\'"]/g, '\\$&'),
  // kubectl's own (k8s.io/cli-runtime/pkg/printers/template.go).
  exists: ([value, ...keys]) => {
    let inner: unknown = value;
    for (const key of keys) {
      const found: unknown = Array.isArray(inner) && typeof key === 'number' ? inner[key] : isRecord(inner) && typeof key === 'string' && Object.hasOwn(inner, key) ? inner[key] : undefined;
      if (found === undefined) return false;
      inner = found;
    }
    return true;
  },
  base64decode: ([value], complain) => {
    try {
      return new TextDecoder().decode(Uint8Array.from(atob(String(value)), (char) => char.charCodeAt(0)));
    } catch {
      return complain('error calling base64decode: illegal base64 data');
    }
  },
};

export const functionNames: readonly string[] = Object.keys(functions);

export function callFunction(name: string, args: readonly unknown[], complain: Complain): unknown {
  const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return called === undefined ? complain(`function ${JSON.stringify(name)} not defined`) : called(args, complain);
}
