// The controllers, one after the other until nothing changes: what is declared becomes what a cluster would have made of it.
import type { Store } from '../cluster/store.ts';
import { syncDeployments } from './deployments.ts';
import { finishDraft, startDraft, type Draft } from './draft.ts';
import { makeEdges, reportEdges } from './edge.ts';
import { syncEndpointSlices } from './endpoint-slices.ts';
import { implied } from './implied.ts';
import { runKubelets } from './kubelet.ts';
import { rememberRules } from './last-rules.ts';
import { syncDaemonSets, syncJobs, syncStatefulSets } from './other-workloads.ts';
import { readProcesses } from './processes.ts';
import { syncReplicaSets } from './replica-sets.ts';
import { schedule } from './scheduler.ts';
import { allocateServices } from './services.ts';
import type { Settings } from './settings.ts';
import { collectGarbage, reportStatus } from './workload-status.ts';

/** The chain in the order in which the parts wait for each other. */
const controllers: readonly ((draft: Draft) => void)[] = [
  collectGarbage, syncDeployments, syncReplicaSets, syncStatefulSets, syncDaemonSets, syncJobs, schedule, runKubelets, syncEndpointSlices, reportStatus, reportEdges,
];

/** More rounds than any rollout takes; beyond that a controller would be fighting another one. */
const mostRounds = 64;

/**
 * All controllers to a fixpoint. Deterministic, the same for every order of documents, and without effect on a store that it made.
 * Fields that a running cluster would have set are taken as they are where they are given (cli.md, "What is read from manifests").
 */
export function reconcile(store: Store, settings: Settings): Store {
  const draft = startDraft(store, settings);
  implied(draft);
  makeEdges(draft);
  allocateServices(draft);
  readProcesses(draft);
  for (let round = 0; round < mostRounds; round++) {
    const before = draft.writes;
    for (const controller of controllers) controller(draft);
    if (draft.writes === before) break;
  }
  return rememberRules(draft.writes === 0 && !draft.first ? store : finishDraft(draft, store), settings);
}
