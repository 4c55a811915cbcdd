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
// Simplified: restarts have no "(2m ago)".
export function podStatus(object: Pod): PodStatusText {
  const { spec, status } = object;
  const containers = status?.containerStatuses ?? [];
  const inits = initStatus(object);
  const total = spec.containers.length + inits.sidecars;
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
  const initialized = status?.conditions?.some((condition) => condition.type === 'Initialized' && condition.status === 'True') ?? false;
  let text: string = inits.text ?? statusReason(object) ?? status?.phase ?? 'Pending';
  let ready = inits.ready;
  let restarts = inits.restarts;
  if (inits.text === null || initialized) {
    let failure = '';
    let running = false;
    restarts = inits.sidecarRestarts;
    for (const container of [...containers].reverse()) {
      restarts += container.restartCount;
      const waiting = reasonOf(container.state, 'waiting');
      const terminated = container.state?.['terminated'];
      if (waiting !== '') text = waiting;
      else if (isRecord(terminated)) {
        text = endOf(terminated);
        if (terminated['exitCode'] !== 0) failure = text;
      } else if (container.ready && (container.state === undefined || isRecord(container.state['running']))) {
        running = true;
        ready++;
      }
    }
    if (text === 'Completed' && running) text = isReady ? 'Running' : failure === '' ? 'NotReady' : failure;
  }
  // Nobody said how the containers are: a running pod that is ready has them all ready.
  if (containers.length === 0 && status?.phase === 'Running' && isReady) ready = total;
  else if (containers.length > 0 && isReady && status?.initContainerStatuses === undefined) ready = Math.min(total, ready + inits.sidecars);
  if (object.metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed') text = 'Terminating';
  return { ready, total, restarts, text };
}

interface InitText {
  readonly sidecars: number;
  readonly ready: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  /** `Init:0/2`, `Init:CrashLoopBackOff`; `null` when they are all done. */
  readonly text: string | null;
}

/** The init containers in their order: the first that is not done says how the pod is. */
function initStatus({ spec, status }: Pod): InitText {
  const inits = spec.initContainers ?? [];
  const stays = (name: string): boolean => inits.some((container) => container.name === name && container.restartPolicy === 'Always');
  const sidecars = inits.filter((container) => container.restartPolicy === 'Always').length;
  let ready = 0;
  let restarts = 0;
  let sidecarRestarts = 0;
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount;
    if (stays(container.name)) sidecarRestarts += container.restartCount;
    const terminated = container.state?.['terminated'];
    if (isRecord(terminated) && terminated['exitCode'] === 0) continue;
    if (stays(container.name) && container.started === true) {
      if (container.ready) ready++;
      continue;
    }
    const waiting = reasonOf(container.state, 'waiting');
    const text = isRecord(terminated) ? `Init:${endOf(terminated)}` : waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${inits.length}`;
    return { sidecars, ready, restarts, sidecarRestarts, text };
  }
  return { sidecars, ready, restarts, sidecarRestarts, text: null };
}

function endOf(terminated: Readonly<Record<string, unknown>>): string {
  const reason = terminated['reason'];
  if (typeof reason === 'string' && reason !== '') return reason;
  const signal = terminated['signal'];
  return typeof signal === 'number' && signal !== 0 ? `Signal:${signal}` : `ExitCode:${String(terminated['exitCode'])}`;
}

// `Evicted` and the like stand in the status itself.
const statusReason = ({ status }: Pod): string | undefined => {
  const reason: unknown = status !== undefined && 'reason' in status ? status.reason : undefined;
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
};

function reasonOf(state: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const part = state?.[name];
  const reason = isRecord(part) ? part['reason'] : undefined;
  return typeof reason === 'string' ? reason : '';
}
