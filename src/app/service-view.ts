// Which Service and which node the panes show: the one that was chosen, or the one on the request's road.
import type { NetworkNode, NetworkService } from '../sim/model/network.ts';
import { chosenRow } from './veil.ts';
import type { Desk } from './state.ts';

export const serviceName = (service: NetworkService): string => `${service.ref.namespace}/${service.ref.name}`;

/** What was declared, and what the road meets. */
export function servicesOf(desk: Desk): readonly NetworkService[] {
  const road = roadService(desk);
  return desk.session.lab.network.services.filter((service) => !service.implied || service === road);
}

/** The Service that the chosen request goes to; `null` when it asks for none. */
export function roadService(desk: Desk): NetworkService | null {
  const row = chosenRow(desk);
  if (row === null) return null;
  const { services } = desk.session.lab.network;
  const hop = row.trace?.shown.hops.find(({ object, stage }) => object.kind === 'Service' && (stage === 'kube-proxy' || stage === 'load-balancer'));
  const named = hop === undefined ? undefined : services.find(({ ref }) => ref.namespace === hop.object.namespace && ref.name === hop.object.name);
  const addresses = row.trace === null ? (row.lookup?.addresses ?? []) : (row.trace.lookup?.addresses ?? [row.trace.request.to.host]);
  return named ?? services.find(({ clusterAddresses, externalAddresses }) => [...clusterAddresses, ...externalAddresses].some((one) => addresses.includes(one))) ?? null;
}

export function shownService(desk: Desk): NetworkService | null {
  const all = servicesOf(desk);
  return all.find((service) => serviceName(service) === desk.service) ?? roadService(desk) ?? all[0] ?? null;
}

/** Another Service of the list, so many places on. */
export function turnService(desk: Desk, by: number): Desk {
  const all = servicesOf(desk);
  const shown = shownService(desk);
  const at = shown === null ? 0 : all.indexOf(shown);
  const next = all[(at + by + all.length) % Math.max(all.length, 1)];
  return next === undefined ? desk : { ...desk, top: 0, service: serviceName(next) };
}

/** The node that was chosen, or where the chosen request starts. */
export function shownNode(desk: Desk): NetworkNode | null {
  const { nodes, pods } = desk.session.lab.network;
  const from = desk.rows[desk.chosen]?.trace?.request.from;
  const start = from?.kind === 'pod' ? pods.find((pod) => pod.namespace === from.namespace && pod.name === from.name)?.node : from?.kind === 'node' ? from.name : null;
  return nodes.find(({ name }) => name === desk.node) ?? nodes.find(({ name }) => name === start) ?? nodes[0] ?? null;
}

export function turnNode(desk: Desk, by: number): Desk {
  const { nodes } = desk.session.lab.network;
  const shown = shownNode(desk);
  const at = shown === null ? 0 : nodes.indexOf(shown);
  const next = nodes[Math.min(Math.max(at + by, 0), nodes.length - 1)];
  return next === undefined ? desk : { ...desk, top: 0, node: next.name };
}
