// ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy: what their CustomResourceDefinitions ask for, in the API server's words (network-policy-api v0.2.0 and v0.1.7).
import { parseRange } from '../../base/address.ts';
import type { LabelSelector } from '../../model/object.ts';
import type { AdminNetworkPolicy, AdminNetworkPolicyPort, AdminPolicyPeer, ClusterNetworkPolicy, ClusterNetworkPolicyPort, ClusterNetworkPolicyProtocol } from '../../model/policy-objects.ts';
import { duplicate, invalid, required, tooLong, tooMany, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';

/** What a version of the API asks of rules. */
interface Limits {
  readonly actions: readonly string[];
  readonly rules: number;
  readonly entries: number;
  readonly ports: 'protocols' | 'ports';
  /** `pods` needs its namespaceSelector too. */
  readonly strictPods: boolean;
  /** Peers without named ports. */
  readonly nameless: string;
}

/** A rule of any of the APIs. */
interface AnyRule {
  readonly name?: string;
  readonly action?: string;
  readonly from?: readonly AdminPolicyPeer[];
  readonly to?: readonly AdminPolicyPeer[];
  readonly ports?: readonly AdminNetworkPolicyPort[];
  readonly protocols?: readonly ClusterNetworkPolicyProtocol[];
}

// Simplified: the API server checks rules in CEL only when the rest is right, and then says so in a line of its own; here everything is said at once.
export function clusterNetworkPolicy(object: ClusterNetworkPolicy): readonly Finding[] {
  const spec: Partial<ClusterNetworkPolicy['spec']> | undefined = object.spec;
  if (spec === undefined) return [required('spec')];
  const limits: Limits = { actions: ['Accept', 'Deny', 'Pass'], rules: 25, entries: 25, ports: 'protocols', strictPods: false, nameless: 'networks/nodes/domainNames' };
  return [
    ...(spec.tier === undefined ? [required('spec.tier')] : oneOf('spec.tier', spec.tier, ['Admin', 'Baseline'])),
    ...(spec.priority === undefined ? [required('spec.priority')] : between('spec.priority', spec.priority, 0, 1000)),
    ...subjectFindings(spec.subject, limits), ...directions(spec, limits),
  ];
}

/** Both kinds of v1alpha1. */
export function adminNetworkPolicy(object: AdminNetworkPolicy): readonly Finding[] {
  const baseline = object.kind === 'BaselineAdminNetworkPolicy';
  const spec: Partial<AdminNetworkPolicy['spec']> | undefined = object.spec;
  const only = 'Only one baseline admin network policy with metadata.name="default" can be created in the cluster';
  const named: readonly Finding[] = baseline && object.metadata.name !== 'default' ? [{ code: 'invalid-value', field: 'metadata.name', says: `<nil>: Invalid value: ${only}`, help: 'Call it default.' }] : [];
  if (spec === undefined) return [...named, required('spec')];
  const limits: Limits = { actions: baseline ? ['Allow', 'Deny'] : ['Allow', 'Deny', 'Pass'], rules: 100, entries: 100, ports: 'ports', strictPods: true, nameless: baseline ? 'networks/nodes' : 'networks/nodes/domainNames' };
  const priority = baseline ? [] : spec.priority === undefined ? [required('spec.priority')] : between('spec.priority', spec.priority, 0, 1000);
  return [...named, ...priority, ...subjectFindings(spec.subject, limits), ...directions(spec, limits)];
}

const oneOf = (field: string, value: string, supported: readonly string[]): readonly Finding[] => (supported.includes(value) ? [] : [unsupported(field, value, supported)]);

const between = (field: string, value: number, least: number, most: number): readonly Finding[] => [
  ...(value < least ? [invalid(field, value, `${field} in body should be greater than or equal to ${least}`)] : []),
  ...(value > most ? [invalid(field, value, `${field} in body should be less than or equal to ${most}`)] : []),
];

const port = (field: string, value: number | undefined): readonly Finding[] => (value === undefined ? [required(field)] : between(field, value, 1, 65_535));

/** A union: exactly one of its fields. */
function exactlyOne(field: string, value: object): readonly Finding[] {
  const set = Object.values(value).filter((one) => one !== undefined).length;
  if (set === 0) return [invalid(field, 0, `${field} in body should have at least 1 properties`)];
  return set === 1 ? [] : [{ code: 'too-many', field, says: `${field}: Too many: ${set}: must have at most 1 item` }];
}

const listSize = (field: string, list: readonly unknown[], most: number): readonly Finding[] =>
  list.length === 0 ? [invalid(field, 0, `${field} in body should have at least 1 items`)] : list.length > most ? [tooMany(field, list.length, most)] : [];

/** A rule of the schema in CEL: the value is not repeated. */
const broken = (field: string, says: string): Finding => ({ code: 'invalid-value', field, says: `${field}: Invalid value: ${says}` });

// The definitions do not check operators and labels of selectors.
const selectorFindings = (field: string, selector: LabelSelector | undefined): readonly Finding[] => (selector?.matchExpressions ?? []).flatMap((expression: Partial<NonNullable<LabelSelector['matchExpressions']>[number]>, index) => [
  ...(expression.key === undefined ? [required(`${field}.matchExpressions[${index}].key`)] : []),
  ...(expression.operator === undefined ? [required(`${field}.matchExpressions[${index}].operator`)] : []),
]);

function podFindings(field: string, { namespaces, pods }: AdminPolicyPeer, limits: Limits): readonly Finding[] {
  return [
    ...selectorFindings(`${field}.namespaces`, namespaces),
    ...(pods === undefined ? [] : [
      ...(limits.strictPods && pods.namespaceSelector === undefined ? [required(`${field}.pods.namespaceSelector`)] : selectorFindings(`${field}.pods.namespaceSelector`, pods.namespaceSelector)),
      ...(pods.podSelector === undefined ? [required(`${field}.pods.podSelector`)] : selectorFindings(`${field}.pods.podSelector`, pods.podSelector)),
    ]),
  ];
}

const subjectFindings = (subject: AdminPolicyPeer | undefined, limits: Limits): readonly Finding[] =>
  subject === undefined ? [required('spec.subject')] : [...exactlyOne('spec.subject', subject), ...podFindings('spec.subject', subject, limits)];

const directions = (spec: { readonly ingress?: readonly AnyRule[]; readonly egress?: readonly AnyRule[] }, limits: Limits): readonly Finding[] => (['ingress', 'egress'] as const).flatMap((direction) => {
  const rules = spec[direction] ?? [];
  if (rules.length > limits.rules) return [tooMany(`spec.${direction}`, rules.length, limits.rules)];
  return rules.flatMap((rule, index) => ruleFindings(`spec.${direction}[${index}]`, direction === 'ingress' ? 'from' : 'to', rule, limits));
});

function ruleFindings(field: string, side: 'from' | 'to', rule: AnyRule, limits: Limits): readonly Finding[] {
  const peers = rule[side];
  const ports = rule[limits.ports];
  const named = (rule.ports ?? []).some(({ namedPort }) => namedPort !== undefined) || (rule.protocols ?? []).some(({ destinationNamedPort }) => destinationNamedPort !== undefined);
  const nameless = (peers ?? []).some(({ networks, nodes, domainNames }) => networks !== undefined || nodes !== undefined || domainNames !== undefined);
  return [
    ...((rule.name ?? '').length > 100 ? [tooLong(`${field}.name`, 100)] : []),
    ...(rule.action === undefined ? [required(`${field}.action`)] : oneOf(`${field}.action`, rule.action, limits.actions)),
    ...(peers === undefined ? [required(`${field}.${side}`)] : [...listSize(`${field}.${side}`, peers, limits.entries), ...peers.flatMap((peer, index) => peerFindings(`${field}.${side}[${index}]`, peer, limits))]),
    ...(ports === undefined ? [] : listSize(`${field}.${limits.ports}`, ports, limits.entries)),
    ...(rule.protocols ?? []).flatMap((protocol, index) => protocolFindings(`${field}.protocols[${index}]`, protocol)),
    ...(rule.ports ?? []).flatMap((one, index) => portFindings(`${field}.ports[${index}]`, one)),
    ...(side === 'to' && named && nameless ? [broken(field, `${limits.nameless} peer cannot be set with namedPorts since there are no namedPorts for ${limits.nameless}`)] : []),
  ];
}

const domain = String.raw`^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$`;

function peerFindings(field: string, peer: AdminPolicyPeer, limits: Limits): readonly Finding[] {
  const { nodes, networks, domainNames } = peer;
  const repeated = (list: readonly string[], name: string): readonly Finding[] => list.flatMap((value, index) => (list.indexOf(value) < index ? [duplicate(`${field}.${name}[${index}]`, value)] : []));
  return [
    ...exactlyOne(field, peer), ...podFindings(field, peer, limits), ...selectorFindings(`${field}.nodes`, nodes),
    ...(networks === undefined ? [] : [
      ...listSize(`${field}.networks`, networks, 25), ...repeated(networks, 'networks'),
      ...networks.flatMap((cidr, index) => (parseRange(cidr) === undefined ? [invalid(`${field}.networks[${index}]`, cidr, 'Invalid CIDR format provided')] : [])),
    ]),
    ...(domainNames === undefined ? [] : [
      ...listSize(`${field}.domainNames`, domainNames, 25), ...repeated(domainNames, 'domainNames'),
      ...domainNames.flatMap((name, index) => (new RegExp(domain).test(name) ? [] : [invalid(`${field}.domainNames[${index}]`, name, `${field}.domainNames[${index}] in body should match '${domain}'`)])),
    ]),
  ];
}

function protocolFindings(field: string, protocol: ClusterNetworkPolicyProtocol): readonly Finding[] {
  return [...exactlyOne(field, protocol), ...(['tcp', 'udp', 'sctp'] as const).flatMap((name) => {
    const match = protocol[name];
    if (match === undefined) return [];
    if (match.destinationPort === undefined) return exactlyOne(`${field}.${name}`, {});
    return destinationFindings(`${field}.${name}.destinationPort`, match.destinationPort);
  })];
}

function destinationFindings(field: string, given: ClusterNetworkPolicyPort): readonly Finding[] {
  const range: Partial<NonNullable<ClusterNetworkPolicyPort['range']>> | undefined = given.range;
  return [
    ...exactlyOne(field, given), ...(given.number === undefined ? [] : port(`${field}.number`, given.number)),
    ...(range === undefined ? [] : rangeFindings(`${field}.range`, range)),
    ...(range?.start !== undefined && range.end !== undefined && range.start >= range.end ? [broken(`${field}.range`, 'Start port must be less than End port')] : []),
  ];
}

const rangeFindings = (field: string, { start, end }: { readonly start?: number; readonly end?: number }): readonly Finding[] => [...port(`${field}.start`, start), ...port(`${field}.end`, end)];

// v1alpha1 takes any protocol, and a range that ends before it starts.
function portFindings(field: string, given: AdminNetworkPolicyPort): readonly Finding[] {
  const { portNumber, portRange }: { readonly portNumber?: Partial<AdminNetworkPolicyPort['portNumber']>; readonly portRange?: Partial<NonNullable<AdminNetworkPolicyPort['portRange']>> } = given;
  return [
    ...exactlyOne(field, given), ...(portNumber === undefined ? [] : port(`${field}.portNumber.port`, portNumber.port)),
    ...(portRange === undefined ? [] : rangeFindings(`${field}.portRange`, portRange)),
  ];
}
