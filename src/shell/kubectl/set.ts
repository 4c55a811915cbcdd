// kubectl set: image, env, selector, resources and service account of what has a pod template.
import { byText } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { list } from '../../sim/cluster/store.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import type { Container } from '../../sim/model/object.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { at, listAt, textAt } from '../describe/writer.ts';
import { changeEach, severalFlags } from './change-each.ts';
import { complain, lacks, subcommandHelp, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, meaningsOf, selectObjects } from './find-objects.ts';
import { isOn, switchFlag, textFlag, textOf } from './flags.ts';

export const set: Verb = {
  name: 'set', about: 'Set specific features on objects', completes: 'subcommands', subcommands: ['env', 'image', 'resources', 'selector', 'serviceaccount'],
  flags: [...severalFlags, textFlag('containers', 'c'), switchFlag('overwrite'), switchFlag('list'), textFlag('env', 'e'), textFlag('from'), textFlag('keys'), textFlag('prefix'), switchFlag('resolve'), textFlag('limits'), textFlag('requests'), textFlag('resource-version')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    switch (sub) {
      case 'image': return setImage({ ...call, verb: 'set image' }, rest);
      case 'env': return setEnv({ ...call, verb: 'set env' }, rest);
      case 'selector': return setSelector({ ...call, verb: 'set selector' }, rest);
      case 'resources': return setResources({ ...call, verb: 'set resources' }, rest);
      case 'serviceaccount': case 'sa': return setServiceAccount({ ...call, verb: 'set serviceaccount' }, rest);
      case undefined: return both('', subcommandHelp('set', 'Configure application resources.\n\n These commands help you make changes to existing application resources.', [['env', 'Update environment variables on a pod template'], ['image', 'Update the image of a pod template'], ['resources', 'Update resource requests/limits on objects with pod templates'], ['selector', 'Set the selector on a resource'], ['serviceaccount', 'Update the service account of a resource'], ['subject', 'Update the user, group, or service account in a role binding or cluster role binding']], 'kubectl set SUBCOMMAND [options]'), 1);
      case 'subject': return lacks('kubectl set subject: it has no access control');
      default: return usage('set', `unknown command "${sub}"`);
    }
  },
};

const hasTemplate = (stored: Stored): boolean => stored.object.kind === 'Pod' || isRecord(at(stored.object, ...templatePath(stored)));
const noTemplate = ({ object }: Stored, plural: string): string => `error: ${plural}/${object.metadata.name} the object is not a pod or does not have a pod template: *${object.apiVersion.split('/').at(-1) ?? 'v1'}.${object.kind}`;

/** Where the template of an object stands: a bare pod is its own. */
const templatePath = (stored: Stored): readonly string[] => (stored.object.kind === 'Pod' ? ['spec'] : stored.object.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template', 'spec'] : ['spec', 'template', 'spec']);
const nested = (path: readonly string[], value: unknown): unknown => path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
const containersOf = (stored: Stored): readonly Container[] => listAt(stored.object, ...templatePath(stored), 'containers').filter((one): one is Container & Record<string, unknown> => isRecord(one) && typeof one['name'] === 'string');

function split(words: readonly string[]): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const first = words.findIndex((word) => word.includes('=') || (/[^/]-$/.test(word) && !word.includes('/')));
  return first < 0 ? { resources: words, pairs: [] } : { resources: words.slice(0, first), pairs: words.slice(first) };
}

function setImage(call: VerbCall, words: readonly string[]): Answer {
  const { resources, pairs } = split(words);
  if (words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  const errors = [...(resources.length === 0 ? ['one or more resources must be specified as <resource> <name> or <resource>/<name>'] : []), ...(pairs.length === 0 ? ['at least one image update is required'] : [])];
  if (errors.length > 0) return complain(errors.length === 1 ? errors[0] ?? '' : `[${errors.join(', ')}]`);
  return changeEach(call, resources, 'image updated', ({ stored, kind }) => {
    if (!hasTemplate(stored)) return { problem: noTemplate(stored, kind.plural) };
    const containers = containersOf(stored);
    const changes: { name: string; image: string }[] = [];
    for (const pair of pairs) {
      const name = pair.slice(0, pair.indexOf('='));
      const image = pair.slice(pair.indexOf('=') + 1);
      const meant = name === '*' ? containers : containers.filter((container) => container.name === name);
      if (meant.length === 0) return { problem: `error: unable to find container named "${name}"` };
      changes.push(...meant.filter((container) => container.image !== image).map((container) => ({ name: container.name, image })));
    }
    return { type: 'strategic', patch: nested(templatePath(stored), { containers: changes }), always: false };
  });
}

function setEnv(call: VerbCall, words: readonly string[]): Answer {
  const { resources, pairs } = split(words);
  if (resources.length === 0) return complain('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const from = textOf(call.flags, 'from');
  if (isOn(call.flags, 'list')) {
    const selected = selectObjects(call, resources);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    const text = allFound(selected.value).flatMap(({ stored }) => containersOf(stored).flatMap((container) => [`# ${stored.object.kind} ${stored.object.metadata.name}, container ${container.name}\n`, ...(container.env ?? []).map((variable) => `${variable.value === undefined ? `# ${variable.name} from ${sourceText(variable.valueFrom)}` : `${variable.name}=${variable.value}`}\n`)]));
    return printed(text.join(''), { meanings: meaningsOf('set env', selected.value.groups.map((group) => group.kind)) });
  }
  const references: References | string = from === undefined ? { env: [], warnings: '' } : referencesTo(call, from);
  if (typeof references === 'string') return failed(references);
  // Nothing to change: kubectl ends well and says nothing.
  if (pairs.length === 0 && from === undefined) return printed('', { meanings: ['set env'] });
  const only = textOf(call.flags, 'containers');
  const answer = changeEach(call, resources, 'env updated', ({ stored, kind }) => {
    if (!hasTemplate(stored)) return { problem: noTemplate(stored, kind.plural) };
    const all = containersOf(stored);
    const containers = all.filter((container) => only === undefined || only === '*' || container.name === only);
    if (containers.length === 0) return { problem: `error: ${stored.object.kind.toLowerCase()}/${stored.object.metadata.name} does not have any containers matching "${only ?? '*'}"` };
    const env: readonly Variable[] = [...references.env, ...pairs.map((pair) => (pair.includes('=') ? { name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) } : { name: pair.slice(0, -1), $patch: 'delete' as const }))];
    return { type: 'merge', patch: nested(templatePath(stored), { containers: all.map((container) => (containers.includes(container) ? { ...container, env: changedEnv(container, env) } : container)) }), always: false };
  });  return references.warnings === '' || answer.kind !== 'done' ? answer : { ...answer, output: [{ stream: 'err', text: references.warnings }, ...answer.output] };
}

type Variable = { readonly name: string; readonly $patch?: 'delete' } & Readonly<Record<string, unknown>>;

/** Variables after the change: what was there keeps its place, new ones stand behind. */
function changedEnv(container: Container, env: readonly Variable[]): readonly unknown[] {
  const old: readonly Variable[] = (container.env ?? []).map((one) => ({ ...one }));
  const wanted = new Map(env.map((one) => [one.name, one]));
  const kept = old.flatMap((one) => { const given = wanted.get(one.name); return given === undefined ? [one] : given.$patch === 'delete' ? [] : [given]; });
  return [...kept, ...[...wanted.values()].filter((one) => one.$patch === undefined && !old.some(({ name }) => name === one.name))];
}

/** Where a variable's value is taken from, as `kubectl set env --list` says it. */
function sourceText(source: unknown): string {
  const config = at(source, 'configMapKeyRef');
  const secret = at(source, 'secretKeyRef');
  if (config !== undefined) return `configmap ${textAt(config, 'name') ?? ''}, key ${textAt(config, 'key') ?? ''}`;
  if (secret !== undefined) return `secret ${textAt(secret, 'name') ?? ''}, key ${textAt(secret, 'key') ?? ''}`;
  const resource = textAt(source, 'resourceFieldRef', 'resource');
  return resource !== undefined ? `resource field ${resource}` : `field path ${textAt(source, 'fieldRef', 'fieldPath') ?? ''}`;
}

interface References { readonly env: readonly Variable[]; readonly warnings: string }

/** One variable for every key of a ConfigMap or Secret; a text is kubectl's error. */
function referencesTo(call: VerbCall, from: string): References | string {
  const [, type = '', name = ''] = /^(configmaps?|cm|secrets?)\/(.+)$/.exec(from) ?? [];
  if (name === '') return `error: unsupported resource specified in --from`;
  const isSecret = type.startsWith('secret');
  const stored = list(call.lab.store, isSecret ? 'Secret' : 'ConfigMap', call.target).find(({ object }) => object.metadata.name === name);
  if (stored === undefined) return `Error from server (NotFound): ${isSecret ? 'secrets' : 'configmaps'} "${name}" not found`;
  const wanted = textOf(call.flags, 'keys')?.split(',');
  const data = at(stored.object, 'data');
  const keys = Object.keys(isRecord(data) ? data : {}).filter((key) => wanted === undefined || wanted.includes(key)).sort(byText);
  const prefix = textOf(call.flags, 'prefix') ?? '';
  const named = keys.map((key) => ({ key, variable: `${prefix}${key.toUpperCase().replace(/[-.]/g, '_')}` }));
  return {
    env: named.map(({ key, variable }) => ({ name: variable, valueFrom: { [isSecret ? 'secretKeyRef' : 'configMapKeyRef']: { name, key } } })),
    warnings: named.filter(({ key, variable }) => key !== variable).map(({ key, variable }) => `Warning: key ${key} transferred to ${variable}\n`).join(''),
  };
}

function setResources(call: VerbCall, words: readonly string[]): Answer {
  if (words.length === 0) return complain("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
  const given = ['limits', 'requests'].flatMap((flag) => { const text = textOf(call.flags, flag); return text === undefined ? [] : [{ flag, text }]; });
  if (given.length === 0) return complain('you must specify an update to requests or limits (in the form of --requests/--limits)');
  const bad = given.flatMap(({ text }) => text.split(',')).find((pair) => pair.split('=').length !== 2);
  if (bad !== undefined) return complain(`invalid argument syntax ${bad}, expected <resource>=<quantity>`);
  const resources = Object.fromEntries(given.map(({ flag, text }) => [flag, Object.fromEntries(text.split(',').map((pair) => pair.split('=')))]));
  const only = textOf(call.flags, 'containers');
  return changeEach(call, words, 'resource requirements updated', ({ stored, kind }) => {
    if (!hasTemplate(stored)) return { problem: noTemplate(stored, kind.plural) };
    const containers = containersOf(stored).filter((container) => only === undefined || only === '*' || container.name === only);
    return { type: 'strategic', patch: nested(templatePath(stored), { containers: containers.map((container) => ({ name: container.name, resources })) }), always: false };
  });
}

function setServiceAccount(call: VerbCall, words: readonly string[]): Answer {
  const account = words.at(-1);
  if (account === undefined || words.length < 2) return complain('serviceaccount is required');
  return changeEach(call, words.slice(0, -1), 'serviceaccount updated', ({ stored, kind }) => (hasTemplate(stored)
    ? { type: 'merge', patch: nested(templatePath(stored), { serviceAccountName: account }), always: true }
    : { problem: noTemplate(stored, kind.plural) }));
}

function setSelector(call: VerbCall, words: readonly string[]): Answer {
  const selector = words.at(-1);
  if (selector === undefined || !selector.includes('=') || words.length < 2) return complain(words.length === 0 ? 'one or more resources must be specified as <resource> <name> or <resource>/<name>' : 'resource(s) were provided, but no name was specified');
  const labels = Object.fromEntries(selector.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  return changeEach(call, words.slice(0, -1), 'selector updated', ({ stored }) => {
    if (stored.object.kind !== 'Service') return { problem: `error: selector cannot be updated for ${stored.object.kind}: only Services take a new one` };
    const old = at(stored.object, 'spec', 'selector');
    const gone = isRecord(old) ? Object.fromEntries(Object.keys(old).filter((key) => !Object.hasOwn(labels, key)).map((key) => [key, null])) : {};
    return { type: 'merge', patch: { spec: { selector: { ...gone, ...labels } } }, always: false };
  });
}
