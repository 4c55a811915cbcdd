// Every policy API that the simulation knows.
import type { PolicyApi } from './policy-api.ts';
import { adminNetworkPolicy } from './admin-network-policy.ts';
import { ciliumPolicy } from './cilium/cilium-policy.ts';
import { clusterNetworkPolicy } from './cluster-network-policy.ts';
import { networkPolicy } from './network-policy.ts';

export const policyApis: readonly PolicyApi[] = [networkPolicy, clusterNetworkPolicy, adminNetworkPolicy, ciliumPolicy];
