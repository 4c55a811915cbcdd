// NetworkPolicy, networking.k8s.io/v1: what isolates which pods, and what is allowed nevertheless.
import { addressSetOf, withoutAddresses } from '../base/address-set.ts';
import { parseRange } from '../base/address.ts';
import { isNoPorts, noPorts, portsOf, unionPorts, wholeProtocol } from '../base/port-set.ts';
import type { KubeObject } from '../model/object.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../model/policy-objects.ts';
import { refOf } from '../model/object.ts';
import type { CompileContext, CompiledRule, PeerTerm, PolicyApi, PortTerm } from './policy-api.ts';

export const networkPolicy: PolicyApi = {
  name: 'NetworkPolicy',
  group: 'networking.k8s.io',
  kinds: ['NetworkPolicy'],
  compiler: (context) => (object, origin) => {
    if (!isNetworkPolicy(object)) return [];
    const namespace = object.metadata.namespace ?? 'default';
    const spec = object.spec ?? {};
    const types = directionsOf(object);
    const ingress = (spec.ingress ?? []).map(({ from, ports }, index): WrittenRule => ({ field: `spec.ingress[${index}]`, list: 'from', peers: from, ports }));
    const egress = (spec.egress ?? []).map(({ to, ports }, index): WrittenRule => ({ field: `spec.egress[${index}]`, list: 'to', peers: to, ports }));
    const compileRule = ({ field, list, peers, ports }: WrittenRule): CompiledRule => {
      const terms = (peers ?? []).map((peer, position) => ({ position, term: compilePeer(peer, namespace, context) }));
      return {
        field,
        parts: { peers: list, ports: 'ports' },
        action: 'allow',
        // Absent and empty are the same here: everybody, every port (api: NetworkPolicyIngressRule.From, .Ports).
        peers: terms.length === 0 ? null : terms.flatMap(({ term }) => term),
        ports: (ports ?? []).length === 0 ? null : compilePorts(ports ?? []),
        positions: terms.flatMap(({ position, term }) => term.map(() => position)),
        failsClosed: false,
      };
    };
    return [{
      policy: { ...refOf(object), namespace },
      origin,
      tier: 'namespace',
      priority: 0,
      subject: { namespaces: { name: namespace }, pods: context.podSelector(spec.podSelector) },
      selector: 'spec.podSelector',
      rules: { ingress: types.includes('Ingress') ? ingress.map(compileRule) : null, egress: types.includes('Egress') ? egress.map(compileRule) : null },
    }];
  },
};

interface WrittenRule {
  readonly field: string;
  readonly list: 'from' | 'to';
  readonly peers: readonly NetworkPolicyPeer[] | null | undefined;
  readonly ports: readonly NetworkPolicyPort[] | null | undefined;
}

const isNetworkPolicy = (object: KubeObject): object is NetworkPolicy => object.kind === 'NetworkPolicy';

/** The API server's default: Ingress always, Egress only where there are egress rules (api: NetworkPolicySpec.PolicyTypes). */
function directionsOf({ spec = {} }: NetworkPolicy): readonly ('Ingress' | 'Egress')[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** A peer without a field, or with a CIDR that is none, is refused by the API server and matches nobody here. */
function compilePeer(peer: NetworkPolicyPeer, namespace: string, context: CompileContext): readonly PeerTerm[] {
  if (peer.ipBlock !== undefined) {
    const { cidr = '', except = [] } = peer.ipBlock;
    const block = parseRange(cidr);
    if (block === undefined) return [];
    const holes = except.flatMap((text) => parseRange(text) ?? []);
    const says = except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`;
    const outside = context.ipBlocks === 'outside' ? { outside: context.nodesTogether } : {};
    return [{ kind: 'addresses', addresses: withoutAddresses(addressSetOf([block]), holes), podsToo: false, says, ...outside }];
  }
  if (peer.podSelector === undefined && peer.namespaceSelector === undefined) return [];
  // A missing namespaceSelector is the policy's own namespace; an empty one is every namespace.
  const namespaces = peer.namespaceSelector === undefined ? { name: namespace } : { selector: context.namespaceSelector(peer.namespaceSelector) };
  return [{ kind: 'pods', term: { namespaces, pods: context.podSelector(peer.podSelector) } }];
}

// Simplified: every plugin is taken to know endPort; an old one would open `port` alone.
function compilePorts(ports: readonly NetworkPolicyPort[]): PortTerm {
  let fixed = noPorts;
  const named: PortTerm['named'][number][] = [];
  for (const [index, { protocol = 'TCP', port, endPort }] of ports.entries()) {
    if (port === undefined) fixed = unionPorts(fixed, wholeProtocol(protocol));
    else if (typeof port === 'number') fixed = unionPorts(fixed, portsOf(protocol, port, endPort ?? port));
    else named.push({ name: port, protocol, at: `ports[${index}].port` });
  }
  return { fixed: isNoPorts(fixed) ? noPorts : fixed, named };
}
