// Deployment in `kubectl get`.
import type { Workload } from '../../model/object.ts';
import { selectorText } from '../selector.ts';
import { ageColumn, column, containerColumns, count, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const deployment: Kind<Workload> = {
  kind: 'Deployment', plural: 'deployments', singular: 'deployment', shortNames: ['deploy'], group: 'apps', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    return [
      nameColumn(stored),
      column('READY', `${count(status, 'readyReplicas')}/${spec.replicas ?? 1}`),
      column('UP-TO-DATE', count(status, 'updatedReplicas')),
      column('AVAILABLE', count(status, 'availableReplicas')),
      ageColumn(stored, store),
      ...containerColumns(spec.template.spec.containers),
      wideColumn('SELECTOR', selectorText(spec.selector)),
    ];
  },
};
