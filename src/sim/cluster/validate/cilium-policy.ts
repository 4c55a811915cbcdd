// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: what their CustomResourceDefinitions ask for, in the API server's words (cilium v1.20).
import { parseRange } from '../../base/address.ts';
import { fullMatch } from '../../base/expression/full-match.ts';
import type { LabelSelector } from '../../model/object.ts';
import type { CiliumCidrGroup, CiliumCidrRule, CiliumHttpRule, CiliumNameRule, CiliumNetworkPolicy, CiliumPort, CiliumPortRule, CiliumRule, CiliumService, CiliumSpec } from '../../model/policy-objects.ts';
import { invalid, required, tooLong, tooMany, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';

const entities = ['all', 'world', 'cluster', 'cluster-mesh', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'none', 'kube-apiserver'];
const protocols = ['TCP', 'UDP', 'SCTP', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH', 'ANY'];
const port = String.raw`^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$`;
const portAnywhere = `(?s)${port.replace(/^\^/, '').replace(/\$$/, '').replace(')|(', ').*|.*(')}`;
const labelValue = String.raw`^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`;
const groupName = String.raw`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`;
const [name, pattern] = [String.raw`^([-a-zA-Z0-9_]+[.]?)+$`, String.raw`^([-a-zA-Z0-9_*]+[.]?)+$`];
const icmpTypes = 'EchoReply|DestinationUnreachable|Redirect|Echo|RouterAdvertisement|RouterSelection|TimeExceeded|ParameterProblem|Timestamp|TimestampReply|Photuris|ExtendedEchoRequest|ExtendedEcho Reply|PacketTooBig|ParameterProblem|EchoRequest|MulticastListenerQuery|MulticastListenerReport|MulticastListenerDone|RouterSolicitation|RouterAdvertisement|NeighborSolicitation|NeighborAdvertisement|RedirectMessage|RouterRenumbering|ICMPNodeInformationQuery|ICMPNodeInformationResponse|InverseNeighborDiscoverySolicitation|InverseNeighborDiscoveryAdvertisement|HomeAgentAddressDiscoveryRequest|HomeAgentAddressDiscoveryReply|MobilePrefixSolicitation|MobilePrefixAdvertisement|DuplicateAddressRequestCodeSuffix|DuplicateAddressConfirmationCodeSuffix';
const icmpType = `^([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]|${icmpTypes})$`;

/** Both kinds. */
export function ciliumPolicy(object: CiliumNetworkPolicy): readonly Finding[] {
  const { spec, specs } = object;
  if (spec === undefined && specs === undefined) return [{ code: 'required-value', field: 'spec', says: '<nil>: Invalid value: spec or specs must be provided' }];
  return [...(spec === undefined ? [] : specFindings('spec', spec)), ...(specs ?? []).flatMap((one, index) => specFindings(`specs[${index}]`, one))];
}

export const ciliumCidrGroup = (object: CiliumCidrGroup): readonly Finding[] => {
  const list = object.spec?.externalCIDRs;
  return object.spec === undefined ? [required('spec')] : list === undefined ? [required('spec.externalCIDRs')] : cidrs('spec.externalCIDRs', list);
};

/** Exactly one of several fields, in the words of a schema that says so with `oneOf`; all of them must be of one kind, the first is named where none is there. */
function oneOf(field: string, value: object, names: readonly string[]): readonly Finding[] {
  const set = names.filter((one) => Object.hasOwn(value, one)).length;
  if (set === 1) return [];
  const says = `<nil>: Invalid value: "": "${field}" must validate one and only one schema (oneOf). Found ${set === 0 ? 'none valid' : `${set} valid alternatives`}`;
  return [{ code: 'invalid-value', field, says }, ...(set === 0 ? [required(`${field}.${names[0] ?? ''}`)] : [])];
}

/** Go's expressions search where they have no anchors, and cannot run away as JavaScript's can. */
const matching = (field: string, value: string, expression: string, whole = expression): readonly Finding[] =>
  (fullMatch(whole).matches(value) ? [] : [invalid(field, value, `${field} in body should match '${expression}'`)]);

const among = (field: string, value: string | undefined, supported: readonly string[]): readonly Finding[] => (value === undefined || supported.includes(value) ? [] : [unsupported(field, value, supported)]);

const cidrs = (field: string, list: readonly string[] | undefined): readonly Finding[] =>
  (list ?? []).flatMap((cidr, index) => (parseRange(cidr) === undefined ? [invalid(`${field}[${index}]`, cidr, `${field}[${index}] in body must be of type cidr: "${cidr}"`)] : []));

function selector(field: string, { matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Finding[] {
  return [
    ...matchExpressions.flatMap((expression: Partial<NonNullable<LabelSelector['matchExpressions']>[number]>, index) => [
      ...(expression.key === undefined ? [required(`${field}.matchExpressions[${index}].key`)] : []),
      ...(expression.operator === undefined ? [required(`${field}.matchExpressions[${index}].operator`)] : among(`${field}.matchExpressions[${index}].operator`, expression.operator, ['In', 'NotIn', 'Exists', 'DoesNotExist'])),
    ]),
    ...Object.entries(matchLabels).flatMap(([key, value]) => [...(value.length > 63 ? [tooLong(`${field}.matchLabels.${key}`, 63)] : []), ...matching(`${field}.matchLabels.${key}`, value, labelValue)]),
  ];
}

const lists = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

function specFindings(field: string, spec: CiliumSpec): readonly Finding[] {
  const none = lists.every((list) => spec[list] === undefined);
  return [
    ...(none ? [{ code: 'invalid-value', field, says: `<nil>: Invalid value: "": "${field}" must validate at least one schema (anyOf)` }, required(`${field}.ingress`)] : []),
    ...oneOf(field, spec, ['endpointSelector', 'nodeSelector']),
    ...(['endpointSelector', 'nodeSelector'] as const).flatMap((one) => { const given = spec[one]; return given === undefined ? [] : selector(`${field}.${one}`, given); }),
    ...lists.flatMap((list) => (spec[list] ?? []).flatMap((rule, index) => ruleFindings(`${field}.${list}[${index}]`, rule))),
  ];
}

function ruleFindings(field: string, rule: CiliumRule): readonly Finding[] {
  const given: Readonly<Record<string, unknown>> = { ...rule };
  return [
    ...(['from', 'to'] as const).flatMap((side) => {
      const wanted = given[`${side}Requires`];
      return [
        ...(Array.isArray(wanted) && wanted.length > 0 ? [tooMany(`${field}.${side}Requires`, wanted.length, 0)] : []),
        ...(rule[`${side}Endpoints`] ?? []).flatMap((one, index) => selector(`${field}.${side}Endpoints[${index}]`, one)),
        ...(rule[`${side}Nodes`] ?? []).flatMap((one, index) => selector(`${field}.${side}Nodes[${index}]`, one)),
        ...(rule[`${side}Entities`] ?? []).flatMap((one, index) => among(`${field}.${side}Entities[${index}]`, one, entities)),
        ...cidrs(`${field}.${side}CIDR`, rule[`${side}CIDR`]),
        ...(rule[`${side}CIDRSet`] ?? []).flatMap((one, index) => cidrRuleFindings(`${field}.${side}CIDRSet[${index}]`, one)),
      ];
    }),
    ...(rule.toServices ?? []).flatMap((one, index) => serviceFindings(`${field}.toServices[${index}]`, one)),
    ...(rule.toFQDNs ?? []).flatMap((one, index) => nameFindings(`${field}.toFQDNs[${index}]`, one)),
    ...(rule.toPorts ?? []).flatMap((one, index) => portRuleFindings(`${field}.toPorts[${index}]`, one)),
    ...(rule.icmps ?? []).flatMap((one, index) => icmpFindings(`${field}.icmps[${index}].fields`, one.fields ?? [])),
    ...(rule.authentication === undefined ? [] : modeFindings(`${field}.authentication.mode`, rule.authentication)),
  ];
}

const modeFindings = (field: string, { mode }: { readonly mode?: string }): readonly Finding[] => (mode === undefined ? [required(field)] : among(field, mode, ['disabled', 'required', 'test-always-fail']));

const cidrRuleFindings = (field: string, rule: CiliumCidrRule): readonly Finding[] => [
  ...oneOf(field, rule, ['cidr', 'cidrGroupRef', 'cidrGroupSelector']),
  ...(rule.cidr === undefined || parseRange(rule.cidr) !== undefined ? [] : [invalid(`${field}.cidr`, rule.cidr, `${field}.cidr in body must be of type cidr: "${rule.cidr}"`)]),
  ...(rule.cidrGroupRef === undefined ? [] : matching(`${field}.cidrGroupRef`, rule.cidrGroupRef, groupName)),
  ...(rule.cidrGroupSelector === undefined ? [] : selector(`${field}.cidrGroupSelector`, rule.cidrGroupSelector)),
  ...cidrs(`${field}.except`, rule.except),
];

function serviceFindings(field: string, { k8sServiceSelector: chosen }: CiliumService): readonly Finding[] {
  const wanted: { readonly selector?: LabelSelector } = chosen ?? { selector: {} };
  return wanted.selector === undefined ? [required(`${field}.k8sServiceSelector.selector`)] : selector(`${field}.k8sServiceSelector.selector`, wanted.selector);
}

const nameFindings = (field: string, rule: CiliumNameRule): readonly Finding[] => [
  ...oneOf(field, rule, ['matchName', 'matchPattern']),
  ...([['matchName', name], ['matchPattern', pattern]] as const).flatMap(([one, expression]) => {
    const value = rule[one];
    return value === undefined ? [] : [...(value.length > 255 ? [tooLong(`${field}.${one}`, 255)] : matching(`${field}.${one}`, value, expression))];
  }),
];

function portRuleFindings(field: string, rule: CiliumPortRule): readonly Finding[] {
  const { ports = [], rules, serverNames } = rule;
  return [
    ...(ports.length > 40 ? [tooMany(`${field}.ports`, ports.length, 40)] : ports.flatMap((one, index) => portFindings(`${field}.ports[${index}]`, one))),
    ...(rules === undefined ? [] : [
      ...oneOf(`${field}.rules`, rules, ['http', 'dns']), ...(rules.dns ?? []).flatMap((one, index) => nameFindings(`${field}.rules.dns[${index}]`, one)),
      ...(rules.http ?? []).flatMap((one, index) => httpFindings(`${field}.rules.http[${index}]`, one)),
    ]),
    ...(serverNames?.length === 0 ? [invalid(`${field}.serverNames`, 0, `${field}.serverNames in body should have at least 1 items`)] : []),
    ...(['terminatingTLS', 'originatingTLS'] as const).flatMap((tls) => { const given = rule[tls]; return given === undefined || 'secret' in given ? [] : [required(`${field}.${tls}.secret`)]; }),
    ...(rule.listener === undefined ? [] : ['envoyConfig', 'name'].flatMap((one) => (Object.hasOwn(rule.listener ?? {}, one) ? [] : [required(`${field}.listener.${one}`)]))),
  ];
}

const portFindings = (field: string, given: CiliumPort): readonly Finding[] => [
  ...(given.endPort === undefined ? [] : [
    ...(given.endPort < 0 ? [invalid(`${field}.endPort`, given.endPort, `${field}.endPort in body should be greater than or equal to 0`)] : []),
    ...(given.endPort > 65_535 ? [invalid(`${field}.endPort`, given.endPort, `${field}.endPort in body should be less than or equal to 65535`)] : []),
  ]),
  ...(given.port === undefined ? [] : matching(`${field}.port`, given.port, port, portAnywhere)),
  ...among(`${field}.protocol`, given.protocol, protocols),
];

const httpFindings = (field: string, { headerMatches = [] }: CiliumHttpRule): readonly Finding[] => headerMatches.flatMap((match: Partial<typeof headerMatches[number]>, index) => [
  ...among(`${field}.headerMatches[${index}].mismatch`, match.mismatch, ['LOG', 'ADD', 'DELETE', 'REPLACE']),
  ...(match.name === undefined ? [required(`${field}.headerMatches[${index}].name`)]
    : match.name === '' ? [invalid(`${field}.headerMatches[${index}].name`, '', `${field}.headerMatches[${index}].name in body should be at least 1 chars long`)] : []),
]);

function icmpFindings(field: string, fields: readonly { readonly family?: string; readonly type?: number | string }[]): readonly Finding[] {
  if (fields.length > 40) return [tooMany(field, fields.length, 40)];
  return fields.flatMap(({ family, type }, index) => [
    ...among(`${field}[${index}].family`, family, ['IPv4', 'IPv6']),
    ...(type === undefined ? [required(`${field}[${index}].type`)] : typeof type === 'string' ? matching(`${field}[${index}].type`, type, icmpType) : []),
  ]);
}
