// What all of Cilium's policies of a cluster know of each other, read once.
import type { KubeObject } from '../../model/object.ts';
import type { CiliumCidrGroup, CiliumNameRule, CiliumNetworkPolicy } from '../../model/policy-objects.ts';
import type { CompileContext } from '../policy-api.ts';

export interface CiliumGround {
  readonly context: CompileContext;
  /** Of the policy; `null` for one of the cluster. */
  readonly namespace: string | null;
  readonly groups: readonly CiliumCidrGroup[];
  /** The names whose lookups some rule sends through the DNS proxy. */
  readonly lookups: readonly CiliumNameRule[];
}

const isGroup = (object: KubeObject): object is CiliumCidrGroup => object.kind === 'CiliumCIDRGroup';

export const isCiliumPolicy = (object: KubeObject): object is CiliumNetworkPolicy => object.kind === 'CiliumNetworkPolicy' || object.kind === 'CiliumClusterwideNetworkPolicy';

/** One spec, or several. */
export const specsOf = ({ spec, specs }: CiliumNetworkPolicy): readonly (readonly [field: string, spec: NonNullable<typeof spec>])[] =>
  [...(spec === undefined ? [] : [['spec', spec] as const]), ...(specs ?? []).map((one, index) => [`specs[${index}]`, one] as const)];

export function ciliumGround(context: CompileContext): Omit<CiliumGround, 'namespace'> {
  const rules = context.objects.filter(isCiliumPolicy).flatMap((policy) => specsOf(policy).flatMap(([, spec]) => spec.egress ?? []));
  return { context, groups: context.objects.filter(isGroup), lookups: rules.flatMap(({ toPorts }) => (toPorts ?? []).flatMap(({ rules: conditions }) => conditions?.dns ?? [])) };
}
