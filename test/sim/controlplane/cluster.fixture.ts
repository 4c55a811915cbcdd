// A Cluster document from its spec, and what a lab has by name.
import assert from 'node:assert/strict';
import { podStatus } from '../../../src/sim/cluster/kinds/pod.ts';
import { list } from '../../../src/sim/cluster/store.ts';
import type { Lab } from '../../../src/sim/lab.ts';
import type { NetworkNode, NetworkPod } from '../../../src/sim/model/network.ts';

export const cluster = (spec: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec:\n${spec.replace(/^/gm, '  ')}\n---\n`;

export function node(lab: Lab, name: string): NetworkNode {
  const found = lab.network.nodes.find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

export function pod(lab: Lab, name: string): NetworkPod {
  const found = lab.network.pods.find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

/** READY, STATUS and RESTARTS of `kubectl get pods`. */
export function row(lab: Lab, name: string): string {
  const object = list(lab.store, 'Pod').find((stored) => stored.object.metadata.name === name)?.object;
  assert.ok(object !== undefined, name);
  const { ready, total, text, restarts } = podStatus(object);
  assert.equal(pod(lab, name).status, text);
  return `${ready}/${total} ${text} ${restarts}`;
}
