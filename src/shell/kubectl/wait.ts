// kubectl wait: in the lab nothing changes by waiting, so a condition holds or the time is up.
import { both, failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { listAt, textAt } from '../describe/writer.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, meaningsOf, objectName, selectObjects } from './find-objects.ts';
import type { Found } from './find-objects.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, isOn, outputFlag, selectorFlag, switchFlag, textFlag, textOf } from './flags.ts';
import { jsonPath } from './json-path.ts';

export const wait: Verb = {
  name: 'wait', about: 'Wait for a specific condition on one or many resources', completes: 'objects',
  flags: [...fileFlags, selectorFlag, fieldSelectorFlag, allNamespacesFlag, textFlag('for'), textFlag('timeout'), switchFlag('all'), switchFlag('local'), outputFlag],
  run,
};

type Test = (found: Found) => boolean;

type Wanted = { readonly kind: 'delete' | 'create' } | { readonly kind: 'test'; readonly test: Test } | { readonly kind: 'wrong'; readonly says: string };

/** What `--for` asks; `wrong` with kubectl's complaint. */
function wantedOf(given: string): Wanted {
  const word = given.toLowerCase();
  if (word === 'delete' || word === 'create') return { kind: word };
  const condition = /^condition=([^=]+)(?:=(.*))?$/.exec(given);
  if (condition !== null) {
    const [, type = '', value = 'true'] = condition;
    return { kind: 'test', test: ({ stored }) => listAt(stored.object, 'status', 'conditions').some((one) => textAt(one, 'type')?.toLowerCase() === type.toLowerCase() && textAt(one, 'status')?.toLowerCase() === value.toLowerCase()) };
  }
  const path = /^jsonpath=(.*)$/s.exec(given)?.[1];
  if (path === undefined) return { kind: 'wrong', says: `unrecognized condition: ${JSON.stringify(given)}` };
  const equals = /^(\{.*\}|'\{.*\}')(?:=(.*))?$/s.exec(path) ?? /^([^=]*)(?:=(.*))?$/s.exec(path);
  if (/^\{[^}]*$/.test(path.replace(/=.*$/, ''))) return { kind: 'wrong', says: "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'" };
  const expression = (equals?.[1] ?? '').replace(/^'|'$/g, '');
  const wanted = equals?.[2]?.replace(/^(['"])(.*)\1$/s, '$2');
  return {
    kind: 'test',
    test: ({ stored }) => {
      const read = jsonPath(/^\{/.test(expression) ? expression : `{${expression}}`, stored.object);
      return read.ok && (wanted === undefined ? read.value !== '' : read.value === wanted);
    },
  };
}

function run(call: VerbCall): Answer {
  const given = textOf(call.flags, 'for');
  if (given === undefined) return complain('unrecognized condition: []');
  const wanted = wantedOf(given);
  if (wanted.kind === 'wrong') return complain(wanted.says);
  const timeout = textOf(call.flags, 'timeout') ?? '30s';
  if (!/^-?(\d+(\.\d+)?(ms|s|m|h))+$|^0$/.test(timeout)) return failed(`error: invalid argument "${timeout}" for "--timeout" flag: time: invalid duration "${timeout}"\nSee 'kubectl wait --help' for usage.`);
  const named = call.words.length > 1 || call.words.some((word) => word.includes('/'));
  if (call.words.length > 0 && !named && !isOn(call.flags, 'all') && textOf(call.flags, 'selector') === undefined && textOf(call.flags, 'field-selector') === undefined) return complain('resource(s) were provided, but no name was specified');
  const selected = selectObjects(call, call.words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  const meanings = meaningsOf('wait', selected.value.groups.map((group) => group.kind));
  const met = (one: Found): string => `${objectName(one.kind, one.stored.object.metadata.name)} condition met\n`;
  const late = (one: Found): string => `error: timed out waiting for the condition on ${one.kind.plural}/${one.stored.object.metadata.name}\n`;
  if (wanted.kind === 'delete') return both('', found.map(late).join(''), found.length > 0 ? 1 : 0, { meanings });
  // What does not exist may still come; here it does not.
  const good = found.filter((one) => wanted.kind !== 'test' || wanted.test(one));
  const missing = selected.value.missing.map((line) => `${line}\n`).join('');
  if (missing !== '') return both(good.map(met).join(''), missing, 1, { meanings });
  if (found.length === 0) return complain('no matching resources found', { meanings });
  const bad = found.filter((one) => !good.includes(one));
  return both(good.map(met).join(''), bad.map(late).join(''), bad.length > 0 ? 1 : 0, { meanings });
}

