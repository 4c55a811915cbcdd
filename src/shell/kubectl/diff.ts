// kubectl diff: what apply would change, as a unified diff.
import { createTwoFilesPatch } from 'diff';
import { hash32 } from '../../sim/base/choose.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import { find } from '../../sim/cluster/store.ts';
import { applyObject } from '../../sim/cluster/writes.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { refOf } from '../../sim/model/object.ts';
import { both } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { refusal } from './change-objects.ts';
import { meaningsOf } from './find-objects.ts';
import { fileFlags, selectorFlag, switchFlag, textFlag, textOf, textsOf } from './flags.ts';
import { yamlText } from './print-object.ts';
import { readObjects } from './read-objects.ts';

export const diff: Verb = {
  name: 'diff', about: 'Diff the live version against a would-be applied version', completes: 'files',
  flags: [...fileFlags, selectorFlag, switchFlag('server-side'), switchFlag('force-conflicts'), textFlag('field-manager'), switchFlag('prune'), switchFlag('show-managed-fields'), textFlag('concurrency')],
  run,
};

function run(call: VerbCall): Answer {
  if (textsOf(call.flags, 'filename').length === 0 && textOf(call.flags, 'kustomize') === undefined) return { ...complain('must specify one of -f and -k'), status: 2 };
  const read = readObjects(call);
  if (read.kind === 'answer') return read.answer.kind === 'done' ? { ...read.answer, status: 2 } : read.answer;
  // Whatever goes wrong is told from a difference by its status.
  const { store } = call.lab;
  const folder = hash32(call.turn);
  const now = `${timestampOf(store.now).replace('T', ' ').replace('Z', '')}.000000000 +0000`;
  let out = '';
  let err = read.errors;
  for (const one of read.objects) {
    const live = find(store, refOf(one.object))?.object;
    const applied = applyObject(store, one.object, one.origin);
    if (!applied.ok) {
      err += refusal({ change: { verb: 'apply', object: one.object, origin: one.origin }, kind: one.kind, name: one.object.metadata.name, source: one.source }, applied.failures);
      continue;
    }
    const before = live === undefined ? '' : yamlText(live);
    const after = yamlText(sameVersion(applied.value.object, live));
    if (before === after) continue;
    const [group, version] = one.object.apiVersion.includes('/') ? one.object.apiVersion.split('/') : ['', one.object.apiVersion];
    const file = [...(group === '' ? [] : [group]), version, one.object.kind, applied.value.object.metadata.namespace ?? '', one.object.metadata.name].join('.');
    const [from, to] = [`/tmp/LIVE-${folder}/${file}`, `/tmp/MERGED-${folder}/${file}`];
    const patch = createTwoFilesPatch(from, to, before, after, now, now, { context: 3 });
    out += `diff -u -N ${from} ${to}\n${patch.slice(patch.indexOf('--- '))}`;
  }
  return both(out, err, err !== '' ? 2 : out !== '' ? 1 : 0, { meanings: meaningsOf('diff', read.objects.map(({ kind }) => kind)) });
}

/** A dry run counts no version up. */
function sameVersion(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  const version = live?.metadata.resourceVersion;
  return { ...object, metadata: { ...metadata, ...(version === undefined ? {} : { resourceVersion: version }) } };
}
