// The pieces that descriptions are made of: fields, labels, annotations, indented lines. Cells are split by tabs and laid out at the end.
import { sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import type { Labels } from '../../sim/model/object.ts';
import { tabbed } from '../layout.ts';

/** Lines with tabs between their cells. */
export type Lines = readonly string[];

/** A field at the left edge, or `deep` steps of two spaces further in. */
export const field = (title: string, value: string | number | boolean, deep = 0): string => `${'  '.repeat(deep)}${title}:\t${String(value)}`;

/** A field that is left out when it has no value. */
export const optional = (title: string, value: string | number | boolean | undefined | null, deep = 0): Lines => (value === undefined || value === null || value === '' ? [] : [field(title, value, deep)]);

/** `Labels:` with one label a line. */
export function labelLines(title: string, labels: Labels | undefined): Lines {
  const entries = sortedEntries(labels ?? {});
  return entries.length === 0 ? [`${title}:\t<none>`] : entries.map(([key, value], index) => `${index === 0 ? `${title}:` : ''}\t${key}=${value}`);
}

// Annotations that kubectl keeps to itself, and the width from which one gets lines of its own.
const hidden = new Set(['kubectl.kubernetes.io/last-applied-configuration']);
const longestAnnotation = 140;

export function annotationLines(title: string, annotations: Labels | undefined): Lines {
  const entries = sortedEntries(annotations ?? {}).filter(([key]) => !hidden.has(key));
  if (entries.length === 0) return [`${title}:\t<none>`];
  return entries.flatMap(([key, raw], index) => {
    const head = index === 0 ? `${title}:\t` : '\t';
    const value = raw.replace(/\n$/, '');
    if (value.length + key.length + 2 <= longestAnnotation && !value.includes('\n')) return [`${head}${key}: ${value}`];
    return [`${head}${key}:`, ...value.split('\n').map((line) => `\t  ${line.length > longestAnnotation - 2 ? `${line.slice(0, longestAnnotation - 2)}...` : line}`)];
  });
}

/** Where no Event tells of an object. */
export const noEvents: Lines = ['Events:\t<none>'];

/** Lays the lines out as kubectl does. */
export const laidOut = (lines: Lines): string => tabbed(`${lines.join('\n')}\n`);

/** A value deep in an object whose shape is not typed. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((found, step) => (typeof step === 'number' ? (Array.isArray(found) ? found[step] : undefined) : isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined), value);

export const textAt = (value: unknown, ...path: readonly (string | number)[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
};

export const numberAt = (value: unknown, ...path: readonly (string | number)[]): number => {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
};

export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};
