// Verbs that change the number or the template of pods: scale, set, rollout.
import { isRecord } from '../../sim/cluster/record.ts';
import { list } from '../../sim/cluster/store.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import type { Container, Workload } from '../../sim/model/object.ts';
import { refOf } from '../../sim/model/object.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import { templateLines } from '../describe/pod-template.ts';
import { at, listAt, numberAt, textAt } from '../describe/writer.ts';
import { tabbed } from '../layout.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { make, outcomeText } from './change-objects.ts';
import type { Wish } from './change-objects.ts';
import { allFound, meaningsOf, objectName, resourceName, selectObjects } from './find-objects.ts';
import type { Found } from './find-objects.ts';
import { allNamespacesFlag, dryRunFlag, fileFlags, isOn, numberFlag, numberOf, outputFlag, selectorFlag, switchFlag, textFlag, textOf } from './flags.ts';

const several = [...fileFlags, selectorFlag, allNamespacesFlag, dryRunFlag, outputFlag, switchFlag('all'), switchFlag('local')];

export const scale: Verb = {
  name: 'scale', about: 'Set a new size for a deployment, replica set, or replication controller', completes: 'objects',
  flags: [...several, numberFlag('replicas'), numberFlag('current-replicas'), textFlag('resource-version'), textFlag('timeout')],
  run: (call) => {
    const replicas = numberOf(call.flags, 'replicas');
    if (replicas === undefined) return complain('required flag(s) "replicas" not set');
    if (replicas < 0) return complain('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (call.words.length === 0) return complain('no objects passed to scale');
    return changeEach(call, call.words, 'scaled', ({ stored, kind }) => {
      if (!['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(stored.object.kind)) return { problem: `Error from server (NotFound): the server could not find the requested resource` };
      const current = numberOf(call.flags, 'current-replicas');
      if (current !== undefined && current !== -1 && current !== numberAt(stored.object, 'spec', 'replicas')) return { problem: `error: Expected replicas to be ${current}, was ${numberAt(stored.object, 'spec', 'replicas')}` };
      return { type: 'merge', patch: { spec: { replicas } }, always: kind.kind !== '' };
    });
  },
};

export const set: Verb = {
  name: 'set', about: 'Set specific features on objects', completes: 'subcommands', subcommands: ['env', 'image', 'selector'],
  flags: [...several, textFlag('containers', 'c'), switchFlag('overwrite'), switchFlag('list'), textFlag('env', 'e'), textFlag('from'), textFlag('keys'), textFlag('resource-version')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    switch (sub) {
      case 'image': return setImage({ ...call, verb: 'set image' }, rest);
      case 'env': return setEnv({ ...call, verb: 'set env' }, rest);
      case 'selector': return setSelector({ ...call, verb: 'set selector' }, rest);
      case undefined: return printed('Configure application resources.\n\n These commands help you make changes to existing application resources.\n\nAvailable Commands:\n  env              Update environment variables on a pod template\n  image            Update the image of a pod template\n  selector         Set the selector on a resource\n');
      case 'resources': case 'serviceaccount': case 'subject': return lacks(`kubectl set ${sub}`);
      default: return usage('set', `unknown command "${sub}"`);
    }
  },
};

/** `says` stands behind the object's name where there is nothing to do. */
type Plan = { readonly problem: string } | { readonly says: string } | { readonly type: 'strategic' | 'merge'; readonly patch: unknown; readonly always: boolean };

/** Patches every object that is meant; `always` prints the word also when nothing changed. */
function changeEach(call: VerbCall, words: readonly string[], word: string, plan: (found: Found) => Plan): Answer {
  const selected = selectObjects(call, words, isOn(call.flags, 'all'));
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const found = allFound(selected.value);
  let errors = selected.value.missing.map((line) => `${line}\n`).join('');
  let said = '';
  const wishes: Wish[] = [];
  const shown: boolean[] = [];
  for (const one of found) {
    const planned = plan(one);
    if ('problem' in planned) {
      errors += `${planned.problem}\n`;
      continue;
    }
    if ('says' in planned) {
      said += outcomeText({ kind: one.kind, name: one.stored.object.metadata.name, source: null, change: { verb: 'delete', ref: refOf(one.stored.object) } }, planned.says);
      continue;
    }
    wishes.push({ kind: one.kind, name: one.stored.object.metadata.name, source: null, change: { verb: 'patch', ref: refOf(one.stored.object), type: planned.type, patch: planned.patch } });
    shown.push(planned.always);
  }
  const meanings = meaningsOf(call.verb, selected.value.groups.map((group) => group.kind));
  const dry = textOf(call.flags, 'dry-run');
  if (dry !== undefined && dry !== 'none') return both(wishes.map((wish) => outcomeText(wish, `${word}${dry === 'server' ? ' (server dry run)' : ' (dry run)'}`)).join(''), errors, errors === '' ? 0 : 1, { meanings });
  const granted = make(call.lab, wishes);
  const out = wishes.map((wish, index) => {
    const outcome = granted.outcomes[index];
    if (outcome === null || outcome === undefined) return '';
    return outcome.result === 'unchanged' && shown[index] !== true ? '' : outcomeText(wish, word);
  }).join('');
  return both(said + out, errors + granted.errors, errors !== '' || granted.refused > 0 ? 1 : 0, { lab: granted.lab, meanings });
}

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
  const errors = [...(resources.length === 0 ? ['one or more resources must be specified as <resource> <name> or <resource>/<name>'] : []), ...(pairs.length === 0 ? ['at least one image update is required'] : [])];
  if (errors.length > 0) return complain(errors.length === 1 ? errors[0] ?? '' : `[${errors.join(', ')}]`);
  return changeEach(call, resources, 'image updated', ({ stored }) => {
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
  if (textOf(call.flags, 'from') !== undefined) return lacks('set env --from: write the reference with kubectl edit');
  if (isOn(call.flags, 'list')) {
    const selected = selectObjects(call, resources);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    const text = allFound(selected.value).flatMap(({ stored }) => containersOf(stored).flatMap((container) => [`# ${stored.object.kind} ${stored.object.metadata.name}, container ${container.name}\n`, ...(container.env ?? []).map((variable) => `${variable.value === undefined ? `# ${variable.name} from ${Object.keys(variable.valueFrom ?? {})[0] ?? 'elsewhere'}` : `${variable.name}=${variable.value}`}\n`)]));
    return printed(text.join(''), { meanings: meaningsOf('set env', selected.value.groups.map((group) => group.kind)) });
  }
  if (pairs.length === 0) return complain('at least one environment variable must be provided');
  const only = textOf(call.flags, 'containers');
  return changeEach(call, resources, 'env updated', ({ stored }) => {
    const containers = containersOf(stored).filter((container) => only === undefined || only === '*' || container.name === only);
    if (containers.length === 0) return { problem: `error: ${stored.object.kind.toLowerCase()}/${stored.object.metadata.name} does not have any containers matching "${only ?? '*'}"` };
    const env = pairs.map((pair) => (pair.includes('=') ? { name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), valueFrom: null } : { name: pair.slice(0, -1), $patch: 'delete' }));
    return { type: 'strategic', patch: nested(templatePath(stored), { containers: containers.map((container) => ({ name: container.name, env })) }), always: false };
  });
}

function setSelector(call: VerbCall, words: readonly string[]): Answer {
  const selector = words.at(-1);
  if (selector === undefined || !selector.includes('=') || words.length < 2) return complain('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const labels = Object.fromEntries(selector.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  return changeEach(call, words.slice(0, -1), 'selector updated', ({ stored }) => {
    if (stored.object.kind !== 'Service') return { problem: `error: selector cannot be updated for ${stored.object.kind}: only Services take a new one` };
    const old = at(stored.object, 'spec', 'selector');
    const gone = isRecord(old) ? Object.fromEntries(Object.keys(old).filter((key) => !Object.hasOwn(labels, key)).map((key) => [key, null])) : {};
    return { type: 'merge', patch: { spec: { selector: { ...gone, ...labels } } }, always: false };
  });
}

export const rollout: Verb = {
  name: 'rollout', about: 'Manage the rollout of a resource', completes: 'subcommands', subcommands: ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
  flags: [...several, switchFlag('watch', 'w'), textFlag('timeout'), numberFlag('revision'), numberFlag('to-revision')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    if (sub === undefined) return printed('Manage the rollout of one or many resources.\n\nAvailable Commands:\n  history       View rollout history\n  pause         Mark the provided resource as paused\n  restart       Restart a resource\n  resume        Resume a paused resource\n  status        Show the status of the rollout\n  undo          Undo a previous rollout\n');
    if (!['restart', 'status', 'undo', 'history', 'pause', 'resume'].includes(sub)) return usage('rollout', `unknown command "${sub}"`);
    if (rest.length === 0) return complain('required resource not specified');
    const inner = { ...call, verb: `rollout ${sub}` };
    if (sub === 'restart') return restart(inner, rest);
    if (sub === 'status') return status(inner, rest);
    if (sub === 'undo') return undo(inner, rest);
    return sub === 'history' ? history(inner, rest) : pause(inner, rest, sub === 'pause');
  },
};

const restartable = ['Deployment', 'StatefulSet', 'DaemonSet'];

const restart = (call: VerbCall, words: readonly string[]): Answer => changeEach(call, words, 'restarted', ({ stored, kind }) => {
  if (!restartable.includes(stored.object.kind)) return { problem: `error: ${resourceName(kind)} "${stored.object.metadata.name}" restarting is not supported` };
  if (isPaused(stored)) return { problem: `error: ${resourceName(kind)} "${stored.object.metadata.name}" can't restart paused deployment (run rollout resume first)` };
  const when = timestampOf(call.lab.store.now);
  return { type: 'strategic', patch: { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': when } } } } }, always: true };
});

function status(call: VerbCall, words: readonly string[]): Answer {
  const selected = selectObjects(call, words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const [missing] = selected.value.missing;
  if (missing !== undefined) return failed(missing);
  let out = '';
  for (const { stored } of allFound(selected.value)) {
    const { kind, metadata } = stored.object;
    const number = (...path: readonly string[]): number => numberAt(stored.object, ...path);
    const wanted = at(stored.object, 'spec', 'replicas') === undefined ? 1 : number('spec', 'replicas');
    if (!restartable.includes(kind)) return complain(`no status viewer has been implemented for ${kind}`);
    const waits = kind === 'DaemonSet'
      ? number('status', 'numberAvailable') < number('status', 'desiredNumberScheduled') ? `Waiting for daemon set "${metadata.name}" rollout to finish: ${number('status', 'numberAvailable')} of ${number('status', 'desiredNumberScheduled')} updated pods are available...` : null
      : kind === 'StatefulSet'
        ? number('status', 'readyReplicas') < wanted ? `Waiting for ${wanted - number('status', 'readyReplicas')} pods to be ready...` : null
        : number('status', 'updatedReplicas') < wanted ? `Waiting for deployment "${metadata.name}" rollout to finish: ${number('status', 'updatedReplicas')} out of ${wanted} new replicas have been updated...`
          : number('status', 'availableReplicas') < number('status', 'updatedReplicas') ? `Waiting for deployment "${metadata.name}" rollout to finish: ${number('status', 'availableReplicas')} of ${number('status', 'updatedReplicas')} updated replicas are available...` : null;
    // A real kubectl waits here for as long as it takes; in the lab nothing changes by waiting.
    if (waits !== null) return both(`${out}${waits}\n`, 'error: timed out waiting for the condition', 1, { meanings: ['rollout status'] });
    out += kind === 'Deployment' ? `deployment "${metadata.name}" successfully rolled out\n`
      : kind === 'DaemonSet' ? `daemon set "${metadata.name}" successfully rolled out\n`
        : `statefulset rolling update complete ${wanted} pods at revision ${textAt(stored.object, 'status', 'currentRevision') ?? metadata.name}...\n`;
  }
  return printed(out, { meanings: ['rollout status'] });
}

const isPaused = (stored: Stored): boolean => stored.object.kind === 'Deployment' && at(stored.object, 'spec', 'paused') === true;

const revisionOf = ({ object, created }: Stored): number => Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? created);

/** The ReplicaSets of a Deployment, oldest revision first. */
const setsOf = (call: VerbCall, deployment: Stored): Stored<Workload>[] => list(call.lab.store, 'ReplicaSet', deployment.object.metadata.namespace ?? '')
  .filter(({ object }) => object.metadata.ownerReferences?.some((owner) => owner.kind === 'Deployment' && owner.name === deployment.object.metadata.name) ?? false)
  .sort((left, right) => revisionOf(left) - revisionOf(right));

const pause = (call: VerbCall, words: readonly string[], wanted: boolean): Answer => changeEach(call, words, wanted ? 'paused' : 'resumed', ({ stored, kind }) => {
  const name = `${resourceName(kind)} "${stored.object.metadata.name}"`;
  if (stored.object.kind !== 'Deployment') return { problem: `error: ${name} ${wanted ? 'pausing' : 'resuming'} is not supported` };
  if (isPaused(stored) === wanted) return { problem: `error: ${name} is ${wanted ? 'already' : 'not'} paused` };
  return { type: 'merge', patch: { spec: { paused: wanted ? true : null } }, always: true };
});

function history(call: VerbCall, words: readonly string[]): Answer {
  const selected = selectObjects(call, words);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  const revision = numberOf(call.flags, 'revision') ?? 0;
  let out = '';
  for (const { stored, kind } of allFound(selected.value)) {
    if (!restartable.includes(kind.kind)) return complain(`error retrieving history for "${kind.kind}", no visitor method exists for {${kind.group} ${kind.kind}}`);
    if (kind.kind !== 'Deployment') return lacks(`rollout history of ${kind.plural}: their controllers keep none here`);
    const sets = setsOf(call, stored);
    const one = sets.find((set) => revisionOf(set) === revision);
    if (revision > 0 && one === undefined) return complain('unable to find the specified revision');
    const head = objectName(kind, stored.object.metadata.name);
    if (one !== undefined) out += `${head} with revision #${revision}\n${templateLines(one.object.spec.template).join('\n')}\n\n`;
    else if (sets.length === 0) out += `${head} No rollout history found.\n`;
    else out += `${head} \n${tabbed(`REVISION\tCHANGE-CAUSE\n${sets.map((set) => `${revisionOf(set)}\t${set.object.metadata.annotations?.['kubernetes.io/change-cause'] ?? '<none>'}\n`).join('')}`)}\n`;
  }
  return both(out, selected.value.missing.join('\n'), selected.value.missing.length > 0 ? 1 : 0, { meanings: meaningsOf('rollout history', selected.value.groups.map((group) => group.kind)) });
}

function undo(call: VerbCall, words: readonly string[]): Answer {
  return changeEach(call, words, 'rolled back', ({ stored, kind }) => {
    const { metadata } = stored.object;
    if (kind.kind !== 'Deployment') return { problem: `error: the lab rolls back Deployments only, not ${kind.plural}` };
    if (isPaused(stored)) return { problem: "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again" };
    const sets = setsOf(call, stored);
    const wantedRevision = numberOf(call.flags, 'to-revision');
    const before = wantedRevision === undefined || wantedRevision === 0 ? sets.at(-2) : sets.find((one) => revisionOf(one) === wantedRevision);
    if (before === undefined) return { problem: wantedRevision === undefined ? `error: no rollout history found for deployment "${metadata.name}"` : `error: unable to find specified revision ${wantedRevision} in history` };
    // The newest set is the one that stands.
    if (before === sets.at(-1)) return { says: `skipped rollback (current template already matches revision ${revisionOf(before)})` };
    const template = before.object.spec.template;
    const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
    void _hash;
    // The whole template comes back, lists too.
    return { type: 'merge', patch: { spec: { template: { metadata: { labels: withoutOthers(at(stored.object, 'spec', 'template', 'metadata', 'labels'), labels), annotations: withoutOthers(at(stored.object, 'spec', 'template', 'metadata', 'annotations'), template.metadata?.annotations ?? {}) }, spec: template.spec } } }, always: true };
  });
}

/** A merge patch that leaves exactly these fields. */
const withoutOthers = (current: unknown, wanted: Readonly<Record<string, unknown>>): unknown => ({ ...(isRecord(current) ? Object.fromEntries(Object.keys(current).map((key) => [key, null])) : {}), ...wanted });
