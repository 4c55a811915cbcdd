// What is handed to the policy compilers: every object that may be a policy, and which kinds somebody enforces.
import { sortedBy } from '../../base/order.ts';
import type { Store } from '../../cluster/store.ts';
import { policyKinds } from '../../policy/compile-policies.ts';
import type { CniFacts, PolicyFacts } from '../../model/network.ts';
import type { Settings } from '../settings.ts';

export function compilePolicy(store: Store, settings: Settings, cni: CniFacts): PolicyFacts {
  const objects = [...store.objects.values()].filter(({ object }) => policyKinds.includes(object.kind));
  return {
    objects: sortedBy(objects, ({ object }) => `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`).map(({ object, origin }) => ({ object, origin })),
    enforced: cni.enforces, ipBlocks: settings.ipBlocks,
  };
}
