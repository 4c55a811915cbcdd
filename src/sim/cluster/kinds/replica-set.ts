// ReplicaSet and ReplicationController in `kubectl get`: the same columns.
import type { Workload } from '../../model/object.ts';
import { labelsText, selectorOf, selectorText } from '../selector.ts';
import { ageColumn, column, containerColumns, count, nameColumn, wideColumn } from './kind.ts';
import type { Column, Kind } from './kind.ts';
import type { Store, Stored } from '../store.ts';

const columns = (selector: (object: Workload) => string) => (stored: Stored<Workload>, store: Store): readonly Column[] => {
  const { spec, status } = stored.object;
  return [
    nameColumn(stored),
    column('DESIRED', spec.replicas ?? 1),
    column('CURRENT', count(status, 'replicas')),
    column('READY', count(status, 'readyReplicas')),
    ageColumn(stored, store),
    ...containerColumns(spec.template.spec.containers),
    wideColumn('SELECTOR', selector(stored.object)),
  ];
};

export const replicaSet: Kind<Workload> = {
  kind: 'ReplicaSet', plural: 'replicasets', singular: 'replicaset', shortNames: ['rs'], group: 'apps', versions: ['v1'], namespaced: true, inAll: true,
  columns: columns((object) => selectorText(object.spec.selector)),
};

export const replicationController: Kind<Workload> = {
  kind: 'ReplicationController', plural: 'replicationcontrollers', singular: 'replicationcontroller', shortNames: ['rc'], group: '', versions: ['v1'], namespaced: true, inAll: true,
  columns: columns((object) => labelsText(selectorOf(object)?.matchLabels)),
};
