// Every lesson of the course, every intent of it, every pane, at every size: nothing falls over and every line fits.
import test from 'node:test';
import { frameOf } from '../../src/view/frame-of.ts';
import { plainPane } from '../../src/view/plain-panes.ts';
import type { PaneName } from '../../src/app/state.ts';
import { shownRows } from '../../src/app/veil.ts';
import { Player, realCourse } from '../app/player.ts';
import { assertFrame } from './frame-laws.ts';

const panes: readonly PaneName[] = ['story', 'intents', 'layers', 'dns', 'terminal', 'policy', 'service', 'network'];

for (const card of realCourse().cards) {
  test(`${card.name} can be looked at from everywhere`, () => {
    const player = new Player({ lesson: card.name });
    for (const pane of panes) {
      player.hears({ kind: 'pane-chosen', pane });
      for (const [columns, rows] of [[120, 40], [80, 24]] as const) {
        player.resizes(columns, rows);
        assertFrame(frameOf(player.state), `${card.name}, not run yet, ${pane} at ${columns}x${rows}`);
      }
    }
    while (player.desk.story.question !== null) player.hears({ kind: 'question-skipped' });
    for (let row = 0; row < player.desk.rows.length; row++) {
      player.hears({ kind: 'row-chosen', index: row });
      for (const pane of panes) {
        player.hears({ kind: 'pane-chosen', pane });
        for (const [columns, rows] of [[160, 50], [120, 40], [100, 30], [84, 20], [80, 24], [60, 18]] as const) {
          player.resizes(columns, rows);
          assertFrame(frameOf(player.state), `${card.name}, row ${row}, ${pane} at ${columns}x${rows}`);
        }
        plainPane(player.state, player.desk, pane, 80);
      }
      if (shownRows(player.desk)[row]?.trace == null) continue;
      player.press('3', 'enter');
      assertFrame(frameOf(player.state), `${card.name}, row ${row}, the hop opened`);
      player.press('escape');
    }
  });
}
