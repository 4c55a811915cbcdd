// kubectl rollout: status, restart, history, undo, pause and resume.
import { isRecord } from '../../sim/cluster/record.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import { list } from '../../sim/cluster/store.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import type { Workload } from '../../sim/model/object.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { templateLines } from '../describe/pod-template.ts';
import { at, numberAt, textAt } from '../describe/writer.ts';
import { tabbed } from '../layout.ts';
import { changeEach, severalFlags } from './change-each.ts';
import { complain, lacks, subcommandHelp, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { allFound, meaningsOf, objectName, resourceName, selectObjects } from './find-objects.ts';
import { numberFlag, numberOf, switchFlag, textFlag } from './flags.ts';

const rolloutAbout = `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets

Examples:
  # Rollback to the previous deployment
  kubectl rollout undo deployment/abc
  
  # Check the rollout status of a daemonset
  kubectl rollout status daemonset/foo
  
  # Restart a deployment
  kubectl rollout restart deployment/abc
  
  # Restart deployments with the 'app=nginx' label
  kubectl rollout restart deployment --selector=app=nginx`;

export const rollout: Verb = {
  name: 'rollout', about: 'Manage the rollout of a resource', completes: 'subcommands', subcommands: ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
  flags: [...severalFlags, switchFlag('watch', 'w'), textFlag('timeout'), numberFlag('revision'), numberFlag('to-revision')],
  run: (call) => {
    const [sub, ...rest] = call.words;
    if (sub === undefined) return both(subcommandHelp('rollout', rolloutAbout, [['history', 'View rollout history'], ['pause', 'Mark the provided resource as paused'], ['restart', 'Restart a resource'], ['resume', 'Resume a paused resource'], ['status', 'Show the status of the rollout'], ['undo', 'Undo a previous rollout']], 'kubectl rollout SUBCOMMAND [options]'), '', 1);
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
