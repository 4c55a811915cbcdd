// kubectl events and kubectl get events: the tables.
import { ageText } from '../../sim/cluster/age.ts';
import { both, failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { eventsFor } from '../describe/events-of.ts';
import { table } from '../layout.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { kindNamed } from '../../sim/cluster/kinds.ts';
import { allNamespacesFlag, isOn, outputFlag, switchFlag, textFlag, textOf } from './flags.ts';

export const events: Verb = {
  name: 'events', about: 'List events', completes: 'nothing',
  flags: [allNamespacesFlag, textFlag('for'), textFlag('types'), switchFlag('watch', 'w'), switchFlag('no-headers'), outputFlag, textFlag('chunk-size')],
  run,
};

function run(call: VerbCall): Answer {
  const { store } = call.lab;
  const everywhere = isOn(call.flags, 'all-namespaces');
  if (textOf(call.flags, 'output') !== undefined) return complain('the lab prints events as a table only');
  const types = (textOf(call.flags, 'types') ?? '').split(',').filter((one) => one !== '');
  const bad = types.find((one) => one !== 'Normal' && one !== 'Warning');
  if (bad !== undefined) return complain(`valid --types are Normal or Warning`);
  const wanted = textOf(call.flags, 'for');
  const [type = '', name = ''] = wanted === undefined ? [] : wanted.includes('/') ? wanted.split('/') : ['', wanted];
  if (wanted !== undefined && type === '') return complain(`--for must be in resource/name form`);
  const kind = wanted === undefined ? undefined : kindNamed(type, store);
  if (wanted !== undefined && kind === undefined) return failed(`the server doesn't have a resource type "${type}"`);
  const found = eventsFor(store, { namespace: everywhere ? null : call.target, object: kind === undefined ? null : `${kind.kind}/${name}`, types });
  const beside = { meanings: ['get events'] };
  if (found.length === 0) return both('', everywhere ? 'No events found.\n' : `No events found in ${call.target} namespace.\n`, 0, beside);
  const headings = isOn(call.flags, 'no-headers') ? null : [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  return both(table(headings, found.map((one) => [...(everywhere ? [one.namespace] : []), ageText(store.now - one.at), one.type, one.reason, one.object, one.message])), '', 0, beside);
}

/** `kubectl get events`: the same as a table of objects, whose names are in lower case. */
export function eventTable(call: VerbCall): Answer {
  const everywhere = isOn(call.flags, 'all-namespaces');
  const found = eventsFor(call.lab.store, { namespace: everywhere ? null : call.target, object: null, types: [] });
  const fields = textOf(call.flags, 'field-selector');
  const type = /(?:^|,)type=(\w+)/.exec(fields ?? '')?.[1];
  const named = /(?:^|,)involvedObject\.name=([^,]+)/.exec(fields ?? '')?.[1];
  const kept = found.filter((one) => (type === undefined || one.type === type) && (named === undefined || one.object.endsWith(`/${named}`)));
  const beside = { meanings: ['get events'] };
  if (kept.length === 0) return both('', everywhere ? 'No resources found\n' : `No resources found in ${call.target} namespace.\n`, 0, beside);
  const headings = isOn(call.flags, 'no-headers') ? null : [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  const object = (text: string): string => text.slice(0, text.indexOf('/')).toLowerCase() + text.slice(text.indexOf('/'));
  return both(table(headings, kept.map((one) => [...(everywhere ? [one.namespace] : []), ageText(call.lab.store.now - one.at), one.type, one.reason, object(one.object), one.message])), '', 0, beside);
}
