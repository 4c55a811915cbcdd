// kubectl label and kubectl annotate: `key=value`, `key-`.
import { sortedEntries } from '../../sim/base/order.ts';
import type { Labels } from '../../sim/model/object.ts';
import { refOf } from '../../sim/model/object.ts';
import { both } from '../command.ts';
import type { Answer, Done } from '../command.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { attempt, said, saidAll } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, selectObjects } from './find-objects.ts';
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, fileFlags, isOn, outputFlag, selectorFlag, switchFlag, textFlag } from './flags.ts';

const flags = [...fileFlags, selectorFlag, fieldSelectorFlag, allNamespacesFlag, dryRunFlag, outputFlag, switchFlag('overwrite'), switchFlag('all'), switchFlag('list'), textFlag('resource-version'), textFlag('field-manager')];

export const label: Verb = { name: 'label', about: 'Update the labels on a resource', completes: 'objects', flags, run: (call) => run(call, 'labels') };
export const annotate: Verb = { name: 'annotate', about: 'Update the annotations on a resource', completes: 'objects', flags, run: (call) => run(call, 'annotations') };

function run(call: VerbCall, field: 'labels' | 'annotations'): Answer {
  const one = field === 'labels' ? 'label' : 'annotation';
  const isPair = (word: string): boolean => (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word.length > 1);
  const first = call.words.findIndex(isPair);
  const resources = first < 0 ? call.words : call.words.slice(0, first);
  const pairs = first < 0 ? [] : call.words.slice(first);
  if (resources.length === 0) return complain('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (pairs.length === 0 && !isOn(call.flags, 'list')) return complain(`at least one ${one} update is required`);
  const set: Record<string, string> = {};
  const removed: string[] = [];
  for (const pair of pairs) {
    if (!isPair(pair)) return complain(`all resources must be specified before ${one} changes: ${pair}`);
    if (pair.includes('=')) {
      const key = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const problem = field === 'labels' ? badLabel(pair, value) : null;
      if (problem !== null) return complain(problem);
      set[key] = value;
    } else removed.push(pair.slice(0, -1));
  }
  const both_ = removed.find((key) => Object.hasOwn(set, key));
  if (both_ !== undefined) return complain(`can not both modify and remove ${field === 'labels' ? 'a' : 'an'} ${one} in the same command`);
  const selected = selectObjects(call, resources, false);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  if (isOn(call.flags, 'list')) return listed(found.map(({ stored }) => stored.object.metadata[field] ?? {}));
  let out = '';
  let errors = selected.value.missing.map((line) => `${line}\n`).join('');
  const wishes: { wish: Wish; word: string }[] = [];
  let bad = selected.value.missing.length;
  const changed = new Map<string, string>();
  for (const { kind, stored } of found) {
    const current: Labels = stored.object.metadata[field] ?? {};
    const clash = sortedEntries(set).filter(([key, value]) => Object.hasOwn(current, key) && current[key] !== value);
    if (clash.length > 0 && !isOn(call.flags, 'overwrite')) {
      const says = field === 'labels'
        ? clash.map(([key]) => `'${key}' already has a value (${current[key] ?? ''}), and --overwrite is false`)
        : [`--overwrite is false but found the following declared annotation(s): ${clash.map(([key]) => `'${key}' already has a value (${current[key] ?? ''})`).join('; ')}`];
      errors += `error: ${says.length > 1 ? `[${says.join(', ')}]` : says[0] ?? ''}\n`;
      bad += 1;
      continue;
    }
    for (const key of removed) if (field === 'labels' && !Object.hasOwn(current, key)) out += `label "${key}" not found.\n`;
    const added = sortedEntries(set).filter(([key, value]) => current[key] !== value);
    const gone = removed.filter((key) => Object.hasOwn(current, key));
    const word = field === 'annotations' ? 'annotated' : added.length > 0 && gone.length > 0 ? 'modified' : added.length > 0 ? 'labeled' : gone.length > 0 ? 'unlabeled' : 'not labeled';
    const wish: Wish = {
      kind, name: stored.object.metadata.name, source: null,
      change: { verb: 'patch', ref: refOf(stored.object), type: 'merge', patch: { metadata: { [field]: { ...Object.fromEntries(added), ...Object.fromEntries(gone.map((key) => [key, null])) } } } },
    };
    if (added.length + gone.length === 0) changed.set(`${kind.kind}/${stored.object.metadata.namespace ?? ''}/${stored.object.metadata.name}`, word);
    wishes.push({ wish, word });
  }
  const needed = wishes.filter(({ wish }) => wish.change.verb === 'patch' && !changed.has(`${wish.change.ref.kind}/${wish.change.ref.namespace}/${wish.change.ref.name}`));
  const granted = attempt(call, needed.map(({ wish }) => wish));
  out += saidAll(call, wishes.filter(({ wish }) => granted.refused === 0 || granted.outcomes[needed.findIndex((other) => other.wish === wish)] !== null).map(({ wish, word }) => said(call, wish, word, granted.seen)));
  return both(out, errors + granted.errors, bad + granted.refused > 0 ? 1 : 0, { lab: granted.lab, meanings: meaningsOf(call.verb, found.map(({ kind }) => kind)) });
}

const listed = (sets: readonly Labels[]): Done => both(sets.flatMap((set) => sortedEntries(set).map(([key, value]) => `${key}=${value}\n`)).join(''), '', 0);

const valuePattern = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const valueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** kubectl checks values of labels before it sends them; keys are the server's business. */
function badLabel(pair: string, value: string): string | null {
  if (value.length > 63) return `invalid label value: "${pair}": must be no more than 63 bytes`;
  return value === '' || valuePattern.test(value) ? null : `invalid label value: "${pair}": ${valueRule}`;
}
