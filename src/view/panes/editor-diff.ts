// What was changed in the editor, before it is applied: removed and added rows with some rows around them.
import { diffLines } from 'diff/lib/diff/line.js';
import type { Line } from '../frame.ts';
import { cutLine, line, span } from '../span.ts';

const around = 2;

interface Row {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

export function diffRows(before: string, after: string, width: number): readonly Line[] {
  const rows = diffLines(`${before.replace(/\n$/, '')}\n`, `${after}\n`).flatMap(({ added, removed, value }): Row[] =>
    value.replace(/\n$/, '').split('\n').map((text) => ({ sign: removed ? '-' : added ? '+' : ' ', text })));
  const near = new Set(rows.flatMap(({ sign }, index) => (sign === ' ' ? [] : Array.from({ length: 2 * around + 1 }, (_, step) => index - around + step))));
  const lines: Line[] = [];
  rows.forEach(({ sign, text }, index) => {
    if (!near.has(index)) {
      if (near.has(index - 1)) lines.push(line('  …', 'dim'));
      return;
    }
    const role = sign === '-' ? 'bad' : sign === '+' ? 'good' : 'dim';
    lines.push(cutLine([span(`${sign} `, role), span(text, role)], width));
  });
  return lines;
}
