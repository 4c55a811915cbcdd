// Lessons with more than one fault, and wishes that are about pods rather than requests.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { Lesson } from '../../src/lesson/lesson.ts';
import { assertFrame } from '../view/frame-laws.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { Player, realLesson } from './player.ts';

const lesson = realLesson('empty-endpoint-list');
const first = { layer: 'service', object: 'Service/shop/api', field: 'spec.selector' } as const;
const second = { layer: 'pod', object: 'Deployment/shop/api', field: 'spec.template.spec.containers[0].ports' } as const;
const two: Lesson = { ...lesson, diagnosis: first, diagnoses: [first, second] };
const withReady: Lesson = { ...lesson, predictions: [], intents: [...lesson.intents, { kind: 'ready', say: 'Both pods of the API are ready', after: [], from: 'shop/api', expect: 2 }] };

test('each of several faults is named, one after the other', () => {
  const player = new Player({ start: { kind: 'lesson', lesson: two } }).press('s');
  player.hears({ kind: 'diagnosis-given', ...first }).sees('1 of 2 are named').hears({ kind: 'diagnosis-given', ...first });
  assert.deepEqual(player.desk.story.named, [0]);
  player.hears({ kind: 'diagnosis-given', ...second }).sees('Those are all causes.');
  assert.deepEqual(player.desk.story.named, [0, 1]);
});

test('a wish about pods says so in the panes of requests and names', () => {
  const player = new Player({ start: { kind: 'lesson', lesson: withReady } }).press('2', 'end');
  player.hears({ kind: 'row-chosen', index: withReady.intents.length - 1 }).sees('Both pods of the API are ready');
  for (const [pane, text] of [['layers', 'about the pods themselves'], ['dns', 'No name is asked for this one']] as const) {
    for (const [columns, rows] of [[120, 40], [80, 24]] as const) {
      player.hears({ kind: 'pane-chosen', pane }).resizes(columns, rows).sees(text);
      assertFrame(frameOf(player.state), `${pane} at ${columns}x${rows}`);
    }
  }
  player.press('r').sees('Nothing is sent for this one');
});
