// Which of the plugin's routes to other nodes' pods a node really has: what BGP taught it, what its segment lets it use, and what somebody forgot.
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { CniTraits } from '../cni/cni-plugin.ts';
import type { NetworkInterface, NodeState, Route } from '../model/network.ts';
import type { OwnState } from './node-state.ts';
import type { DeclaredNode } from './settings.ts';

export interface RoutedNode {
  readonly name: string;
  readonly podRanges: readonly string[];
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly Route[];
  readonly state: OwnState;
  /** The plugin's agent runs on it; otherwise one sentence why not, and the field. */
  readonly agent: { readonly why: string; readonly field: string | null } | null;
  readonly declared: DeclaredNode | undefined;
}

type Reason = { readonly why: string; readonly field: string | null } | null;

const within = (part: string, whole: string): boolean => {
  const [inner, outer] = [parseRange(part), parseRange(whole)];
  return inner !== undefined && outer !== undefined && inner.family === outer.family && outer.first <= inner.first && inner.last <= outer.last;
};

/** Nodes that may be each other's next hop; a node that stands in none of the segments is alone. */
export function shareSegment(segments: readonly (readonly string[])[] | undefined, one: string, other: string): boolean {
  return segments === undefined || segments.some((segment) => segment.includes(one) && segment.includes(other));
}

const onLink = (interfaces: readonly NetworkInterface[], ip: string): boolean => {
  const address = parseAddress(ip);
  return address !== undefined && interfaces.some(({ kind, addresses }) => kind === 'uplink' && addresses.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); }));
};

/** Why `here` has no route to `there` that the plugin should have made; `null` when it has. */
function lacking(here: RoutedNode, there: RoutedNode, route: Route, traits: CniTraits, segments: readonly (readonly string[])[] | undefined, learned: (from: string, to: string) => Reason): Reason {
  const [idle] = [here, there].filter(({ agent }) => agent !== null);
  if (idle !== undefined) return idle.agent;
  const missing = (here.declared?.node.missingRoutes ?? []).findIndex((range) => within(route.to, range));
  if (missing >= 0) return { why: `node ${here.name} has no route to ${route.to}, which is node ${there.name}'s`, field: `${here.declared?.field ?? 'spec.nodes'}.missingRoutes[${missing}]` };
  const untold = traits.announcedBy === 'bgp' ? learned(here.name, there.name) : null;
  if (untold !== null) return untold;
  if (route.kind !== 'direct' || !traits.sameSegment) return null;
  if (!shareSegment(segments, here.name, there.name)) return { why: `nodes ${here.name} and ${there.name} share no segment, so that neither can be the other's next hop`, field: 'spec.underlay.segments' };
  // The kernel takes no next hop that none of its networks holds.
  const own = there.declared?.node.announces;
  if (own !== undefined && !onLink(here.interfaces, own)) return { why: `node ${there.name} announces ${own}, which is in no network of node ${here.name}: it cannot be a next hop`, field: `${there.declared?.field ?? 'spec.nodes'}.announces` };
  return null;
}

/** Routes and devices that each node has in the end. */
export function standingRoutes(nodes: readonly RoutedNode[], traits: CniTraits, segments: readonly (readonly string[])[] | undefined, learned: (from: string, to: string) => Reason): ReadonlyMap<string, { readonly routes: readonly Route[]; readonly interfaces: readonly NetworkInterface[]; readonly unrouted: NodeState['unrouted'] }> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return new Map(nodes.map((here) => {
    const unrouted: NodeState['unrouted'][number][] = [];
    const routes = here.routes.filter((route) => {
      const there = route.kind === 'tunnel' || route.kind === 'direct' ? byName.get(route.node ?? '') : undefined;
      const reason = there === undefined ? null : lacking(here, there, route, traits, segments, learned);
      if (reason !== null && there !== undefined) unrouted.push({ to: route.to, node: there.name, why: reason.why, field: reason.field });
      return reason === null;
    });
    // Without an agent nobody made the tunnel, nor a bridge without pods.
    const interfaces = here.agent === null ? here.interfaces : here.interfaces.filter(({ kind, pod, name }) => kind === 'loopback' || kind === 'uplink' || pod !== null || routes.some((route) => route.kind === 'local' && route.device === name && here.interfaces.some((other) => other.pod !== null)));
    const devices = new Set(interfaces.map(({ name }) => name));
    return [here.name, { routes: routes.filter(({ device }) => devices.has(device)), interfaces, unrouted }] as const;
  }));
}
