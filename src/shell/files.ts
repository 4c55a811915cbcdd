// Files of a session: what was written into the learner's folder or at a place, what a place has of its own, and what is read from disk.
import { byText } from '../sim/base/order.ts';
import { failed, placeKey } from './command.ts';
import type { Answer, Call } from './command.ts';
import { fileKey } from './session.ts';
import type { Files } from './session.ts';
import { matchesPattern } from './parse/pattern.ts';
import { interfacesAt } from './tools/interfaces.ts';
import { placeFile } from './tools/place-files.ts';

export type FileRead = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | { readonly kind: 'wanted' };

type Reader = Pick<Call, 'files' | 'inputs' | 'inside' | 'lab'>;

/** One file as it stands. `wanted`: it may be on disk and must be read first. */
export function readFile(call: Reader, path: string): FileRead {
  if (path === '/dev/null') return { kind: 'text', text: '' };
  const key = fileKey(placeKey(call.inside), path);
  const written = Object.hasOwn(call.files, key) ? call.files[key] : undefined;
  if (written !== undefined) return { kind: 'text', text: written };
  if (call.inside !== null) {
    const own = placeFile(call.lab, call.inside, path);
    return own === null ? { kind: 'missing' } : { kind: 'text', text: own };
  }
  const read = Object.hasOwn(call.inputs.files, path) ? call.inputs.files[path] : undefined;
  if (read !== undefined) return { kind: 'text', text: read };
  return (call.inputs.missing ?? []).includes(path) ? { kind: 'missing' } : { kind: 'wanted' };
}

const mostFiles = 100;
const longestFile = 1_000_000;

/** The session's files after one was written; a text is the kernel's or the lab's complaint. */
export function writeFile(call: Pick<Call, 'files' | 'inside'>, path: string, text: string, append: boolean): Files | string {
  if (/^\/dev\/(null|stdout|stderr|tty)$/.test(path)) return call.files;
  if (path === '' || path.endsWith('/')) return 'Is a directory';
  // What the kernel and the kubelet show is not made of files that one could write.
  if (call.inside !== null && /^\/(proc|sys)\//.test(path)) return 'Read-only file system';
  const key = fileKey(placeKey(call.inside), path);
  const before = append && Object.hasOwn(call.files, key) ? call.files[key] ?? '' : '';
  if (before.length + text.length > longestFile) return 'No space left on device';
  if (!Object.hasOwn(call.files, key) && Object.keys(call.files).length >= mostFiles) return 'No space left on device';
  return { ...call.files, [key]: before + text };
}

/** Paths that a pattern stands for, sorted; empty where none fits. */
export function pathsLike(call: Pick<Call, 'files' | 'inside' | 'lab'>, pattern: string): readonly string[] {
  const place = placeKey(call.inside);
  const written = Object.keys(call.files).flatMap((key) => (place === null ? (key.includes(':') ? [] : [key]) : key.startsWith(`${place}:`) ? [key.slice(place.length + 1)] : []));
  const shown = call.inside === null ? [] : interfacesAt(call.lab, call.inside).flatMap(({ name, hairpin }) => ['mtu', 'address', 'operstate', 'ifindex', ...(hairpin === null ? [] : ['brport/hairpin_mode'])].map((file) => `/sys/class/net/${name}/${file}`));
  // A star stands for no slash.
  const fits = (path: string): boolean => path.split('/').length === pattern.split('/').length && path.split('/').every((part, index) => matchesPattern(part, pattern.split('/')[index] ?? ''));
  return [...written, ...shown].filter(fits).sort(byText);
}

/** The text of the files that a program was given, or of standard input where none is named; an answer instead when one is missing. */
export function inputOf(call: Call, paths: readonly string[]): string | Answer {
  if (paths.length === 0) return call.stdin ?? '';
  const texts: string[] = [];
  const wanted: string[] = [];
  for (const path of paths) {
    const read = path === '-' ? { kind: 'text' as const, text: call.stdin ?? '' } : readFile(call, path);
    if (read.kind === 'wanted') wanted.push(path);
    else if (read.kind === 'missing') return failed(`${call.name}: ${path}: No such file or directory`, call.name === 'grep' ? 2 : 1);
    else texts.push(read.text);
  }
  return wanted.length > 0 ? { kind: 'files', paths: wanted } : texts.join('');
}
