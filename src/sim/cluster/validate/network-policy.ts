// NetworkPolicy: peers, blocks and ports (pkg/apis/networking/validation).
import { parseRange } from '../../base/address.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../model/policy-objects.ts';
import { forbidden, invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isPortName, checked, labelSelector, portNumber, strictCidr } from './names.ts';

/** A policy with its defaults. */
export function networkPolicy(object: NetworkPolicy): readonly Finding[] {
  const spec = object.spec ?? {};
  const types: readonly string[] = spec.policyTypes ?? [];
  return [
    ...labelSelector('spec.podSelector', spec.podSelector),
    ...(spec.ingress ?? []).flatMap((rule, index) => ruleFindings(`spec.ingress[${index}]`, 'from', rule.from, rule.ports)),
    ...(spec.egress ?? []).flatMap((rule, index) => ruleFindings(`spec.egress[${index}]`, 'to', rule.to, rule.ports)),
    ...(types.length > 2 ? [invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
      : types.flatMap((type, index) => (type === 'Ingress' || type === 'Egress' ? [] : [unsupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress'])]))),
  ];
}

const ruleFindings = (path: string, side: 'from' | 'to', peers: readonly NetworkPolicyPeer[] | null | undefined, ports: readonly NetworkPolicyPort[] | null | undefined): readonly Finding[] => [
  ...(ports ?? []).flatMap((port, index) => portFindings(`${path}.ports[${index}]`, port)),
  ...(peers ?? []).flatMap((peer, index) => peerFindings(`${path}.${side}[${index}]`, peer)),
];

function portFindings(path: string, given: NetworkPolicyPort): readonly Finding[] {
  const protocol: string | undefined = given.protocol;
  const { port, endPort } = given;
  return [
    ...(protocol === undefined || ['TCP', 'UDP', 'SCTP'].includes(protocol) ? [] : [unsupported(`${path}.protocol`, protocol, ['TCP', 'UDP', 'SCTP'])]),
    ...(port === undefined ? [] : typeof port === 'number' ? portNumber(`${path}.port`, port) : []),
    ...(endPort === undefined ? []
      : port === undefined ? [invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified')]
        : typeof port === 'string' ? [invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric')]
          : [...(endPort < port ? [invalid(`${path}.endPort`, endPort, 'must be greater than or equal to `port`')] : []), ...portNumber(`${path}.endPort`, endPort)]),
    ...(typeof port === 'string' ? checked(`${path}.port`, port, isPortName) : []),
  ];
}

function peerFindings(path: string, peer: NetworkPolicyPeer): readonly Finding[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const others = (podSelector === undefined ? 0 : 1) + (namespaceSelector === undefined ? 0 : 1);
  return [
    ...labelSelector(`${path}.podSelector`, podSelector),
    ...labelSelector(`${path}.namespaceSelector`, namespaceSelector),
    ...(ipBlock === undefined ? [] : blockFindings(`${path}.ipBlock`, ipBlock)),
    ...(others === 0 && ipBlock === undefined ? [required(path, 'must specify a peer')] : []),
    ...(others > 0 && ipBlock !== undefined ? [forbidden(path, 'may not specify both ipBlock and another peer')] : []),
  ];
}

function blockFindings(path: string, block: NonNullable<NetworkPolicyPeer['ipBlock']>): readonly Finding[] {
  if ((block.cidr ?? '') === '') return [required(`${path}.cidr`)];
  const whole = parseRange(block.cidr);
  return [
    ...strictCidr(`${path}.cidr`, block.cidr),
    ...(block.except ?? []).flatMap((except, index): readonly Finding[] => {
      const field = `${path}.except[${index}]`;
      const wrong = strictCidr(field, except);
      const part = parseRange(except);
      if (wrong.length > 0 || part === undefined) return wrong;
      const inside = whole === undefined || (whole.family === part.family && whole.first <= part.first && part.last <= whole.last && whole.last - whole.first > part.last - part.first);
      return inside ? [] : [invalid(field, except, 'must be a strict subset of `cidr`')];
    }),
  ];
}
