// Job and CronJob in `kubectl get`.
import type { CronJob, Workload } from '../../model/object.ts';
import { isRecord } from '../record.ts';
import { selectorText } from '../selector.ts';
import { ageColumn, column, containerColumns, count, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const job: Kind<Workload> = {
  kind: 'Job', plural: 'jobs', singular: 'job', shortNames: [], group: 'batch', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    const parallelism = spec.parallelism ?? 1;
    return [
      nameColumn(stored),
      column('STATUS', statusText(stored.object)),
      column('COMPLETIONS', `${count(status, 'succeeded')}/${spec.completions ?? (parallelism > 1 ? `1 of ${parallelism}` : 1)}`),
      // Simplified: a job of the lab has no start and end of its own, so it lasts since it was created.
      column('DURATION', ageColumn(stored, store).value),
      ageColumn(stored, store),
      ...containerColumns(spec.template.spec.containers),
      wideColumn('SELECTOR', selectorText(spec.selector)),
    ];
  },
};

function statusText(object: Workload): string {
  const conditions = object.status?.['conditions'];
  const holds = (type: string): boolean => Array.isArray(conditions) && conditions.some((condition: unknown) => isRecord(condition) && condition['type'] === type && condition['status'] === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return holds('Suspended') ? 'Suspended' : 'Running';
}

export const cronJob: Kind<CronJob> = {
  kind: 'CronJob', plural: 'cronjobs', singular: 'cronjob', shortNames: ['cj'], group: 'batch', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec } = stored.object;
    return [
      nameColumn(stored),
      column('SCHEDULE', spec.schedule),
      column('TIMEZONE', '<none>'),
      column('SUSPEND', spec.suspend === true ? 'True' : 'False'),
      column('ACTIVE', 0),
      column('LAST SCHEDULE', '<none>'),
      ageColumn(stored, store),
      ...containerColumns(spec.jobTemplate.spec.template.spec.containers),
      wideColumn('SELECTOR', selectorText(spec.jobTemplate.spec.selector)),
    ];
  },
};
