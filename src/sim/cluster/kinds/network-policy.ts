// NetworkPolicy in `kubectl get`.
import type { NetworkPolicy } from '../../model/policy-objects.ts';
import { selectorText } from '../selector.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const networkPolicy: Kind<NetworkPolicy> = {
  kind: 'NetworkPolicy', plural: 'networkpolicies', singular: 'networkpolicy', shortNames: ['netpol'], group: 'networking.k8s.io', versions: ['v1'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), column('POD-SELECTOR', selectorText(stored.object.spec?.podSelector)), ageColumn(stored, store)],
};
