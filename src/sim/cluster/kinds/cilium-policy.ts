// Cilium's policies in `kubectl get`, with the columns and short names of their CustomResourceDefinitions (cilium v1.20).
import type { CiliumCidrGroup, CiliumNetworkPolicy } from '../../model/policy-objects.ts';
import { ciliumRefusal } from '../validate/cilium-agent.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

const group = 'cilium.io';

/** What Cilium's operator writes into the status; where nobody has written any, what it would. */
const validOf = (object: CiliumNetworkPolicy): string => object.status?.conditions?.find(({ type }) => type === 'Valid')?.status ?? (ciliumRefusal(object) === null ? 'True' : 'False');

export const ciliumNetworkPolicy: Kind<CiliumNetworkPolicy> = {
  kind: 'CiliumNetworkPolicy', plural: 'ciliumnetworkpolicies', singular: 'ciliumnetworkpolicy', shortNames: ['cnp', 'ciliumnp'], group, versions: ['v2'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store), column('VALID', validOf(stored.object))],
};

export const ciliumClusterwideNetworkPolicy: Kind<CiliumNetworkPolicy> = {
  kind: 'CiliumClusterwideNetworkPolicy', plural: 'ciliumclusterwidenetworkpolicies', singular: 'ciliumclusterwidenetworkpolicy', shortNames: ['ccnp'], group, versions: ['v2'], namespaced: false,
  // Whoever defines columns has no AGE unless it is among them.
  columns: (stored) => [nameColumn(stored), column('VALID', validOf(stored.object))],
};

export const ciliumCidrGroup: Kind<CiliumCidrGroup> = {
  kind: 'CiliumCIDRGroup', plural: 'ciliumcidrgroups', singular: 'ciliumcidrgroup', shortNames: ['ccg'], group, versions: ['v2'], namespaced: false,
  columns: (stored, store) => [nameColumn(stored), ageColumn(stored, store)],
};
