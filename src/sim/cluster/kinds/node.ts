// Node in `kubectl get`.
import { byText } from '../../base/order.ts';
import type { NodeObject } from '../../model/object.ts';
import { isRecord } from '../record.ts';
import { ageColumn, column, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const node: Kind<NodeObject> = {
  kind: 'Node', plural: 'nodes', singular: 'node', shortNames: ['no'], group: '', versions: ['v1'], namespaced: false,
  columns: (stored, store) => {
    const { object } = stored;
    return [
      nameColumn(stored),
      column('STATUS', statusText(object)),
      column('ROLES', roles(object).join(',') || '<none>'),
      ageColumn(stored, store),
      column('VERSION', info(object, 'kubeletVersion', '')),
      wideColumn('INTERNAL-IP', addressText(object, 'InternalIP')),
      wideColumn('EXTERNAL-IP', addressText(object, 'ExternalIP')),
      wideColumn('OS-IMAGE', info(object, 'osImage', '<unknown>')),
      wideColumn('KERNEL-VERSION', `${info(object, 'kernelVersion', '<unknown>')}${info(object, 'architecture', '') === '' ? '' : ` (${info(object, 'architecture', '')})`}`),
      wideColumn('CONTAINER-RUNTIME', info(object, 'containerRuntimeVersion', '<unknown>')),
    ];
  },
};

/** The roles that a node's labels give it, sorted. */
export function roles(object: NodeObject): string[] {
  const prefix = 'node-role.kubernetes.io/';
  return Object.keys(object.metadata.labels ?? {}).filter((label) => label.startsWith(prefix) && label.length > prefix.length).map((label) => label.slice(prefix.length)).sort(byText);
}

function statusText(object: NodeObject): string {
  const ready = object.status?.conditions?.find((condition) => condition.type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return object.spec?.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

const addressText = (object: NodeObject, type: string): string => object.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

function info(object: NodeObject, field: string, missing: string): string {
  const all: unknown = object.status !== undefined && 'nodeInfo' in object.status ? object.status.nodeInfo : undefined;
  const value = isRecord(all) ? all[field] : undefined;
  return typeof value === 'string' && value !== '' ? value : missing;
}
