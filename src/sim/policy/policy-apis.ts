// Every policy API, in the order of the tiers: the first that decides is final.
import type { PolicyApi } from './policy-api.ts';
import { networkPolicy } from './network-policy.ts';

export const policyApis: readonly PolicyApi[] = [networkPolicy];
