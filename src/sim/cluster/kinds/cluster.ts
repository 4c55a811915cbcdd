// The lab's own Cluster document in `kubectl get`.
import type { ClusterObject } from '../../model/cluster-document.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const cluster: Kind<ClusterObject> = {
  kind: 'Cluster', plural: 'clusters', singular: 'cluster', shortNames: [], group: 'k8snet-lab', versions: ['v1'], namespaced: false,
  columns: (stored, store) => {
    const spec = stored.object.spec ?? {};
    return [nameColumn(stored), column('CNI', spec.cni?.plugin ?? 'calico'), column('PROXY', spec.kubeProxy?.mode ?? 'iptables'), ageColumn(stored, store)];
  },
};
