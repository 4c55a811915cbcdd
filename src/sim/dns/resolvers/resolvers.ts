// The resolvers that a pod can have, by name.
import type { ResolverName } from '../../model/lookup.ts';
import { glibc } from './glibc.ts';
import { musl } from './musl.ts';
import type { Resolver } from './resolver.ts';

export const resolvers: Readonly<Record<ResolverName, Resolver>> = {
  glibc,
  musl: musl({ fallsBackToTcp: true, knowsNoData: true, refusesBadNames: true }),
  'musl-1.2.3': musl({ fallsBackToTcp: false, knowsNoData: false, refusesBadNames: false }),
};

/** What can be asked for by name, in the order of a help text. */
export const resolverNames: readonly ResolverName[] = ['glibc', 'musl', 'musl-1.2.3'];
