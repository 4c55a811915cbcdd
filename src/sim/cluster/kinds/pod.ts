// Pod in `kubectl get`: STATUS is worked out from phase, container states and deletion, as the API server's printer does.
import type { Pod } from '../../model/object.ts';
import { isRecord } from '../record.ts';
import { ageColumn, column, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const pod: Kind<Pod> = {
  kind: 'Pod', plural: 'pods', singular: 'pod', shortNames: ['po'], group: '', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec, status } = stored.object;
    const { ready, total, restarts, text } = podStatus(stored.object);
    return [
      nameColumn(stored),
      column('READY', `${ready}/${total}`),
      column('STATUS', text),
      column('RESTARTS', restarts),
      ageColumn(stored, store),
      wideColumn('IP', orNone(status?.podIPs?.[0]?.ip ?? status?.podIP)),
      wideColumn('NODE', orNone(spec.nodeName)),
      wideColumn('NOMINATED NODE', '<none>'),
      wideColumn('READINESS GATES', '<none>'),
    ];
  },
};

const orNone = (text: string | undefined): string => (text === undefined || text === '' ? '<none>' : text);

export interface PodStatusText {
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** `Running`, `CrashLoopBackOff`, `Terminating` … */
  readonly text: string;
}

/** What READY, RESTARTS and STATUS say (pkg/printers/internalversion, printPod). */
// Simplified: a container that waits to be initialised is not told apart (`Init:0/1`), and restarts have no "(2m ago)".
export function podStatus(object: Pod): PodStatusText {
  const { spec, status } = object;
  const phase = status?.phase ?? 'Pending';
  const containers = status?.containerStatuses ?? [];
  const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always').length;
  const total = spec.containers.length + sidecars;
  let text: string = phase;
  let failure = '';
  let ready = 0;
  let restarts = 0;
  let running = false;
  for (const container of [...containers].reverse()) {
    restarts += container.restartCount;
    const waiting = reasonOf(container.state, 'waiting');
    const terminated = container.state?.['terminated'];
    if (waiting !== '') text = waiting;
    else if (isRecord(terminated)) {
      const reason = reasonOf(container.state, 'terminated');
      text = reason === '' ? `ExitCode:${String(terminated['exitCode'])}` : reason;
      if (terminated['exitCode'] !== 0) failure = text;
    } else if (container.ready && (container.state === undefined || isRecord(container.state['running']))) {
      running = true;
      ready++;
    }
  }
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
  // Nobody said how the containers are: a running pod that is ready has them all ready.
  if (containers.length === 0 && phase === 'Running' && isReady) ready = total;
  else if (containers.length > 0 && isReady) ready = Math.min(total, ready + sidecars);
  if (text === 'Completed' && running) text = isReady ? 'Running' : failure === '' ? 'NotReady' : failure;
  if (object.metadata.deletionTimestamp !== undefined && phase !== 'Succeeded' && phase !== 'Failed') text = 'Terminating';
  return { ready, total, restarts, text };
}

function reasonOf(state: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const part = state?.[name];
  const reason = isRecord(part) ? part['reason'] : undefined;
  return typeof reason === 'string' ? reason : '';
}
