// Objects as lesson files name them: KIND/NAMESPACE/NAME, KIND/NAME for what has no namespace, * for any text.
import type { ObjectRef } from '../sim/model/object.ts';

/** How a lesson file writes an object. */
export const objectKey = (ref: ObjectRef): string => (ref.namespace === '' ? `${ref.kind}/${ref.name}` : `${ref.kind}/${ref.namespace}/${ref.name}`);

/** Whether a text matches a pattern in which `*` stands for any text (slashes are not crossed). */
export function globHolds(pattern: string, text: string): boolean {
  const wanted = pattern.split('/');
  const found = text.split('/');
  return wanted.length === found.length && wanted.every((part, index) => partHolds(part, found[index] ?? ''));
}

function partHolds(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [head = ''] = pieces;
  if (pieces.length === 1) return head === text;
  const tail = pieces.at(-1) ?? '';
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, at);
    if (next < 0) return false;
    at = next + piece.length;
  }
  return at <= text.length - tail.length;
}
