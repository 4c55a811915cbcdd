// How plugins describe and read their options in the Cluster document.
import type { CniOption, CniOptions } from './cni-plugin.ts';

export const flag = (name: string, says: string): CniOption => ({ name, type: 'boolean', values: null, pattern: null, says });

export const oneOf = (name: string, values: readonly string[], says: string): CniOption => ({ name, type: 'string', values, pattern: null, says });

export const matching = (name: string, pattern: string, says: string): CniOption => ({ name, type: 'string', values: null, pattern, says });

/** A release as people write it: `3.32`, `v3.32.1`. */
export const release = (says: string): CniOption => matching('version', '^v?[0-9]+\\.[0-9]+(\\.[0-9]+)?$', says);

export const isSet = (options: CniOptions | undefined, name: string): boolean => options?.[name] === true;

export function textOf(options: CniOptions | undefined, name: string): string | null {
  const value = options?.[name];
  return typeof value === 'string' ? value : null;
}

/** Whether the release that the document names is this one or a later one; `null` where it names none. */
export function since(options: CniOptions | undefined, major: number, minor: number): boolean | null {
  const text = textOf(options, 'version');
  if (text === null) return null;
  const [first = 0, second = 0] = text.replace(/^v/, '').split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
