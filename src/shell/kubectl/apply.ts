// kubectl apply -f, create -f and replace -f: what files say becomes what the cluster has.
import { find } from '../../sim/cluster/store.ts';
import { refOf } from '../../sim/model/object.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { make, outcomeText } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { meaningsOf, notFound } from './find-objects.ts';
import { dryRunFlag, fileFlags, outputFlag, selectorFlag, isOn, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { readObjects } from './read-objects.ts';

export const apply: Verb = {
  name: 'apply', about: 'Apply a configuration to a resource by file name or stdin', completes: 'files',
  flags: [...fileFlags, selectorFlag, dryRunFlag, outputFlag, switchFlag('server-side'), switchFlag('force-conflicts'), textFlag('field-manager'), switchFlag('force'), switchFlag('prune'), switchFlag('overwrite'), switchFlag('wait'), textFlag('validate'), textFlag('grace-period'), switchFlag('all')],
  run: (call) => {
    if (call.words.length > 0) {
      return usage('apply', `Unexpected args: [${call.words.join(' ')}]`);
    }
    if (isOn(call.flags, 'prune')) return lacks('prune: delete what is too much');
    return fromFiles(call, 'apply');
  },
};

export const replace: Verb = {
  name: 'replace', about: 'Replace a resource by file name or stdin', completes: 'files',
  flags: [...fileFlags, outputFlag, dryRunFlag, switchFlag('force'), switchFlag('save-config'), textFlag('validate'), textFlag('grace-period')],
  run: (call) => fromFiles(call, 'replace'),
};

/** Does what the files say with one verb; also `kubectl create -f`. */
export function fromFiles(call: VerbCall, verb: 'apply' | 'create' | 'replace'): Answer {
  if (textsOf(call.flags, 'filename').length === 0 && textOf(call.flags, 'kustomize') === undefined) return complain('must specify one of -f and -k');
  const read = readObjects(call);
  if (read.kind === 'answer') return read.answer;
  const { store } = call.lab;
  const missing = verb === 'replace' ? read.objects.filter(({ object }) => find(store, refOf(object)) === undefined) : [];
  const wishes = read.objects.filter((one) => !missing.includes(one)).map((one): Wish => ({ change: { verb, object: one.object, origin: one.origin }, kind: one.kind, name: one.object.metadata.name, source: one.source }));
  const dry = textOf(call.flags, 'dry-run');
  if (dry !== undefined && dry !== 'none') {
    const text = wishes.map((wish) => outcomeText(wish, `${verb === 'create' || !('object' in wish.change) || find(store, refOf(wish.change.object)) === undefined ? 'created' : verb === 'replace' ? 'replaced' : 'configured'} (${dry === 'server' ? 'server ' : ''}dry run)`)).join('');
    return both(text, '', 0);
  }
  const granted = make(call.lab, wishes);
  const words = { created: 'created', configured: 'configured', patched: 'configured', replaced: 'replaced', unchanged: verb === 'replace' ? 'replaced' : 'unchanged', deleted: 'deleted' } as const;
  const serverSide = isOn(call.flags, 'server-side');
  const text = wishes.map((wish, index) => {
    const outcome = granted.outcomes[index];
    if (outcome === null || outcome === undefined) return '';
    if (textOf(call.flags, 'output') === 'name') return outcomeText(wish, '').replace(/ \n$/, '\n');
    return outcomeText(wish, serverSide ? 'serverside-applied' : words[outcome.result]);
  }).join('');
  const errors = (serverSide ? granted.errors.replace(/^Warning: .*last-applied-configuration.*\n/gm, '') : granted.errors) + missing.map((one) => `${notFound(one.kind, one.object.metadata.name).replace('(NotFound): ', `(NotFound): error when replacing "${one.source}": `)}\n`).join('');
  return both(text, errors, granted.refused + missing.length > 0 ? 1 : 0, { lab: granted.lab, meanings: meaningsOf(verb, read.objects.map((one) => one.kind)) });
}
