// Session affinity: the endpoint that the same client was sent to before by the same node (services.md 5; pkg/proxy/iptables, `-m recent`; nftables' affinity sets; IPVS' persistence).
import type { Hop } from '../model/trace.ts';
import type { NetworkEndpoint, NetworkNode } from '../model/network.ts';
import { refText } from '../model/object.ts';
import type { Plane, ServiceRule } from './plane.ts';
import type { Journey } from './station.ts';

/** iptables and nftables remember a client for each endpoint of a Service port, whatever address it came by; IPVS and eBPF for each address and port. */
function samePort(plane: Plane, rule: ServiceRule, hop: Hop, journey: Journey): boolean {
  const { ip, port } = hop.packet.destination;
  if (!plane.manners.affinityByPort) return ip === journey.packet.destination.ip && port === journey.packet.destination.port;
  const before = plane.rules.get(`${ip} ${port ?? ''}/${hop.packet.protocol}`) ?? plane.nodePorts.get(`${port ?? ''}/${hop.packet.protocol}`);
  return before?.port.index === rule.port.index;
}

/** `undefined`: the client has none, because it is new here, because its time is over, or because its endpoint is gone. */
export function rememberedEndpoint(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode, endpoints: readonly NetworkEndpoint[]): NetworkEndpoint | undefined {
  const { affinitySeconds, ref } = rule.service;
  if (affinitySeconds === null) return undefined;
  const name = refText(ref);
  const had: NetworkEndpoint[] = [];
  for (const { walk, ago } of journey.asked.earlier ?? []) {
    if (ago > affinitySeconds) continue;
    const hop = walk.hops.find(({ stage, action, at, object, packet }) => stage === 'kube-proxy' && action === 'dnat' && at.kind === 'node' && at.name === node.name
      && refText(object) === name && packet.source.ip === journey.packet.source.ip && packet.protocol === journey.packet.protocol);
    if (hop === undefined || !samePort(plane, rule, hop, journey)) continue;
    const { ip, port } = hop.after.destination;
    const endpoint = endpoints.find((candidate) => candidate.ip === ip && candidate.port === port);
    if (endpoint !== undefined) had.push(endpoint);
  }
  // The rules ask endpoint by endpoint in their order; IPVS has one template, the latest.
  return plane.manners.affinityByPort ? endpoints.find((endpoint) => had.includes(endpoint)) : had.at(-1);
}
