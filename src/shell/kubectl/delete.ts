// kubectl delete: by name, by label, by file, or all of a kind.
import { both, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain, lacks } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { make } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, kindWarnings, meaningsOf, selectObjects } from './find-objects.ts';
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, fileFlags, isOn, numberFlag, outputFlag, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { readObjects } from './read-objects.ts';
import { refOf } from '../../sim/model/object.ts';

export const deleteVerb: Verb = {
  name: 'delete', about: 'Delete resources by file names, stdin, resources and names, or by resources and label selector', completes: 'objects',
  flags: [...fileFlags, selectorFlag, fieldSelectorFlag, allNamespacesFlag, switchFlag('all'), switchFlag('now'), switchFlag('force'), numberFlag('grace-period'), switchFlag('wait'), switchFlag('ignore-not-found'), outputFlag, dryRunFlag, textFlag('timeout'), { name: 'cascade', takes: 'text', bare: 'background' }, switchFlag('interactive', 'i'), textFlag('raw')],
  run,
};

function run(call: VerbCall): Answer {
  const output = textOf(call.flags, 'output');
  if (output !== undefined && output !== 'name') return complain(`unexpected -o output mode: ${output}. We only support '-o name'`);
  if (isOn(call.flags, 'now') && textOf(call.flags, 'grace-period') !== undefined) return complain('--now and --grace-period cannot be specified together');
  const cascade = textOf(call.flags, 'cascade') ?? 'background';
  if (!['background', 'foreground', 'orphan', 'true', 'false'].includes(cascade)) return complain(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  if (cascade === 'orphan' || cascade === 'false') return lacks('delete --cascade=orphan: what an object owns goes with it');
  if (textsOf(call.flags, 'filename').length > 0) {
    const read = readObjects(call);
    if (read.kind === 'answer') return read.answer;
    return remove(call, read.objects.map(({ kind, object, source }) => ({ kind, name: object.metadata.name, source, change: { verb: 'delete', ref: refOf(object) } })), read.errors);
  }
  if (call.words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  if (isOn(call.flags, 'all') && textOf(call.flags, 'selector') !== undefined) return complain("setting 'all' parameter but found a non empty selector. ");
  const selected = selectObjects(call, call.words, false);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const selection = selected.value;
  const wishes = allFound(selection).map(({ kind, stored }): Wish => ({ kind, name: stored.object.metadata.name, source: null, change: { verb: 'delete', ref: refOf(stored.object) } }));
  const missing = isOn(call.flags, 'ignore-not-found') ? '' : selection.missing.map((line) => `${line}\n`).join('');
  // A name that was not there is no news when that was asked for.
  if (wishes.length === 0 && missing === '') return printed(selection.named ? '' : 'No resources found\n', { meanings: meaningsOf('delete', selection.groups.map((group) => group.kind)) });
  return remove(call, wishes, kindWarnings(selection.groups.map((group) => group.kind)) + missing);
}

function remove(call: VerbCall, wishes: readonly Wish[], errors: string): Answer {
  const dry = textOf(call.flags, 'dry-run');
  const really = dry === undefined || dry === 'none';
  // Some of them may be gone with the others: a namespace takes what is in it.
  const granted = really ? make(call.lab, wishes) : { lab: call.lab, outcomes: wishes.map(() => null), errors: '', refused: 0 };
  const forced = textOf(call.flags, 'grace-period') === '0' || isOn(call.flags, 'now') && isOn(call.flags, 'force');
  const text = wishes.map((wish, index) => {
    if (really && (granted.outcomes[index] === null || granted.outcomes[index] === undefined)) return '';
    const kind = wish.kind.group === '' ? wish.kind.kind.toLowerCase() : `${wish.kind.kind.toLowerCase()}.${wish.kind.group}`;
    if (textOf(call.flags, 'output') === 'name') return `${kind}/${wish.name}\n`;
    const namespace = wish.change.verb === 'delete' ? wish.change.ref.namespace : '';
    return `${kind} "${wish.name}" ${forced ? 'force deleted' : 'deleted'}${namespace === '' ? '' : ` from ${namespace} namespace`}${really ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)'}\n`;
  }).join('');
  const force = isOn(call.flags, 'force') ? 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n' : '';
  const all = force + errors + granted.errors;
  return both(text, all, granted.refused > 0 || /^Error/m.test(errors) ? 1 : 0, { lab: granted.lab, meanings: meaningsOf('delete', wishes.map((wish) => wish.kind)) });
}
