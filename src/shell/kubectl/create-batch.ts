// kubectl create job and cronjob, from an image or from a CronJob.
import { find } from '../../sim/cluster/store.ts';
import { failed } from '../command.ts';
import type { Answer } from '../command.ts';
import { complain } from './command.ts';
import type { VerbCall } from './command.ts';
import { recordAt } from './create-data.ts';
import { textOf } from './flags.ts';
import { oneName, sendObject } from './send-object.ts';

/** The name and what stands behind `--`. */
const parted = (call: VerbCall, words: readonly string[]): readonly [readonly string[], readonly string[]] => {
  const { dash } = call.flags;
  return dash === null ? [words.slice(0, 1), words.slice(1)] : [words.slice(0, dash - 1), words.slice(dash - 1)];
};

export function createJob(call: VerbCall, words: readonly string[]): Answer {
  const [names, command] = parted(call, words);
  const wrong = oneName('create job', names);
  if (wrong !== null) return wrong;
  const [name = ''] = names;
  const image = textOf(call.flags, 'image');
  const from = textOf(call.flags, 'from');
  if ((image === undefined) === (from === undefined)) return complain(`either --image or --from must be specified`);
  if (from !== undefined) {
    if (command.length > 0) return complain("cannot specify --from and command");
    const own = /^(?:cronjobs?|cj)(?:\.batch)?\/(.+)$/.exec(from)?.[1];
    if (own === undefined) return complain(`from must be an existing cronjob`);
    const stored = find(call.lab.store, { kind: 'CronJob', namespace: call.target, name: own });
    if (stored === undefined) return failed(`Error from server (NotFound): cronjobs.batch "${own}" not found`);
    const { object } = stored;
    const template = recordAt(object, 'spec', 'jobTemplate');
    return sendObject(call, {
      apiVersion: 'batch/v1', kind: 'Job',
      metadata: { annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, name, ownerReferences: [{ apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: own, uid: object.metadata.uid ?? '' }] },
      spec: recordAt(template, 'spec'),
    }, { wraps: 'failed to create job' });
  }
  return sendObject(call, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: template(name, image ?? '', command, 'Never') } }, { wraps: 'failed to create job' });
}

const template = (name: string, image: string, command: readonly string[], restartPolicy: string): unknown => ({ spec: { containers: [{ ...(command.length === 0 ? {} : { command }), image, name }], restartPolicy } });

export function createCronJob(call: VerbCall, words: readonly string[]): Answer {
  const missing = ['image', 'schedule'].filter((flag) => textOf(call.flags, flag) === undefined);
  if (missing.length > 0) return complain(`required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set`);
  const [names, command] = parted(call, words);
  const wrong = oneName('create cronjob', names);
  if (wrong !== null) return wrong;
  const [name = ''] = names;
  return sendObject(call, {
    apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name },
    spec: { jobTemplate: { metadata: { name }, spec: { template: template(name, textOf(call.flags, 'image') ?? '', command, textOf(call.flags, 'restart') ?? 'OnFailure') } }, schedule: textOf(call.flags, 'schedule') ?? '' },
  }, { wraps: 'failed to create cronjob' });
}
