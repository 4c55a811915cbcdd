// StatefulSet in `kubectl get`.
import type { Workload } from '../../model/object.ts';
import { ageColumn, column, containerColumns, count, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const statefulSet: Kind<Workload> = {
  kind: 'StatefulSet', plural: 'statefulsets', singular: 'statefulset', shortNames: ['sts'], group: 'apps', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    return [nameColumn(stored), column('READY', `${count(status, 'readyReplicas')}/${spec.replicas ?? 1}`), ageColumn(stored, store), ...containerColumns(spec.template.spec.containers)];
  },
};
