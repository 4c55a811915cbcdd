// AdminNetworkPolicy and BaselineAdminNetworkPolicy, policy.networking.k8s.io/v1alpha1: what ClusterNetworkPolicy grew from, and what clusters still run.
import { noPorts, portsOf, unionPorts } from '../base/port-set.ts';
import type { KubeObject } from '../model/object.ts';
import type { AdminNetworkPolicy, AdminNetworkPolicyPort, AdminNetworkPolicyRule } from '../model/policy-objects.ts';
import { refOf } from '../model/object.ts';
import type { PolicyApi, PortTerm } from './policy-api.ts';
import type { WrittenRule } from './tiered-rules.ts';
import { compileRules, compileSubject } from './tiered-rules.ts';
import { lastPriority } from './tiers.ts';

// Simplified: no plugin has both APIs at once; here their policies share the tiers, ordered by priority, with the baseline of v1alpha1 last.
export const adminNetworkPolicy: PolicyApi = {
  name: 'AdminNetworkPolicy',
  group: 'policy.networking.k8s.io',
  kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
  compiler: (context) => (object, origin) => {
    if (!isAdminNetworkPolicy(object)) return [];
    const subject = compileSubject(object.spec?.subject, context);
    const baseline = object.kind === 'BaselineAdminNetworkPolicy';
    // The API server takes one baseline policy only, and it must have this name.
    if (subject === null || (baseline && object.metadata.name !== 'default')) return [];
    const { priority = 0, ingress, egress } = object.spec;
    return [{
      policy: { ...refOf(object), namespace: '' },
      origin,
      tier: baseline ? 'baseline' : 'admin',
      priority: baseline ? lastPriority : priority,
      subject,
      selector: 'spec.subject',
      rules: { ingress: compileRules('ingress', 'ports', rulesOf(ingress, 'from'), context), egress: compileRules('egress', 'ports', rulesOf(egress, 'to'), context) },
    }];
  },
};

const isAdminNetworkPolicy = (object: KubeObject): object is AdminNetworkPolicy => object.kind === 'AdminNetworkPolicy' || object.kind === 'BaselineAdminNetworkPolicy';

const rulesOf = (rules: readonly AdminNetworkPolicyRule[] | undefined, side: 'from' | 'to'): readonly WrittenRule[] => (rules ?? []).map((rule) => ({
  action: rule.action === 'Allow' ? 'allow' : rule.action === 'Pass' ? 'pass' : 'deny', peers: rule[side] ?? [], ports: rule.ports === undefined ? null : compilePorts(rule.ports),
}));

function compilePorts(ports: readonly AdminNetworkPolicyPort[]): PortTerm {
  let fixed = noPorts;
  const named: PortTerm['named'][number][] = [];
  for (const [index, { portNumber, portRange, namedPort }] of ports.entries()) {
    if (portNumber !== undefined) fixed = unionPorts(fixed, portsOf(portNumber.protocol ?? 'TCP', portNumber.port));
    if (portRange !== undefined) fixed = unionPorts(fixed, portsOf(portRange.protocol ?? 'TCP', portRange.start, portRange.end));
    if (namedPort !== undefined) named.push({ name: namedPort, protocol: null, at: `ports[${index}].namedPort` });
  }
  return { fixed, named };
}
