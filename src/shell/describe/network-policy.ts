// kubectl describe networkpolicy: the rules in sentences, as kubectl has them.
import { selectorText } from '../../sim/cluster/selector.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../sim/model/policy-objects.ts';
import type { Describe } from './describer.ts';
import { createdAt, goTime } from './time.ts';
import { annotationLines, field, labelLines } from './writer.ts';
import type { Lines } from './writer.ts';

interface Rule {
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly NetworkPolicyPort[];
}

interface Words {
  readonly one: 'ingress' | 'egress';
  readonly preposition: 'From' | 'To';
  readonly end: 'source' | 'destination';
}

export const describeNetworkPolicy: Describe<NetworkPolicy> = (stored) => {
  const { metadata, spec } = stored.object;
  const types = spec?.policyTypes ?? ['Ingress', ...(spec?.egress === undefined ? [] : ['Egress'])];
  const selector = selectorText(spec?.podSelector);
  return [
    field('Name', metadata.name),
    field('Namespace', metadata.namespace ?? ''),
    field('Created on', goTime(createdAt(stored))),
    ...labelLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    'Spec:',
    // The selector is written one level further in, behind its own title.
    `  PodSelector:     ${selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector}`,
    ...(types.includes('Ingress')
      ? ['  Allowing ingress traffic:', ...rules((spec?.ingress ?? []).map((rule) => ({ peers: rule.from ?? [], ports: rule.ports ?? [] })), { one: 'ingress', preposition: 'From', end: 'source' })]
      : ['  Not affecting ingress traffic']),
    ...(types.includes('Egress')
      ? ['  Allowing egress traffic:', ...rules((spec?.egress ?? []).map((rule) => ({ peers: rule.to ?? [], ports: rule.ports ?? [] })), { one: 'egress', preposition: 'To', end: 'destination' })]
      : ['  Not affecting egress traffic']),
    `  Policy Types: ${types.length === 0 ? '<none>' : types.join(', ')}`,
  ];
};

function rules(all: readonly Rule[], words: Words): Lines {
  if (all.length === 0) return [`    <none> (Selected pods are isolated for ${words.one} connectivity)`];
  return all.flatMap((rule, index) => [
    ...(rule.ports.length === 0 ? ['    To Port: <any> (traffic allowed to all ports)'] : rule.ports.map(portLine)),
    ...(rule.peers.length === 0 ? [`    ${words.preposition}: <any> (traffic not restricted by ${words.end})`] : rule.peers.flatMap((peer) => [`    ${words.preposition}:`, ...peerLines(peer)])),
    ...(index < all.length - 1 ? ['    ----------'] : []),
  ]);
}

function portLine({ port, endPort, protocol = 'TCP' }: NetworkPolicyPort): string {
  // kubectl prints a port that is not set as Go prints a nil pointer.
  const shown = port === undefined ? '<nil>' : String(port);
  return endPort === undefined ? `    To Port: ${shown}/${protocol}` : `    To Port Range: ${shown}-${endPort}/${protocol}`;
}

function peerLines({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): Lines {
  if (ipBlock !== undefined && podSelector === undefined && namespaceSelector === undefined) return ['      IPBlock:', `        CIDR: ${ipBlock.cidr}`, `        Except: ${(ipBlock.except ?? []).join(', ')}`];
  return [
    ...(namespaceSelector === undefined ? [] : [`      NamespaceSelector: ${selectorText(namespaceSelector)}`]),
    ...(podSelector === undefined ? [] : [`      PodSelector: ${selectorText(podSelector)}`]),
  ];
}
