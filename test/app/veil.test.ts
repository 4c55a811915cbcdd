// Predict, then run: no pane says what an open prediction asks.
import test from 'node:test';
import assert from 'node:assert/strict';
import { choicesOf } from '../../src/app/questions.ts';
import { answerOf } from '../../src/lesson/predictions.ts';
import { choiceWords } from '../../src/view/words.ts';
import { Player, realCourse } from './player.ts';

const open = (size = '120x40'): Player => new Player({ lesson: 'empty-endpoint-list', size });

test('until the prediction is answered, the request was not run', () => {
  const player = open().sees('· 1 not run yet', 'not run yet: predict, or r runs it', '✓ 3 hold').seesNot('broke here', '✗ 1 fails');
  player.press('3').sees('· not run yet', 'Predict first').seesNot('broke here').press('.').sees('Not now: the request was not run yet').press('h').sees('Not now: the request was not run yet');
  player.press('4').sees('Predict first').seesNot('10.96.42.7').press('n').sees('Not now: nothing was run yet');
  player.press('1', 'b').sees('✗ 1 fails').press('3').sees('broke here');
});

test('skipping it shows what there is', () => {
  open().press('s').sees('✗ 1 fails', 'broke here');
});

test('running the request shows it and skips the prediction', () => {
  const player = open().press('r').sees('✗ 1 fails', 'broke here', 'exit code 7', 'that question is skipped');
  assert.equal(player.desk.story.question, null);
  assert.deepEqual(player.saved?.lessons['empty-endpoint-list']?.predictions ?? {}, {});
});

test('the same request typed in the terminal shows it as well', () => {
  open().runs('kubectl exec -n shop deploy/web -- curl -sS http://api:8080').sees('✗ 1 fails', 'broke here');
});

test('another request leaves the prediction open', () => {
  const player = open().runs('kubectl exec -n shop deploy/api -- nc -zv -w 3 db 5432').sees('not run yet');
  assert.equal(player.desk.story.question?.kind, 'prediction');
});

test('a change to the cluster ends the secret: the prediction is about the cluster as it was', () => {
  open().runs('kubectl delete service db -n shop').sees('✗ 3 fail');
});

test('requests to the same end share its fate and stay unsaid too', () => {
  new Player({ lesson: 'three-ports' }).sees('· 2 not run yet');
  new Player({ lesson: 'a-policy-nobody-enforces' }).sees('· 3 not run yet').press('6').sees('?');
});

test('in the tour each step keeps its own secret', () => {
  const player = new Player({ lesson: 'tour-four-layers' }).sees('· 2 not run yet').press('a').sees('✓ 2 hold', '· 1 not run yet').press('2', 'down', 'down', '3').sees('a later question asks about it');
  player.press('r').sees('✓ 3 hold');
});

for (const card of realCourse().cards) {
  test(`${card.name} gives none of its predictions away`, () => {
    const player = new Player({ lesson: card.name, size: '160x50' });
    const { lesson } = player.desk;
    assert.ok(lesson);
    for (let asked = 0; asked < 9 && player.desk.story.question?.kind === 'prediction'; asked++) {
      const { id } = player.desk.story.question;
      const { answer, trace } = answerOf(lesson, player.desk.broken, id);
      for (const pane of ['layers', 'dns', 'intents'] as const) {
        player.hears({ kind: 'pane-chosen', pane });
        const chosen = player.desk.rows[player.desk.chosen];
        if (chosen?.trace?.shown.why !== trace.shown.why) continue;
        player.seesNot(trace.shown.why.slice(0, 30), ...(answer === 'delivered' ? [] : [`✗ ${choiceWords(answer)}`, `… ${choiceWords(answer)}`]));
      }
      player.hears({ kind: 'question-skipped' });
    }
  });

  test(`${card.name} offers its cause among the choices`, () => {
    const player = new Player({ lesson: card.name });
    const wanted = player.desk.lesson?.diagnoses ?? [];
    while (player.desk.story.question !== null) player.hears({ kind: 'question-skipped' });
    for (const { layer, object, field } of wanted) {
      player.hears({ kind: 'diagnosis-asked' });
      for (const part of [layer, object, field]) {
        const choices = choicesOf(player.desk);
        assert.ok(choices.includes(part), `${part} is not among ${choices.join(', ')}`);
        // A ConfigMap may have one key.
        assert.ok(choices.length > (part === field ? 1 : 2), `${part} stands nearly alone among ${choices.join(', ')}`);
        player.hears({ kind: 'choice-made', index: choices.indexOf(part) });
      }
    }
    if (wanted.length === 1) player.sees('That is the cause.');
    assert.equal(player.desk.story.named.length, wanted.length > 1 ? wanted.length : player.desk.story.named.length);
  });
}
