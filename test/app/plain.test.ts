// The same lessons line by line: what the panes show can be read, answered and typed.
import test from 'node:test';
import assert from 'node:assert/strict';
import type { Message } from '../../src/app/message.ts';
import type { State } from '../../src/app/state.ts';
import { messageForLine, plainPrompt, plainText } from '../../src/view/plain.ts';
import { Player } from './player.ts';
import type { Opened } from './player.ts';

/** Types lines and keeps everything that was printed. */
class Reader {
  readonly player: Player;
  text: string;

  constructor(opened: Opened) {
    this.player = new Player({ ...opened, plain: true });
    this.text = plainText(null, this.player.state);
  }

  says(...lines: readonly string[]): this {
    for (const line of lines) {
      const before: State = this.player.state;
      this.text = '';
      const message: Message | null = messageForLine(before, line);
      if (message !== null) this.player.hears(message);
      this.text += plainText(before, this.player.state);
    }
    return this;
  }

  reads(...texts: readonly string[]): this {
    const flat = this.text.replace(/\s+/g, ' ');
    for (const text of texts) assert.ok(flat.includes(text), `"${text}" was not printed:\n${this.text}`);
    return this;
  }
}

test('the lesson is solved line by line, from the ticket to the debrief', () => {
  const reader = new Reader({}).reads('An empty endpoint list').says('empty-endpoint-list').reads('Ticket from the checkout team', '1 · The storefront gets an answer from the API (not run yet)', 'b refused', ':predict');
  reader.says(':predict b').reads('as predicted', '✗ The storefront gets an answer from the API: fails').says(':layers').reads('L3 service → pod: broke here', 'L2 pod → pod: not reached', 'Service shop/api, spec.selector');
  reader.says(':dns').reads('api.shop.svc.cluster.local.').says(':policy web db').reads('✗ shop/web → shop/db').says(':diagnose service Service/shop/api spec.selector').reads('That is the cause.');
  reader.says(':hint').reads('Hint 1').says('kubectl label pod -n shop -l app=api tier=backend').reads('labeled', 'no repair yet').says(':undo').reads('fails now');
  reader.says(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).reads('service/api patched', '✓ Solved.', 'What it was', 'Where the runs part');
  assert.equal(reader.player.saved?.lessons['empty-endpoint-list']?.solved, true);
  reader.says(':next').reads('Three ports');
});

test('a typed command is not echoed, one that the lab runs is', () => {
  const reader = new Reader({ lesson: 'empty-endpoint-list' }).says(':skip', 'kubectl get ns');
  assert.ok(!reader.text.includes('$ kubectl get ns'));
  reader.says(':run').reads('$ kubectl exec -n shop', 'exit code 7');
  assert.equal(plainPrompt(reader.player.state), '7 $ ');
});

test('an object is edited by typing its text, ended by a lone dot', () => {
  const reader = new Reader({ lesson: 'empty-endpoint-list' }).says(':skip', ':edit service api shop').reads('Editing Service shop/api', 'tier: backend');
  assert.equal(plainPrompt(reader.player.state), '| ');
  const text = reader.text.split('\n').filter((line) => /^(apiVersion|kind|metadata|spec|status| )/.test(line) && !/tier:/.test(line));
  reader.says(...text, '.').reads('edited', '✓ Solved.');
});

test('an edit that is refused is told and can be typed anew or left', () => {
  const reader = new Reader({ lesson: 'empty-endpoint-list' }).says(':skip', ':edit service api shop', 'kind: [', '.').reads('Type it anew');
  reader.says(':cancel', 'y');
  assert.equal(reader.player.desk.editor, null);
});

test('reset is asked, and yes or no is enough', () => {
  const reader = new Reader({ lesson: 'empty-endpoint-list' }).says(':skip', 'kubectl delete service db -n shop').reads('fails now').says(':reset').reads('Sure?');
  assert.equal(plainPrompt(reader.player.state), 'y or n: ');
  reader.says('y').reads('holds now');
});

test('help lists the commands and the next line is heard all the same', () => {
  new Reader({ lesson: 'empty-endpoint-list' }).says(':help').reads(':diagnose LAYER OBJECT FIELD', ':quit').says(':layers').reads('Not run yet').says(':skip', ':layers').reads('broke here');
});

test('the tour is taken line by line', () => {
  const reader = new Reader({ lesson: 'tour-four-layers' }).reads('Step 1 of 9').says(':predict a').reads('Step 2 of 9').says(':dns').reads('Step 3 of 9').says(':layers').reads('Step 4 of 9').says('kubectl get endpointslices -n shop').reads('Step 6 of 9');
  reader.says(':policy').reads('Step 7 of 9', 'nc -zv').says(':predict timeout').reads('Step 8 of 9').says(':predict b').reads('Step 9 of 9').says(':predict d').reads('Solved');
});

test('with --ascii nothing outside ASCII is printed but what people wrote', () => {
  const reader = new Reader({ lesson: 'empty-endpoint-list', ascii: true });
  for (const line of [':predict a', ':layers', ':dns', ':policy', ':intents']) assert.match(reader.says(line).text, /^[\x00-\x7e]*$/);
});

test('a pane that is a picture on the screen is a text here', () => {
  const reader = new Reader({ lesson: 'three-ports' }).says(':intents').reads('not run yet: :predict, or :run sends it').says(':hint').reads('Not now: the request was not run yet: :predict').says(':skip', ':service').reads('Service shop/api', 'nobody listens on 80');
  reader.says(':network').reads('routes').says(':policy').reads('from → to').says(':lookup db A from shop/web').says(':dns').reads('db.shop.svc.cluster.local.');
});
