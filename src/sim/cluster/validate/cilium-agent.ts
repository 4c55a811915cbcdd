// What Cilium itself refuses in a policy that the API server has taken: such a policy stays where it is, is marked as not valid, and nobody enforces any of it (cilium v1.20, pkg/policy/api/rule_validation.go).
import { fullMatch } from '../../base/expression/full-match.ts';
import { parseRange } from '../../base/address.ts';
import type { CiliumNetworkPolicy, CiliumPort, CiliumPortRule, CiliumRule, CiliumSpec } from '../../model/policy-objects.ts';
import type { Finding } from '../problem-at.ts';

/** The first refusal, which is the one that Cilium tells; none: the policy is valid. */
export function ciliumRefusal(object: CiliumNetworkPolicy): Finding | null {
  const specs = [...(object.spec === undefined ? [] : [['spec', object.spec] as const]), ...(object.specs ?? []).map((spec, index) => [`specs[${index}]`, spec] as const)];
  for (const [field, spec] of specs) {
    const [found] = [...specRefusals(field, spec), ...(object.kind === 'CiliumNetworkPolicy' && spec.nodeSelector !== undefined ? [refusal(`${field}.nodeSelector`, 'rule cannot have NodeSelector')] : [])];
    if (found !== undefined) return { ...found, says: `Invalid ${object.kind} ${field.replace(/\[.*/, '')}: ${found.says}` };
  }
  return null;
}

const refusal = (field: string, says: string): Finding => ({ code: 'policy-invalid', field, says });

const sides = { ingress: 'from', ingressDeny: 'from', egress: 'to', egressDeny: 'to' } as const;

function specRefusals(field: string, spec: CiliumSpec): readonly Finding[] {
  const lists = Object.keys(sides) as (keyof typeof sides)[];
  if (lists.every((list) => (spec[list] ?? []).length === 0)) return [refusal(field, 'rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny')];
  if (spec.endpointSelector === undefined && spec.nodeSelector === undefined) return [refusal(field, 'rule must have one of EndpointSelector or NodeSelector')];
  if (spec.endpointSelector !== undefined && spec.nodeSelector !== undefined) return [refusal(field, 'rule cannot have both EndpointSelector and NodeSelector')];
  return lists.flatMap((list) => (spec[list] ?? []).flatMap((rule, index) => ruleRefusals(`${field}.${list}[${index}]`, sides[list], rule, spec.nodeSelector !== undefined)));
}

const peerLists = { from: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'], to: ['toCIDR', 'toCIDRSet', 'toEndpoints', 'toEntities', 'toServices', 'toGroups', 'toNodes', 'toFQDNs'] } as const;

const goName = (list: string): string => list.charAt(0).toUpperCase() + list.slice(1);

function ruleRefusals(field: string, side: 'from' | 'to', rule: CiliumRule, node: boolean): readonly Finding[] {
  const filled = peerLists[side].filter((list) => (rule[list] ?? []).length > 0);
  const [first, second] = filled;
  const found: Finding[] = [];
  if (first !== undefined && second !== undefined) found.push(refusal(`${field}.${second}`, `combining ${goName(first)} and ${goName(second)} is not supported yet`));
  if ((rule[`${side}Nodes`] ?? []).length > 0) found.push(refusal(`${field}.${side}Nodes`, 'FromNodes/ToNodes rules can only be applied when the "enable-node-selector-labels" flag is set'));
  for (const [index, cidr] of (rule[`${side}CIDRSet`] ?? []).entries()) {
    const whole = cidr.cidr === undefined ? undefined : parseRange(cidr.cidr);
    for (const [position, text] of whole === undefined ? [] : (cidr.except ?? []).entries()) {
      const part = parseRange(text);
      if (part === undefined || part.family !== whole?.family || part.first < whole.first || part.last > whole.last) found.push(refusal(`${field}.${side}CIDRSet[${index}].except[${position}]`, `allow CIDR prefix ${cidr.cidr ?? ''} does not contain exclude CIDR prefix ${text}`));
    }
  }
  const ports = rule.toPorts ?? [];
  const ofHttp = ports.findIndex(({ rules }) => (rules?.http ?? []).length > 0);
  const ofDns = ports.findIndex(({ rules }) => (rules?.dns ?? []).length > 0);
  if (node && ofHttp >= 0) found.push(refusal(`${field}.toPorts[${ofHttp}].rules`, side === 'from' ? 'L7 policy is not supported on host ingress yet' : 'L7 protocol HTTP is not supported on host egress yet'));
  if (side === 'from' && ofDns >= 0) found.push(refusal(`${field}.toPorts[${ofDns}].rules.dns`, 'L7 protocol DNS is not supported on ingress yet'));
  if ((rule.icmps ?? []).length > 0 && ports.length > 0) found.push(refusal(`${field}.icmps`, 'the ICMPs block may only be present without ToPorts. Define a separate rule to use ToPorts'));
  return [...found, ...ports.flatMap((one, index) => portRuleRefusals(`${field}.toPorts[${index}]`, side, one))];
}

function portRuleRefusals(field: string, side: 'from' | 'to', rule: CiliumPortRule): readonly Finding[] {
  const { http = [], dns = [] } = rule.rules ?? {};
  const found: Finding[] = [];
  const conditions = http.length + dns.length > 0;
  if ((rule.serverNames ?? []).length > 0 && conditions && rule.terminatingTLS === undefined) found.push(refusal(`${field}.serverNames`, 'ServerNames are not allowed with L7 rules without TLS termination'));
  for (const [index, port] of (rule.ports ?? []).entries()) {
    found.push(...portRefusals(`${field}.ports[${index}]`, port, dns.length > 0));
    const protocol = port.protocol === undefined || port.protocol === '' ? 'ANY' : port.protocol;
    if (http.length > 0 && protocol !== 'TCP') found.push(refusal(`${field}.ports[${index}].protocol`, `L7 rules can only apply to TCP (not ${protocol}) except for DNS rules`));
    if (conditions && port.port === '0') found.push(refusal(`${field}.ports[${index}].port`, 'L7 rules can not be used when a port is 0'));
  }
  if (rule.listener !== undefined && (side === 'from' || conditions)) found.push(refusal(`${field}.listener`, side === 'from' ? 'Listener is not allowed on ingress' : 'Listener is not allowed with L7 rules'));
  if (dns.length > 0 && (rule.ports ?? []).length === 0) found.push(refusal(`${field}.ports`, 'port 53 must be specified for DNS rules'));
  for (const [index, one] of http.entries()) {
    for (const part of ['path', 'method'] as const) {
      const wrong = one[part] === undefined || one[part] === '' ? null : fullMatch(one[part]).wrong;
      if (wrong !== null) found.push(refusal(`${field}.rules.http[${index}].${part}`, `error parsing regexp: ${wrong}`));
    }
  }
  return found;
}

/** A name as IANA has it for services: letters, digits and single dashes, with a letter somewhere. */
export const isServiceName = (text: string): boolean => text.length <= 15 && /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(text) && /[A-Za-z]/.test(text);

function portRefusals(field: string, { port = '', endPort = 0, protocol }: CiliumPort, dns: boolean): readonly Finding[] {
  if (port === '') return [refusal(`${field}.port`, 'port must be specified')];
  if (isServiceName(port)) return [];
  const number = /^\d+$/.test(port) ? Number(port) : Number.NaN;
  if (Number.isNaN(number) || number > 65_535) return [refusal(`${field}.port`, `unable to parse port: strconv.ParseUint: parsing "${port}": ${Number.isNaN(number) ? 'invalid syntax' : 'value out of range'}`)];
  if (number !== 0 && protocol !== undefined && ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'].includes(protocol)) return [refusal(`${field}.port`, 'port must be empty or 0')];
  return dns && endPort > number ? [refusal(`${field}.endPort`, 'DNS rules do not support port ranges')] : [];
}
