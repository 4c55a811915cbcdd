// kubectl describe.
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { described } from '../describe/describers.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, kindWarnings, meaningsOf, selectObjects } from './find-objects.ts';
import type { Selection } from './find-objects.ts';
import { allNamespacesFlag, fileFlags, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { readObjects } from './read-objects.ts';

export const describe: Verb = {
  name: 'describe', about: 'Show details of a specific resource or group of resources', completes: 'objects',
  flags: [...fileFlags, selectorFlag, allNamespacesFlag, switchFlag('show-events'), textFlag('chunk-size')],
  run,
};

function run(call: VerbCall): Answer {
  let words = call.words;
  let unread = '';
  if (textsOf(call.flags, 'filename').length > 0) {
    const read = readObjects(call);
    if (read.kind === 'answer') return read.answer;
    unread = read.errors;
    words = read.objects.map(({ kind, object }) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}/${object.metadata.name}`);
  }
  if (words.length === 0) return complain('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.');
  const selected = selectObjects(call, words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const alike = startingLike(call, words, selected.value);
  const selection = alike ?? selected.value;
  const kinds = selection.groups.map((group) => group.kind);
  const around = { lab: call.lab, store: call.lab.store };
  // Events are asked for when one object is described by its name.
  const quiet = textOf(call.flags, 'show-events') === 'false' || alike !== null || allFound(selection).length > 1;
  const texts = allFound(selection).map(({ stored }) => { const text = described(stored, around); return quiet ? text.replace(/^Events:[\s\S]*$/m, '') : text; });
  const missing = selection.missing.map((line) => `${line}\n`).join('');
  const nothing = texts.length === 0 && missing === '' ? (selection.groups.every((group) => group.kind.namespaced) && !selection.everywhere ? `No resources found in ${call.target} namespace.\n` : 'No resources found\n') : '';
  return both(alike === null ? texts.join('\n\n') : texts.map((text) => `${text}\n`).join(''), kindWarnings(kinds) + missing + nothing + unread, missing === '' && unread === '' ? 0 : 1, { meanings: meaningsOf('describe', kinds.length > 0 ? kinds : []) });
}

/** A name that does not exist describes everything whose name starts so; `null` when nothing does. */
function startingLike(call: VerbCall, words: readonly string[], selection: Selection): Selection | null {
  const [type, name, ...more] = words;
  if (selection.missing.length !== 1 || type === undefined || name === undefined || more.length > 0) return null;
  const all = selectObjects(call, [type]);
  if (!all.ok) return null;
  const groups = all.value.groups.map((group) => ({ ...group, found: group.found.filter(({ stored }) => stored.object.metadata.name.startsWith(name)) })).filter((group) => group.found.length > 0);
  return groups.length === 0 ? null : { ...all.value, groups };
}
