// One patch for every object that a verb means: what scale, set and rollout share.
import { refOf } from '../../sim/model/object.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import type { VerbCall } from './command.ts';
import { attempt, outcomeText, said, saidAll } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, selectObjects } from './find-objects.ts';
import type { Found } from './find-objects.ts';
import { allNamespacesFlag, dryRunFlag, fileFlags, isOn, outputFlag, selectorFlag, switchFlag, textFlag, textOf } from './flags.ts';

/** Flags of every such verb. */
export const severalFlags = [...fileFlags, selectorFlag, allNamespacesFlag, dryRunFlag, outputFlag, switchFlag('all'), switchFlag('local'), textFlag('field-manager'), textFlag('template')];

/** `says` stands behind the object's name where there is nothing to do. */
export type Plan = { readonly problem: string } | { readonly says: string } | { readonly type: 'strategic' | 'merge'; readonly patch: unknown; readonly always: boolean };

/** Patches every object that is meant; `always` prints the word also when nothing changed. */
export function changeEach(call: VerbCall, words: readonly string[], word: string, plan: (found: Found) => Plan): Answer {
  const selected = selectObjects(call, words, isOn(call.flags, 'all'));
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  let errors = selected.value.missing.map((line) => `${line}\n`).join('');
  let skipped = '';
  const wishes: Wish[] = [];
  const shown: boolean[] = [];
  for (const one of found) {
    const planned = plan(one);
    if ('problem' in planned) {
      errors += `${planned.problem}\n`;
      continue;
    }
    if ('says' in planned) {
      skipped += outcomeText({ kind: one.kind, name: one.stored.object.metadata.name, source: null, change: { verb: 'delete', ref: refOf(one.stored.object) } }, planned.says);
      continue;
    }
    wishes.push({ kind: one.kind, name: one.stored.object.metadata.name, source: null, change: { verb: 'patch', ref: refOf(one.stored.object), type: planned.type, patch: planned.patch } });
    shown.push(planned.always);
  }
  const meanings = meaningsOf(call.verb, selected.value.groups.map((group) => group.kind));
  const granted = attempt(call, wishes);
  const out = saidAll(call, wishes.map((wish, index) => {
    const outcome = granted.outcomes[index];
    if (outcome === null || outcome === undefined) return '';
    return outcome.result === 'unchanged' && shown[index] !== true && textOf(call.flags, 'output') === undefined ? '' : said(call, wish, word, granted.seen);
  }));
  return both(skipped + out, errors + granted.errors, errors !== '' || granted.refused > 0 ? 1 : 0, { lab: granted.lab, meanings });
}
