// The cluster-wide policies in `kubectl get`, with the columns and short names of their CustomResourceDefinitions (network-policy-api v0.2.0 and v0.1.7).
import type { AdminNetworkPolicy, ClusterNetworkPolicy } from '../../model/policy-objects.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

const group = 'policy.networking.k8s.io';

export const clusterNetworkPolicy: Kind<ClusterNetworkPolicy> = {
  kind: 'ClusterNetworkPolicy', plural: 'clusternetworkpolicies', singular: 'clusternetworkpolicy', shortNames: ['cnp'], group, versions: ['v1alpha2'], namespaced: false,
  columns: (stored, store) => {
    const spec: Partial<ClusterNetworkPolicy['spec']> = stored.object.spec ?? {};
    return [nameColumn(stored), column('TIER', spec.tier ?? ''), column('PRIORITY', spec.priority ?? ''), ageColumn(stored, store)];
  },
};

export const adminNetworkPolicy: Kind<AdminNetworkPolicy> = {
  kind: 'AdminNetworkPolicy', plural: 'adminnetworkpolicies', singular: 'adminnetworkpolicy', shortNames: ['anp'], group, versions: ['v1alpha1'], namespaced: false,
  columns: (stored, store) => {
    const spec: Partial<AdminNetworkPolicy['spec']> = stored.object.spec ?? {};
    return [nameColumn(stored), column('PRIORITY', spec.priority ?? ''), ageColumn(stored, store)];
  },
};

export const baselineAdminNetworkPolicy: Kind<AdminNetworkPolicy> = {
  kind: 'BaselineAdminNetworkPolicy', plural: 'baselineadminnetworkpolicies', singular: 'baselineadminnetworkpolicy', shortNames: ['banp'], group, versions: ['v1alpha1'], namespaced: false,
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store)],
};
