// The stations in the order in which a packet meets them.
import type { Station } from './station.ts';
import { arrival } from './stations/arrival.ts';
import { edge } from './stations/edge.ts';
import { kubeProxy } from './stations/kube-proxy.ts';
import { loadBalancer } from './stations/load-balancer.ts';
import { loopback } from './stations/loopback.ts';
import { masquerade } from './stations/masquerade.ts';
import { nodeKernel } from './stations/node-kernel.ts';
import { ownFamily } from './stations/own-family.ts';
import { outside } from './stations/outside.ts';
import { egressPolicy, ingressPolicy } from './stations/policy.ts';
import { route } from './stations/route.ts';
import { underlay } from './stations/underlay.ts';
import { wayBack } from './stations/way-back.ts';

export const stations: readonly Station[] = [
  ownFamily, outside, loadBalancer, loopback,
  nodeKernel, // before any rule of the node
  kubeProxy, // before the policies: they see the pod's address and port, not the Service's
  egressPolicy, route,
  masquerade, // to another node: before the policies there
  underlay, // with the source that it has on the wire
  ingressPolicy,
  masquerade, // to a pod of the same node: after its policies
  wayBack, // whoever is reached says something
  edge, // a process that takes requests for others, before it counts as one that answers
  arrival,
];
