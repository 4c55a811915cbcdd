// One rule against one connection: whether it matches it, and if not, which part of the rule failed.
import type { AddressSet } from '../base/address-set.ts';
import type { Address } from '../base/address.ts';
import { portSetHolds } from '../base/port-set.ts';
import type { PacketProtocol } from '../model/packet.ts';
import type { Direction } from '../model/policy.ts';
import type { CompiledPolicy, CompiledRule, PortTerm, ProxyTerm } from './policy-api.ts';
import type { PodClass } from './policy-index.ts';
import { blockHolds, resolvePorts, termHolds } from './policy-index.ts';

/** A connection as the policies of one end see it. */
export interface Ends {
  readonly direction: Direction;
  readonly subject: PodClass;
  /** `null`: no pod is at this address. */
  readonly peer: PodClass | null;
  readonly address: Address | null;
  readonly protocol: PacketProtocol;
  readonly port: number | null;
  /** Where blocks match neither pods nor nodes: the nodes' addresses. */
  readonly apart: AddressSet | null;
}

/** What a rule lacks. `name`: a named port that the destination does not have, or that cannot be resolved for an address. */
export type RuleFailure = 'peer' | 'protocol' | 'port' | 'name';

export interface RuleOutcome {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  /** `null`: the rule matches. */
  readonly fails: RuleFailure | null;
  /** The ports alone would have done. */
  readonly portWould: boolean;
}

/** One outcome for each rule of the policy in the direction, in order. */
export const outcomesOf = (policy: CompiledPolicy, ends: Ends): readonly RuleOutcome[] =>
  (policy.rules[ends.direction] ?? []).map((rule): RuleOutcome => {
    const match = matchPeer(rule, ends);
    const port = portFailure(rule.ports, ends, destinationOf(match, ends));
    return { policy, rule, fails: match === null ? 'peer' : port, portWould: port === null };
  });

/** Whose named ports count; `null`: nobody's. */
const destinationOf = (match: 'pod' | 'address' | null, ends: Ends): PodClass | null =>
  (ends.direction === 'ingress' ? ends.subject : match === 'address' ? null : ends.peer);

/** Of a rule that matches, the lists of ports that do, with what a proxy checks there. */
export const proxiedPorts = ({ rule }: RuleOutcome, ends: Ends): readonly ProxyTerm[] =>
  (rule.proxied ?? []).filter(({ ports }) => portFailure(ports, ends, destinationOf(matchPeer(rule, ends), ends)) === null);

/** A match by pod counts before one by address: only it lets a named port be resolved on egress. */
function matchPeer({ peers }: CompiledRule, { peer, address }: Ends): 'pod' | 'address' | null {
  if (peers === null) return 'pod';
  if (peer !== null && peers.some((one) => one.kind === 'pods' && termHolds(one.term, peer))) return 'pod';
  return peers.some((one) => blockHolds(one, peer, address)) ? 'address' : null;
}

/**
 * Simplified: NetworkPolicy defines nothing for ICMP. As Calico and Cilium do it: isolation stops ICMP too, and a rule without ports,
 * which allows all traffic of its peers, lets it through.
 */
function portFailure(ports: PortTerm | null, { protocol, port, address }: Ends, destination: PodClass | null): Exclude<RuleFailure, 'peer'> | null {
  if (ports === null) return null;
  if (protocol === 'ICMP' && address !== null && ports.echo?.includes(address.family) === true) return null;
  if (protocol === 'ICMP' || port === null) return 'protocol';
  if (portSetHolds(ports.fixed, protocol, port)) return null;
  if (destination !== null && portSetHolds(resolvePorts(ports, destination), protocol, port)) return null;
  const names = ports.named.filter((one) => one.protocol === null || one.protocol === protocol);
  const resolvable = destination !== null && names.some((one) => destination.namedPorts.some((own) => own.name === one.name && own.protocol === protocol));
  if (ports.fixed[protocol].length > 0 || resolvable) return 'port';
  return names.length > 0 ? 'name' : 'protocol';
}
