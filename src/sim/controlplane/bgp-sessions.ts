// BGP between the nodes: who has a session with whom, in which state it is, and whose pod ranges a node learns by it (Calico: confd's bird.cfg, "Configure BGP peering").
import type { ClusterBgp } from '../model/cluster-document.ts';
import type { BgpSession, SecurityGroupFacts } from '../model/network.ts';
import { stoppedBetween } from './security-groups.ts';

export interface Speaker {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The address that it announces, and whether the machine has it at all. */
  readonly ip: string;
  readonly reachable: boolean;
  readonly asNumber: number | null;
  /** Where the Cluster document speaks of the node: `spec.nodes[0]`. */
  readonly field: string | null;
}

/** Calico's default. */
export const usualAs = 64_512;

type Links = ReadonlyMap<string, readonly BgpSession[]>;

const reflects = (bgp: ClusterBgp | null, labels: Readonly<Record<string, string>>): boolean =>
  bgp?.routeReflectors !== undefined && Object.entries(bgp.routeReflectors).every(([key, value]) => labels[key] === value);

interface End { readonly state: BgpSession['state']; readonly info: string; readonly why: string | null; readonly field: string | null }

const up: End = { state: 'Established', info: 'Established', why: null, field: null };

/**
 * How a session stands at both of its ends. Of two nodes the one whose address is the greater text opens the connection and the other one waits (`passive on` in Calico's
 * templates), so that TCP 179 must be open in that direction. Every node is expected to have the cluster's AS number.
 */
function endsOf(one: Speaker, other: Speaker, bgp: ClusterBgp | null, groups: readonly SecurityGroupFacts[]): readonly [End, End] {
  const [opens, waits] = one.ip > other.ip ? [one, other] : [other, one];
  const inOrder = (opener: End, waiter: End): readonly [End, End] => (opens === one ? [opener, waiter] : [waiter, opener]);
  const lost = [one, other].find(({ reachable }) => !reachable);
  if (lost !== undefined) {
    const why = `node ${lost.name} announces ${lost.ip}, and nobody answers there`;
    const field = lost.field === null ? null : `${lost.field}.announces`;
    return inOrder({ state: 'Active', info: 'Active Socket: Host is unreachable', why, field }, { state: 'Passive', info: 'Passive', why, field });
  }
  const stopped = stoppedBetween(groups, opens, waits, 'TCP', 179);
  if (stopped !== null) {
    const why = stopped.direction === 'egress'
      ? `security group ${stopped.group.name} lets no TCP port 179 out of node ${opens.name}, which opens the session with node ${waits.name}`
      : `security group ${stopped.group.name} lets no TCP port 179 from node ${opens.name} in to node ${waits.name}`;
    return inOrder({ state: 'Connect', info: 'Connect', why, field: stopped.field }, { state: 'Passive', info: 'Passive', why, field: stopped.field });
  }
  const wanted = bgp?.asNumber ?? usualAs;
  const strange = [one, other].map(({ asNumber }) => asNumber !== null && asNumber !== wanted);
  if (!strange.includes(true)) return [up, up];
  // Whoever hears the wrong number ends the session and says why; the other one hears that.
  const end = (heard: boolean, speaker: Speaker): End => ({
    state: 'Idle', info: heard ? 'Idle BGP Error: Bad peer AS' : 'Idle Received: Bad peer AS',
    why: `node ${speaker.name} says that it is AS ${speaker.asNumber ?? wanted}, and the others expect AS ${wanted}`, field: speaker.field === null ? 'spec.bgp.asNumber' : `${speaker.field}.asNumber`,
  });
  return [end(strange[1] === true, strange[1] === true ? other : one), end(strange[0] === true, strange[0] === true ? one : other)];
}

/** All sessions by node, each list in the order of names: every node with every other, or with the route reflectors only. */
export function bgpSessions(speakers: readonly Speaker[], bgp: ClusterBgp | null, groups: readonly SecurityGroupFacts[]): Links {
  const links = new Map<string, BgpSession[]>(speakers.map(({ name }) => [name, []]));
  for (const [index, one] of speakers.entries()) {
    for (const other of speakers.slice(index + 1)) {
      if (bgp?.routeReflectors !== undefined && !reflects(bgp, one.labels) && !reflects(bgp, other.labels)) continue;
      const [here, there] = endsOf(one, other, bgp, groups);
      links.get(one.name)?.push({ node: other.name, ip: other.ip, ...here });
      links.get(other.name)?.push({ node: one.name, ip: one.ip, ...there });
    }
  }
  for (const list of links.values()) list.sort((left, right) => (left.node < right.node ? -1 : 1));
  return links;
}

export interface Unlearned { readonly why: string; readonly field: string }

// Simplified: all route reflectors have one cluster ID, so that a route passes one of them at most.
/** Why a node does not learn the other's ranges; `null` when it does: by a session of their own, or from a route reflector that both have one with. */
export function unlearned(links: Links, speakers: readonly Speaker[], bgp: ClusterBgp | null, from: string, to: string): Unlearned | null {
  const sessions = (name: string): readonly BgpSession[] => links.get(name) ?? [];
  const open = (name: string, other: string): boolean => sessions(name).some(({ node, state }) => node === other && state === 'Established');
  if (open(from, to)) return null;
  const reflectors = speakers.filter(({ labels }) => reflects(bgp, labels));
  if (reflectors.some(({ name }) => name !== from && name !== to && open(from, name) && open(name, to))) return null;
  if (bgp?.routeReflectors !== undefined && reflectors.length === 0) {
    const labels = Object.entries(bgp.routeReflectors).map(([key, value]) => `${key}=${value}`).join(',');
    return { why: `no node has the label of a route reflector (${labels}), so that no BGP session exists`, field: 'spec.bgp.routeReflectors' };
  }
  const own = sessions(from).find(({ node }) => node === to);
  const closed = own ?? [...sessions(from), ...sessions(to)].find(({ node, state }) => state !== 'Established' && reflectors.some(({ name }) => name === node));
  return { why: closed?.why ?? `node ${from} has no BGP session by which it could learn the pods' range of node ${to}`, field: closed?.field ?? (bgp?.routeReflectors === undefined ? 'spec.bgp' : 'spec.bgp.routeReflectors') };
}
