// Text on a screen: widths of all scripts, wrapping, cutting, and nothing that a terminal would obey.
import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Line } from '../../src/view/frame.ts';
import { linesWidth, markdownLines } from '../../src/view/markdown.ts';
import { clean, cutLine, lineWidth, padLine, span, wrapLine } from '../../src/view/span.ts';
import { widthOf } from '../../src/view/width.ts';

const textOf = (lines: readonly Line[]): string => lines.map((line) => line.map((one) => one.text).join('')).join('\n');
const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constantFrom('\u001b[31m{bold}x{/}', '日本語', 'e\u0301\u0301', '😀👨‍👩‍👧', '\u202eabc', '{center}a', 'a\tb\u0007'));

test('letters of two cells and marks of none are counted as the terminal does', () => {
  assert.equal(widthOf('日本'), 4);
  assert.equal(widthOf('e\u0301'), 1);
  assert.equal(widthOf('✓ → ▸'), 5);
});

test('control characters, direction marks and emoji are shown and never obeyed', () => {
  assert.equal(clean('a\u001b[2Jb'), 'a␛[2Jb');
  assert.ok(!clean('\u202eabc').includes('\u202e'));
  assert.equal(clean('😀'), '▯');
});

test('a line cut or padded is exactly as wide as asked for', () => {
  fc.assert(fc.property(anything, anything, fc.integer({ min: 1, max: 40 }), (left, right, width) => {
    const line = [span(left), span(right, 'bad')];
    assert.ok(lineWidth(cutLine(line, width)) <= width);
    const padded = padLine(line, width);
    assert.ok(lineWidth(padded) <= width && lineWidth(padded) >= width - 1);
  }));
});

test('wrapping loses nothing but the spaces at the breaks', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日') }), fc.integer({ min: 2, max: 20 }), (text, width) => {
    const rows = wrapLine([span(text)], width);
    for (const row of rows) assert.ok(lineWidth(row) <= width, `${textOf([row])} is wider than ${width}`);
    assert.equal(textOf(rows).replace(/[ \n]/g, ''), text.replace(/ /g, ''));
  }));
});

test('whatever Markdown says, its lines fit and hold no control character', () => {
  const pieces = fc.constantFrom('# head\n\n', '- a\n  - b\n', '1. one\n', '- [x] done\n- [ ] open\n', '> said\n', '```\ncode {bold}\n```\n', '| a | b |\n| - | - |\n| 日本語 | long long long |\n', '**b** _e_ `c` [l](https://kubernetes.io/)\n', '<b>html</b>\n', '\u001b[31m', '{/}');
  fc.assert(fc.property(fc.array(fc.oneof(pieces, anything), { maxLength: 8 }), fc.integer({ min: 20, max: 60 }), (parts, width) => {
    const lines = markdownLines(parts.join('\n'), width);
    assert.ok(linesWidth(lines) <= width, textOf(lines));
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(textOf(lines)));
  }), { numRuns: 200 });
});

test('headings, lists, tasks, tables, code, quotes and links have their form', () => {
  const text = textOf(markdownLines('# One\n\n- a\n- [x] b\n\n1. c\n\n> d\n\n```\ne  f\n```\n\n| g | h |\n| - | - |\n| i | j |\n\n[k](https://l.example/)', 60));
  for (const wanted of ['One', '• a', '[x] b', '1. c', '│ d', '  e  f', 'g  h', 'i  j', 'k (https://l.example/)']) assert.ok(text.includes(wanted), `${wanted} in\n${text}`);
});

test('HTML and entities are text', () => {
  assert.equal(textOf(markdownLines('<b>x</b> &amp; `a < b`', 60)), '<b>x</b> & a < b');
});
