// kubectl cordon, uncordon, drain and taint: which nodes take new pods, and which keep theirs.
import { refOf } from '../../sim/model/object.ts';
import type { Taint } from '../../sim/model/object.ts';
import { kindOf } from '../../sim/cluster/kinds.ts';
import { list } from '../../sim/cluster/store.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import { both, failed } from '../command.ts';
import type { Answer, Piece } from '../command.ts';
import { at, listAt, textAt } from '../describe/writer.ts';
import { complain, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { dryRunOf, dryWord, make } from './change-objects.ts';
import { allFound, selectObjects } from './find-objects.ts';
import { dryRunFlag, isOn, numberFlag, outputFlag, selectorFlag, switchFlag, textFlag } from './flags.ts';

const cordonVerb = (name: 'cordon' | 'uncordon'): Verb => ({
  name, about: name === 'cordon' ? 'Mark node as unschedulable' : 'Mark node as schedulable', completes: 'nothing', flags: [selectorFlag, dryRunFlag],
  run: (call) => mark(call, name),
});

export const cordon = cordonVerb('cordon');
export const uncordon = cordonVerb('uncordon');

function mark(call: VerbCall, verb: 'cordon' | 'uncordon'): Answer {
  if (call.words.length === 0) return usage(verb, `USAGE: ${verb} NODE [flags]`);
  const wanted = verb === 'cordon';
  const selected = selectObjects(call, call.words.some((word) => word.includes('/')) ? call.words : ['nodes', ...call.words]);
  if (!selected.ok) return both('', selected.failures.join('\n'), 1);
  let { lab } = call;
  let out = '';
  for (const { kind, stored } of allFound(selected.value)) {
    const { name } = stored.object.metadata;
    const is = at(stored.object, 'spec', 'unschedulable') === true;
    if (is === wanted) {
      out += `node/${name} already ${verb}ed${dryWord(dryRunOf(call.flags))}\n`;
      continue;
    }
    const granted = make(lab, [{ kind, name, source: null, change: { verb: 'patch', ref: refOf(stored.object), type: 'merge', patch: { spec: { unschedulable: wanted ? true : null } } } }]);
    if (granted.refused > 0) return failed(granted.errors);
    if (dryRunOf(call.flags) === 'none') ({ lab } = granted);
    out += `node/${name} ${verb}ed${dryWord(dryRunOf(call.flags))}\n`;
  }
  return both(out, selected.value.missing.join('\n'), selected.value.missing.length > 0 ? 1 : 0, { lab, meanings: [`${verb} nodes`] });
}

export const drain: Verb = {
  name: 'drain', about: 'Drain node in preparation for maintenance', completes: 'nothing',
  flags: [selectorFlag, dryRunFlag, switchFlag('ignore-daemonsets'), switchFlag('force'), switchFlag('delete-emptydir-data'), switchFlag('disable-eviction'), numberFlag('grace-period'), textFlag('timeout'), textFlag('pod-selector'), numberFlag('skip-wait-for-delete-timeout'), textFlag('chunk-size')],
  run: (call) => {
    if (call.words.length === 0) return usage('drain', 'USAGE: drain NODE [flags]');
    const marked = mark(call, 'cordon');
    if (marked.kind !== 'done' || marked.status !== 0) return marked;
    let lab = marked.lab ?? call.lab;
    const output = [...marked.output];
    const say = (stream: Piece['stream'], text: string): void => { output.push({ stream, text }); };
    const meanings = ['drain nodes'];
    for (const name of call.words.map((word) => word.replace(/^(nodes?|no)\//, ''))) {
      const pods = list(lab.store, 'Pod').filter(({ object }) => object.spec.nodeName === name);
      const { gone, refused, warned } = sortedOut(call, pods);
      if (refused.length > 0) {
        const says = refused.length === 1 ? refused[0] ?? '' : `[${refused.join(', ')}]`;
        say('err', `error: unable to drain node "${name}" due to error: ${says}, continuing command...\nThere are pending nodes to be drained:\n ${name}\n${refused.join('\n')}\n`);
        return { kind: 'done', status: 1, output, lab, meanings };
      }
      if (warned.length > 0) say('err', `Warning: ${warned.join('; ')}\n`);
      const evicts = !isOn(call.flags, 'disable-eviction');
      if (evicts && dryRunOf(call.flags) === 'none') say('out', gone.map(({ object }) => `evicting pod ${object.metadata.namespace ?? ''}/${object.metadata.name}\n`).join(''));
      const dry = dryRunOf(call.flags);
      if (dry !== 'none') {
        say('out', `${gone.map(({ object }) => `evicting pod ${object.metadata.namespace ?? ''}/${object.metadata.name}${dryWord(dry)}\n`).join('')}node/${name} drained${dryWord(dry)}\n`);
        continue;
      }
      const granted = make(lab, gone.map(({ object }) => ({ kind: kindOf(object, lab.store), name: object.metadata.name, source: null, change: { verb: 'delete' as const, ref: refOf(object) } })));
      ({ lab } = granted);
      say('out', `${gone.map(({ object }) => `pod/${object.metadata.name} ${evicts ? 'evicted' : 'deleted'}\n`).join('')}node/${name} drained\n`);
    }
    return { kind: 'done', status: 0, output: output.filter(({ text }) => text !== ''), lab, meanings };
  },
};

interface SortedOut {
  readonly gone: readonly Stored[];
  /** What may not go without being asked for. */
  readonly refused: readonly string[];
  readonly warned: readonly string[];
}

/** Which pods go and which stay (k8s.io/kubectl/pkg/drain/filters.go). */
// Simplified: PodDisruptionBudgets hold nobody back.
function sortedOut(call: VerbCall, pods: readonly Stored[]): SortedOut {
  const names = (some: readonly Stored[]): string => some.map(({ object }) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`).join(', ');
  const ownedBy = ({ object }: Stored): string | undefined => object.metadata.ownerReferences?.find((owner) => owner.controller === true)?.kind;
  const finished = ({ object }: Stored): boolean => ['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase') ?? '');
  const daemons = pods.filter((pod) => ownedBy(pod) === 'DaemonSet' && !finished(pod));
  const bare = pods.filter((pod) => ownedBy(pod) === undefined && !finished(pod));
  const local = pods.filter((pod) => !daemons.includes(pod) && !finished(pod) && listAt(pod.object, 'spec', 'volumes').some((volume) => at(volume, 'emptyDir') !== undefined));
  const force = isOn(call.flags, 'force');
  const ignored = isOn(call.flags, 'ignore-daemonsets');
  const loses = isOn(call.flags, 'delete-emptydir-data');
  return {
    gone: pods.filter((pod) => !daemons.includes(pod)),
    refused: [
      ...(daemons.length > 0 && !ignored ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${names(daemons)}`] : []),
      ...(bare.length > 0 && !force ? [`cannot delete Pods that declare no controller (use --force to override): ${names(bare)}`] : []),
      ...(local.length > 0 && !loses ? [`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${names(local.filter((pod) => !bare.includes(pod) || force))}`] : []).filter((line) => !line.endsWith(': ')),
    ],
    warned: [...(bare.length > 0 ? [`deleting Pods that declare no controller: ${names(bare)}`] : []), ...(daemons.length > 0 ? [`ignoring DaemonSet-managed Pods: ${names(daemons)}`] : [])],
  };
}

const keyRule = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export const taint: Verb = {
  name: 'taint', about: 'Update the taints on one or more nodes', completes: 'objects', flags: [selectorFlag, dryRunFlag, outputFlag, switchFlag('overwrite'), switchFlag('all')],
  run: (call) => {
    const first = call.words.findIndex((word) => /[=:]/.test(word) || /-$/.test(word));
    const resources = first < 0 ? call.words : call.words.slice(0, first);
    const specs = first < 0 ? [] : call.words.slice(first);
    if (resources.length === 0) return complain('one or more resources must be specified as <resource> <name>');
    if (specs.length === 0) return complain('at least one taint update is required');
    const added: Taint[] = [];
    const removed: { readonly key: string; readonly effect: string | null }[] = [];
    for (const spec of specs) {
      const [, key = '', value, effect, minus] = /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-)?$/.exec(spec) ?? [];
      if (minus !== undefined) removed.push({ key, effect: effect ?? null });
      else if (key === '' || effect === undefined) return usage('taint', `invalid taint spec: ${spec}${/^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/.test(spec.replace(/:$/, '')) ? '' : `, ${keyRule}`}`);
      else if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)) return usage('taint', `invalid taint effect: ${effect}, unsupported taint effect`);
      else added.push({ key, ...(value === undefined || value === '' ? {} : { value }), effect } as Taint);
    }
    const selected = selectObjects(call, resources);
    if (!selected.ok) return both('', selected.failures.join('\n'), 1);
    let { lab } = call;
    let out = '';
    for (const { kind, stored } of allFound(selected.value)) {
      const { name } = stored.object.metadata;
      if (kind.kind !== 'Node') return complain(`invalid resource type ${kind.kind.toLowerCase()}, only node types are supported`);
      const old = listAt(stored.object, 'spec', 'taints');
      const same = (one: unknown, other: { readonly key: string; readonly effect: string | null }): boolean => textAt(one, 'key') === other.key && (other.effect === null || textAt(one, 'effect') === other.effect);
      const lost = removed.find((one) => !old.some((other) => same(other, one)));
      if (lost !== undefined) return complain(`taint ${JSON.stringify(`${lost.key}${lost.effect === null ? '' : `:${lost.effect}`}`)} not found`);
      const double = added.find((one) => old.some((other) => same(other, one)));
      if (double !== undefined && !isOn(call.flags, 'overwrite')) return complain(`node ${name} already has ${double.key} taint(s) with same effect(s) and --overwrite is false`);
      const taints = [...added, ...old.filter((one) => !removed.some((other) => same(one, other)) && !added.some((other) => same(one, other)))];
      const granted = make(lab, [{ kind, name, source: null, change: { verb: 'patch', ref: refOf(stored.object), type: 'merge', patch: { spec: { taints: taints.length === 0 ? null : taints } } } }]);
      if (granted.refused > 0) return failed(granted.errors);
      ({ lab } = granted);
      out += `node/${name} ${removed.length > 0 && added.length === 0 ? 'untainted' : removed.length > 0 || double !== undefined ? 'modified' : 'tainted'}\n`;
    }
    return both(out, selected.value.missing.join('\n'), selected.value.missing.length > 0 ? 1 : 0, { lab, meanings: ['taint nodes'] });
  },
};
