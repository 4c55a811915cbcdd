// kubectl describe for kinds that it knows nothing of: every field, titles made from the fields' names.
import { sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Describe } from './describer.ts';
import type { Lines } from './writer.ts';
import { annotationLines, field, labelLines, listAt, noEvents, textAt } from './writer.ts';

const skipped = new Set(['.metadata.managedFields', '.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations']);

export const describeGeneric: Describe<KubeObject> = ({ object }) => [
  field('Name', object.metadata.name),
  field('Namespace', object.metadata.namespace ?? ''),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  ...fieldLines(object as unknown as Readonly<Record<string, unknown>>, 0, ''),
  ...noEvents,
];

export const describeServiceAccount: Describe<KubeObject> = ({ object }) => [
  field('Name', object.metadata.name),
  field('Namespace', object.metadata.namespace ?? ''),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  ...(secrets(object).length === 0 ? [field('Image pull secrets', '<none>')] : secrets(object).map((name, index) => (index === 0 ? field('Image pull secrets', name) : `                   \t${name}`))),
  ...noEvents,
];

const secrets = (object: KubeObject): readonly string[] => listAt(object, 'imagePullSecrets').map((item) => textAt(item, 'name') ?? '');

function fieldLines(content: Readonly<Record<string, unknown>>, deep: number, path: string): Lines {
  const indent = '  '.repeat(deep);
  return sortedEntries(content).flatMap(([name, value]): Lines => {
    const here = `${path}.${name}`;
    if (skipped.has(here) || value === undefined) return [];
    if (isRecord(value)) return [`${indent}${title(name)}:`, ...fieldLines(value, deep + 1, here)];
    if (Array.isArray(value)) return [`${indent}${title(name)}:`, ...value.flatMap((item: unknown): Lines => (isRecord(item) ? fieldLines(item, deep + 1, here) : [`${indent}  ${String(item)}`]))];
    return [`${indent}${title(name)}:\t${String(value)}`];
  });
}

/** `podSelector` → `Pod Selector`, `apiVersion` → `API Version`. */
function title(name: string): string {
  if (!/^[A-Za-z-]+$/.test(name)) return name;
  const parts = name.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|-/g) ?? [name];
  return parts.map((part) => (['API', 'URL', 'UID', 'GUID'].includes(part.toUpperCase()) ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1))).join(' ');
}
