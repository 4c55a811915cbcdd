// kubectl apply -f, create -f and replace -f: what files say becomes what the cluster has.
import { byText } from '../../sim/base/order.ts';
import { conform } from '../../sim/cluster/conform.ts';
import { problemAt } from '../../sim/cluster/problem-at.ts';
import { find } from '../../sim/cluster/store.ts';
import type { Lab } from '../../sim/lab.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { refOf } from '../../sim/model/object.ts';
import type { Problem } from '../../sim/model/problem.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { attempt, dryRunOf, make, refusal, said } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, notFound, objectName, selectObjects } from './find-objects.ts';
import { dryRunFlag, fileFlags, outputFlag, selectorFlag, isOn, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import type { Flag } from './flags.ts';
import { jsonText, listOf, shown, yamlText } from './print-object.ts';
import { readObjects } from './read-objects.ts';

/** `--validate` alone means strict. */
const validateFlag: Flag = { name: 'validate', takes: 'text', bare: 'strict' };

export const apply: Verb = {
  name: 'apply', about: 'Apply a configuration to a resource by file name or stdin', completes: 'files',
  flags: [...fileFlags, selectorFlag, dryRunFlag, outputFlag, switchFlag('server-side'), switchFlag('force-conflicts'), textFlag('field-manager'), switchFlag('force'), switchFlag('prune'), switchFlag('overwrite'), switchFlag('wait'), validateFlag, textFlag('grace-period'), switchFlag('all'), textFlag('cascade'), textFlag('timeout'), textFlag('prune-allowlist'), textFlag('template'), switchFlag('openapi-patch'), switchFlag('show-managed-fields'), textFlag('subresource')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    if (sub === 'view-last-applied') return viewLastApplied({ ...call, verb: 'apply view-last-applied' }, rest);
    if (sub === 'set-last-applied' || sub === 'edit-last-applied') return lacks(`kubectl apply ${sub}: kubectl apply keeps what was last applied by itself`);
    if (call.words.length > 0) {
      return usage('apply', `Unexpected args: [${call.words.join(' ')}]`);
    }
    if (isOn(call.flags, 'prune') && !isOn(call.flags, 'all') && textOf(call.flags, 'selector') === undefined) return complain('all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector');
    if (isOn(call.flags, 'prune')) return lacks('prune: delete what is too much');
    return fromFiles(call, 'apply');
  },
};

export const replace: Verb = {
  name: 'replace', about: 'Replace a resource by file name or stdin', completes: 'files',
  flags: [...fileFlags, outputFlag, dryRunFlag, switchFlag('force'), switchFlag('save-config'), validateFlag, textFlag('grace-period')],
  run: (call) => fromFiles(call, 'replace'),
};

/** Does what the files say with one verb; also `kubectl create -f`. */
export function fromFiles(call: VerbCall, verb: 'apply' | 'create' | 'replace'): Answer {
  if (textsOf(call.flags, 'filename').length === 0 && textOf(call.flags, 'kustomize') === undefined) return complain('must specify one of -f and -k');
  const read = readObjects(call);
  if (read.kind === 'answer') return read.answer;
  const { store } = call.lab;
  const checked = read.objects.map((one) => ({ ...one, ...validated(call, one.object) }));
  const warned = checked.flatMap(({ warnings }) => warnings).map((line) => `Warning: ${line}\n`).join('');
  let refused = '';
  const good = checked.filter((one) => {
    const wish: Wish = { change: { verb, object: one.object, origin: one.origin }, kind: one.kind, name: one.object.metadata.name, source: one.source };
    const absent = verb === 'replace' && find(store, refOf(one.object)) === undefined;
    if (verb === 'apply' && one.object.metadata.name === '') refused += `error: from ${one.object.metadata.generateName ?? ''}: cannot use generate name with apply\n`;
    else if (absent && one.unknown.length > 0) refused += refusal(wish, one.unknown);
    else if (absent && !isOn(call.flags, 'force')) refused += `${notFound(one.kind, one.object.metadata.name).replace('(NotFound): ', `(NotFound): error when replacing "${one.source}": `)}\n`;
    else return true;
    return false;
  });
  const forced = verb === 'replace' && isOn(call.flags, 'force');
  const doomed = forced ? good.filter(({ object }) => find(store, refOf(object)) !== undefined) : [];
  const cleared = forced ? make(call.lab, doomed.map(({ kind, object, source }): Wish => ({ kind, name: object.metadata.name, source, change: { verb: 'delete', ref: refOf(object) } }))).lab : call.lab;
  const wishes = good.map((one): Wish => ({ change: { verb: forced ? 'create' : verb, object: one.object, origin: one.origin }, kind: one.kind, name: one.object.metadata.name, source: one.source }));
  const granted = attempt({ ...call, lab: cleared }, wishes);
  const words = { created: 'created', configured: 'configured', patched: 'configured', replaced: 'replaced', unchanged: verb === 'replace' ? 'replaced' : 'unchanged', deleted: 'deleted' } as const;
  const serverSide = isOn(call.flags, 'server-side');
  const texts = wishes.map((wish, index) => {
    const outcome = granted.outcomes[index];
    if (outcome === null || outcome === undefined) return '';
    const word = forced ? 'replaced' : serverSide ? 'serverside-applied' : verb === 'apply' && dryRunOf(call.flags) === 'client' && outcome.result === 'unchanged' ? 'configured' : words[outcome.result];
    return said(call, wish, word, granted.seen, dryRunOf(call.flags) !== 'none' && wish.name === '' ? '<unknown>' : wish.name === '' ? outcome.ref.name : wish.name);
  });
  const several = texts.filter((text) => text !== '').length > 1;
  const output = textOf(call.flags, 'output');
  const gone = doomed.map(({ kind, object }) => `${objectName(kind, '').slice(0, -1)} "${object.metadata.name}" deleted${kind.namespaced ? ` from ${object.metadata.namespace ?? ''} namespace` : ''}\n`).join('');
  const text = gone + (several && (output === 'yaml' || output === 'json') ? listText(granted.seen, wishes, output) : texts.join(''));
  const errors = warned + (serverSide ? granted.errors.replace(/^Warning: .*last-applied-configuration.*\n/gm, '') : granted.errors) + refused + read.errors;
  return both(text, errors, granted.refused > 0 || refused !== '' || read.errors !== '' ? 1 : 0, { lab: granted.refused > 0 && forced && wishes.length === 0 ? call.lab : granted.lab, meanings: meaningsOf(verb, read.objects.map((one) => one.kind)) });
}

function listText(lab: Lab, wishes: readonly Wish[], output: string): string {
  const items = wishes.flatMap((wish) => {
    const stored = 'object' in wish.change ? find(lab.store, refOf(wish.change.object)) : undefined;
    return stored === undefined ? [] : [shown(stored)];
  });
  return output === 'yaml' ? yamlText(listOf(items)) : jsonText(listOf(items));
}

/** What `--validate` does about fields that a kind does not have: refuse them (the server says so), warn, or leave them out. */
function validated(call: VerbCall, object: KubeObject): { readonly object: KubeObject; readonly warnings: readonly string[]; readonly unknown: readonly Problem[] } {
  const given = textOf(call.flags, 'validate') ?? 'true';
  const findings = conform(object).findings.filter(({ code }) => code === 'unknown-field');
  const unknown = findings.map((finding) => problemAt(object, null, finding));
  if (!['false', 'ignore', 'warn'].includes(given)) return { object, warnings: [], unknown };
  const warnings = given === 'warn' ? findings.map(({ says }) => says.replace(/^strict decoding error: /, '')).sort(byText) : [];
  return { object: conform(object, 'drop').object, warnings, unknown: [] };
}

/** kubectl writes the annotations down also where there are none. */
const withAnnotations = (object: KubeObject | null): unknown => (object === null ? null : { ...object, metadata: { ...object.metadata, annotations: object.metadata.annotations ?? {} } });

/** `kubectl apply view-last-applied`. */
function viewLastApplied(call: VerbCall, words: readonly string[]): Answer {
  if (words.length === 0 && textsOf(call.flags, 'filename').length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  const selected = selectObjects(call, words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const format = textOf(call.flags, 'output') === 'json' ? jsonText : yamlText;
  const never = allFound(selected.value).find(({ stored }) => stored.lastApplied === null);
  if (never !== undefined) return complain(`no last-applied-configuration annotation found on resource: ${never.stored.object.metadata.name}`);
  const text = allFound(selected.value).map(({ stored }) => format(withAnnotations(stored.lastApplied))).join('\n');
  return both(text, selected.value.missing.join('\n'), selected.value.missing.length > 0 ? 1 : 0, { meanings: meaningsOf('apply view-last-applied', selected.value.groups.map(({ kind }) => kind)) });
}
