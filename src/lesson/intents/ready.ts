// An intent that pods run and are ready, or that a node is.
import type { Lab } from '../../sim/lab.ts';
import type { NetworkPod } from '../../sim/model/network.ts';
import type { IntentCheck } from './intent-check.ts';
import { cannotAsk } from './intent-check.ts';

/** The pods that `NAMESPACE/NAME` means: of the pod of that name, or of the workloads; `undefined` for nobody. */
export function podsNamed(lab: Lab, name: string): readonly NetworkPod[] | undefined {
  const pod = lab.network.pods.find((one) => `${one.namespace}/${one.name}` === name);
  if (pod !== undefined) return [pod];
  if (!lab.network.workloads.some(({ ref }) => `${ref.namespace}/${ref.name}` === name)) return undefined;
  return lab.network.pods.filter((one) => `${one.namespace}/${one.owner.name}` === name);
}

export const ready: IntentCheck<'ready'> = (intent, lab) => {
  const found = (holds: boolean, why: string): ReturnType<typeof ready> => ({ holds, asked: true, why, trace: null, lookup: null, traces: [] });
  const name = /^node\/(.+)$/.exec(intent.from)?.[1];
  if (name !== undefined) {
    const node = lab.network.nodes.find((one) => one.name === name);
    return node === undefined ? cannotAsk(`there is no node ${name}`) : found(node.ready === (intent.expect !== 0), `Node ${name} is ${node.ready ? 'ready' : 'not ready'}.`);
  }
  const pods = podsNamed(lab, intent.from);
  if (pods === undefined) return cannotAsk(`there is no workload or pod ${intent.from}`);
  const count = pods.filter((pod) => pod.ready && !pod.terminating).length;
  const wanted = lab.network.workloads.find(({ ref }) => `${ref.namespace}/${ref.name}` === intent.from)?.replicas ?? 1;
  const aim = intent.expect === 'all' ? Math.max(1, wanted) : intent.expect;
  const unready = pods.find((pod) => !pod.ready && !pod.terminating);
  const because = unready === undefined ? '' : ` ${unready.namespace}/${unready.name} is ${unready.status}${unready.unready === null ? '.' : `: ${unready.unready.says}`}`;
  return found(count === aim && (intent.expect !== 'all' || wanted > 0), `${count} of ${aim} ${aim === 1 ? 'pod' : 'pods'} of ${intent.from} ready.${because}`);
};
