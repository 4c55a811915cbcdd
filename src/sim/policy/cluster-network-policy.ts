// ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2: ordered rules before (Admin) and after (Baseline) the namespaces' own policies.
import { noPorts, portsOf, unionPorts, wholeProtocol } from '../base/port-set.ts';
import type { KubeObject, Protocol } from '../model/object.ts';
import type { ClusterNetworkPolicy, ClusterNetworkPolicyPort, ClusterNetworkPolicyProtocol, ClusterNetworkPolicyRule } from '../model/policy-objects.ts';
import { refOf } from '../model/object.ts';
import type { PolicyApi, PolicyNote, PortTerm } from './policy-api.ts';
import type { WrittenRule } from './tiered-rules.ts';
import { compileRules, compileSubject } from './tiered-rules.ts';

export const clusterNetworkPolicy: PolicyApi = {
  name: 'ClusterNetworkPolicy',
  group: 'policy.networking.k8s.io',
  kinds: ['ClusterNetworkPolicy'],
  compiler: (context) => (object, origin) => {
    if (!isClusterNetworkPolicy(object)) return [];
    const subject = compileSubject(object.spec?.subject, context);
    if (subject === null) return [];
    const { tier, priority, ingress, egress } = object.spec;
    return [{
      policy: { ...refOf(object), namespace: '' },
      origin,
      tier: tier === 'Baseline' ? 'baseline' : 'admin',
      priority: priority ?? 0,
      subject,
      selector: 'spec.subject',
      notes: (egress ?? []).flatMap(notesOf),
      rules: { ingress: compileRules('ingress', 'protocols', rulesOf(ingress, 'from'), context), egress: compileRules('egress', 'protocols', rulesOf(egress, 'to'), context) },
    }];
  },
};

/** "DomainNames is only supported for Accept rules" (ClusterNetworkPolicyEgressPeer). */
const notesOf = ({ action, to }: ClusterNetworkPolicyRule, index: number): readonly PolicyNote[] => (to ?? []).flatMap(({ domainNames }, position) => (domainNames === undefined || action === 'Accept' ? [] : [{
  code: 'policy-not-followed', field: `spec.egress[${index}].to[${position}].domainNames`, says: `spec.egress[${index}].to[${position}].domainNames is for Accept rules only; what a plugin makes of it in one that says ${action} is not defined, here it matches the addresses of the names.`, help: 'Accept the names that are wanted, and deny the rest by networks.',
}]));

const isClusterNetworkPolicy = (object: KubeObject): object is ClusterNetworkPolicy => object.kind === 'ClusterNetworkPolicy';

const rulesOf = (rules: readonly ClusterNetworkPolicyRule[] | undefined, side: 'from' | 'to'): readonly WrittenRule[] => (rules ?? []).map((rule) => ({
  action: rule.action === 'Accept' ? 'allow' : rule.action === 'Pass' ? 'pass' : 'deny', peers: rule[side] ?? [], ports: rule.protocols === undefined ? null : compileProtocols(rule.protocols),
}));

/** A protocol without a port is all of it; a named port is whatever protocol the pod's port has. */
function compileProtocols(protocols: readonly ClusterNetworkPolicyProtocol[]): PortTerm {
  let fixed = noPorts;
  const named: PortTerm['named'][number][] = [];
  const add = (protocol: Protocol, match: { readonly destinationPort?: ClusterNetworkPolicyPort } | undefined): void => {
    if (match === undefined) return;
    const { number, range } = match.destinationPort ?? {};
    if (match.destinationPort === undefined) fixed = unionPorts(fixed, wholeProtocol(protocol));
    if (number !== undefined) fixed = unionPorts(fixed, portsOf(protocol, number));
    if (range !== undefined) fixed = unionPorts(fixed, portsOf(protocol, range.start, range.end));
  };
  for (const [index, { tcp, udp, sctp, destinationNamedPort }] of protocols.entries()) {
    add('TCP', tcp);
    add('UDP', udp);
    add('SCTP', sctp);
    if (destinationNamedPort !== undefined) named.push({ name: destinationNamedPort, protocol: null, at: `protocols[${index}].destinationNamedPort` });
  }
  return { fixed, named };
}
