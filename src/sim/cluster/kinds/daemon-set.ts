// DaemonSet in `kubectl get`.
import type { Workload } from '../../model/object.ts';
import { labelsText, selectorText } from '../selector.ts';
import { ageColumn, column, containerColumns, count, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const daemonSet: Kind<Workload> = {
  kind: 'DaemonSet', plural: 'daemonsets', singular: 'daemonset', shortNames: ['ds'], group: 'apps', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    return [
      nameColumn(stored),
      column('DESIRED', count(status, 'desiredNumberScheduled')),
      column('CURRENT', count(status, 'currentNumberScheduled')),
      column('READY', count(status, 'numberReady')),
      column('UP-TO-DATE', count(status, 'updatedNumberScheduled')),
      column('AVAILABLE', count(status, 'numberAvailable')),
      column('NODE SELECTOR', labelsText(spec.template.spec.nodeSelector)),
      ageColumn(stored, store),
      ...containerColumns(spec.template.spec.containers),
      wideColumn('SELECTOR', selectorText(spec.selector)),
    ];
  },
};
