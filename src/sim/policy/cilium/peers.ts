// The peers of one of Cilium's rules: one list of one kind, or none, which is everybody where the rule has ports.
import type { AddressSet } from '../../base/address-set.ts';
import { addressSetOf, withoutAddresses } from '../../base/address-set.ts';
import { parseAddress, parseRange, wholeFamily } from '../../base/address.ts';
import { matchesLabels } from '../../cluster/selector.ts';
import type { CiliumCidrRule, CiliumNameRule, CiliumRule } from '../../model/policy-objects.ts';
import type { CompileContext, PeerTerm, PolicyNote } from '../policy-api.ts';
import { patternHolds, nameHolds } from '../name-pattern.ts';
import { identitiesOf } from './identity.ts';
import type { CiliumGround } from './ground.ts';

export interface CiliumPeers {
  /** The list that the rule has; without one the list in which a repair would look. */
  readonly list: string;
  /** `null`: everybody; empty: nobody. */
  readonly peers: readonly PeerTerm[] | null;
  readonly positions: readonly number[];
  /** It has peers that are another thing for the pods of each node. */
  readonly byNode: boolean;
  readonly notes: readonly PolicyNote[];
}

/** The reserved labels that identities in the lab have. */
const reservedNames: ReadonlySet<string> = new Set(['host', 'remote-node', 'world', 'kube-apiserver', 'ingress']);

const lists = { from: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromGroups'], to: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toServices', 'toFQDNs', 'toGroups'] } as const;

/** `node` is the node whose pods the rule is compiled for; `null`: those of any. */
export function ciliumPeers(rule: CiliumRule, side: 'from' | 'to', field: string, node: string | null, ground: CiliumGround): CiliumPeers {
  const given = lists[side].filter((one) => rule[one] !== undefined);
  // Nothing is selected by a list that is there and empty; of several only one may have anything in it.
  const list = given.find((one) => (rule[one] ?? []).length > 0) ?? given[0];
  if (list === undefined) return { list: `${side}Endpoints`, peers: null, positions: [], byNode: false, notes: [] };
  const { context } = ground;
  const peers: PeerTerm[] = [];
  const positions: number[] = [];
  const notes: PolicyNote[] = [];
  let [byNode, everybody] = [false, false];
  const add = (position: number, ...terms: readonly PeerTerm[]): void => {
    peers.push(...terms);
    positions.push(...terms.map(() => position));
  };
  const note = (code: string, position: number, says: string, help: string): void => { notes.push({ code, field: `${field}.${list}[${position}]`, says, help }); };
  const addEntity = (position: number, name: string): void => {
    const found = entityOf(name, node, context);
    if (found === 'everybody') everybody = true;
    else add(position, ...found);
    byNode ||= name === 'host' || name === 'remote-node';
    if (name === 'ingress') note('policy-not-followed', position, `${field}.${list}[${position}]: the entity ingress, the source of Cilium's own Ingress and Gateway proxies, is nobody in this lab, whose proxies are pods.`, 'Select the pods of the Ingress controller instead.');
  };
  switch (list) {
    case 'fromEndpoints':
    case 'toEndpoints':
      for (const [position, selector] of (rule[list] ?? []).entries()) {
        const found = identitiesOf(selector, ground.namespace, 'peer', context);
        if (found.is === 'entities') for (const name of found.names) addEntity(position, reservedNames.has(name) ? name : 'none');
        else if (found.is === 'pods') add(position, { kind: 'pods', term: found.term });
        if (found.is !== 'entities' && found.left.length > 0) note('label-of-no-identity', position, `${field}.${list}[${position}] asks for ${found.left.join(', ')}, which is part of no identity: for Cilium no pod has it.`, 'Select pods by a label that their owner has put on them.');
      }
      break;
    case 'fromCIDR':
    case 'toCIDR':
      for (const [position, text] of (rule[list] ?? []).entries()) add(position, ...blockTerm([text], [], text, context));
      break;
    case 'fromCIDRSet':
    case 'toCIDRSet':
      for (const [position, one] of (rule[list] ?? []).entries()) add(position, ...cidrRuleTerm(one, ground));
      break;
    case 'fromEntities':
    case 'toEntities':
      for (const [position, name] of (rule[list] ?? []).entries()) addEntity(position, name);
      break;
    case 'toServices': {
      for (const [position, { k8sService: named, k8sServiceSelector: chosen }] of (rule.toServices ?? []).entries()) {
        const services = context.services.filter(({ namespace, name, labels }) => (chosen !== undefined
          ? isMeant(chosen.namespace, namespace) && matchesLabels(chosen.selector, labels) : named !== undefined && isMeant(named.namespace, namespace) && named.serviceName === name));
        for (const { namespace, selector, addresses } of services) {
          if (selector !== null && Object.keys(selector).length > 0) add(position, { kind: 'pods', term: { namespaces: { name: namespace }, pods: context.podSelector({ matchLabels: selector }) } });
          else add(position, { kind: 'addresses', addresses: addressesOf(addresses), podsToo: false, says: `the endpoints of Service ${namespace}/${named?.serviceName ?? ''}`, outside: context.nodesTogether, entity: true });
        }
        if (services.length === 0) note('peer-matches-nothing', position, `${field}.toServices[${position}] names no Service that is there.`, 'Compare it with `kubectl get services -A --show-labels`.');
      }
      // Nothing is left of the list then, and Cilium reads the rule as one without peers.
      if (peers.length === 0 && (rule.toServices ?? []).length > 0) {
        notes.push({ code: 'policy-opens-wide', field: `${field}.toServices`, says: `None of the Services of ${field}.toServices is there: Cilium 1.20 reads the rule as if it had no peers, so that its ports are open to everybody.`, help: 'Correct the names, or select the pods with toEndpoints.' });
        return { list, peers: null, positions: [], byNode: false, notes };
      }
      break;
    }
    case 'toFQDNs':
      for (const [position, one] of (rule.toFQDNs ?? []).entries()) {
        const { found, unlearned } = namedAddresses(one, ground);
        const says = `names like ${one.matchName ?? one.matchPattern ?? ''}`;
        add(position, { kind: 'addresses', addresses: found, podsToo: false, says, outside: context.nodesTogether, entity: true });
        if (unlearned) note('name-not-learned', position, `${field}.toFQDNs[${position}] matches no address: no rule sends the lookups of this name through Cilium's DNS proxy, from which it learns addresses.`, 'Allow egress to the DNS server with toPorts of port 53 and rules.dns for this name.');
      }
      break;
    case 'fromGroups':
    case 'toGroups':
      for (const position of (rule[list] ?? []).keys()) note('policy-not-followed', position, `${field}.${list}[${position}] is not followed: the lab knows no security groups of a cloud, so that it matches nobody.`, 'Write the addresses as CIDR.');
      break;
  }
  return { list, peers: everybody ? null : peers, positions, byNode, notes };
}

/** Without a namespace a Service of any is meant. */
const isMeant = (wanted: string | undefined, namespace: string): boolean => wanted === undefined || wanted === '' || wanted === namespace;

const addressesOf = (texts: readonly string[]): AddressSet => addressSetOf(texts.flatMap((text) => {
  const address = parseAddress(text);
  return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
}));

/** Blocks are for what is outside: neither pods nor nodes (docs, "CIDR Based"; policy-cidr-match-mode is empty by default). */
function blockTerm(cidrs: readonly string[], except: readonly string[], says: string, { nodesTogether }: CompileContext): readonly PeerTerm[] {
  const set = addressSetOf(cidrs.flatMap((text) => parseRange(text) ?? []));
  const holes = except.flatMap((text) => parseRange(text) ?? []);
  return [{ kind: 'addresses', addresses: withoutAddresses(set, holes), podsToo: false, says: except.length === 0 ? says : `${says} except ${except.join(', ')}`, outside: nodesTogether }];
}

function cidrRuleTerm({ cidr, cidrGroupRef, cidrGroupSelector, except = [] }: CiliumCidrRule, { context, groups }: CiliumGround): readonly PeerTerm[] {
  if (cidr !== undefined) return blockTerm([cidr], except, cidr, context);
  const chosen = groups.filter(({ metadata }) => (cidrGroupRef !== undefined ? metadata.name === cidrGroupRef : matchesLabels(cidrGroupSelector, metadata.labels)));
  return blockTerm(chosen.flatMap(({ spec }) => spec?.externalCIDRs ?? []), except, `CiliumCIDRGroup ${cidrGroupRef ?? chosen.map(({ metadata }) => metadata.name).join(', ')}`, context);
}

/** Addresses of names are outside too: a name that leads to pods is matched by toEndpoints alone. */
function namedAddresses({ matchName, matchPattern }: CiliumNameRule, { context, lookups }: CiliumGround): { readonly found: AddressSet; readonly unlearned: boolean } {
  const hosts = context.hosts.filter(({ name }) => (matchName !== undefined ? nameHolds(matchName, name) : matchPattern !== undefined && patternHolds(matchPattern, name)));
  // Simplified: an address is known at once to every node, once some policy sends the lookups of its name through the DNS proxy.
  const learned = hosts.filter(({ name }) => lookups.some((lookup) => (lookup.matchName !== undefined ? nameHolds(lookup.matchName, name) : patternHolds(lookup.matchPattern ?? '', name))));
  const known = matchName !== undefined ? lookups.some((lookup) => (lookup.matchName !== undefined ? nameHolds(lookup.matchName, matchName) : patternHolds(lookup.matchPattern ?? '', matchName))) : lookups.length > 0;
  return { found: addressSetOf(learned.flatMap(({ addresses }) => addresses)), unlearned: !known };
}

function entityOf(name: string, node: string | null, context: CompileContext): readonly PeerTerm[] | 'everybody' {
  const named = (addresses: AddressSet, says: string): PeerTerm => ({ kind: 'addresses', addresses, podsToo: true, says: `the entity ${says}`, entity: true });
  const others = addressSetOf([...context.nodes].flatMap(([other, addresses]) => (other === node ? [] : addresses)));
  switch (name) {
    case 'all': return 'everybody';
    case 'world': return [{ kind: 'addresses', addresses: addressSetOf([wholeFamily('IPv4'), wholeFamily('IPv6')]), podsToo: false, says: 'the entity world', outside: context.nodesTogether, entity: true }];
    case 'cluster':
    case 'cluster-mesh': return [{ kind: 'pods', term: { namespaces: { selector: context.namespaceSelector(undefined) }, pods: context.podSelector(undefined) } }, named(addressSetOf([...context.nodesTogether, ...context.apiServer]), name)];
    case 'host': return [named(node === null ? context.nodesTogether : context.nodes.get(node) ?? [], name)];
    case 'remote-node': return [named(node === null ? context.nodesTogether : others, name)];
    case 'kube-apiserver': return [named(context.apiServer, name)];
    // Initialising, unmanaged and health endpoints are not in the lab, and nobody is `none`.
    default: return [named([], name)];
  }
}
