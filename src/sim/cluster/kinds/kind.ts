// What a kind of object is called and what `kubectl get` shows of it: the contract of one file in this folder.
import type { KubeObject } from '../../model/object.ts';
import type { Store, Stored } from '../store.ts';
import { ageText } from '../age.ts';

/** One cell of `kubectl get`, with the header above it; `wide` ones are shown with `-o wide` only. */
export interface Column {
  readonly header: string;
  readonly value: string;
  readonly wide?: boolean;
}

export interface Kind<Kept extends KubeObject = KubeObject> {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Empty for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  /** Part of `kubectl get all`. */
  readonly inAll?: boolean;
  /** The row of an object, without its namespace: the same headers for every object of the kind. Only ever given objects of its own kind. */
  columns(stored: Stored<Kept>, store: Store): readonly Column[];
}

export const nameColumn = (stored: Stored): Column => ({ header: 'NAME', value: stored.object.metadata.name });

export const ageColumn = (stored: Stored, store: Store): Column => ({ header: 'AGE', value: ageText(store.now - stored.created) });

export const column = (header: string, value: string | number): Column => ({ header, value: String(value) });

export const wideColumn = (header: string, value: string | number): Column => ({ header, value: String(value), wide: true });

/** At most three of a list, then how many more. */
export function firstThree(items: readonly string[]): string {
  const text = items.slice(0, 3).join(',');
  return items.length > 3 ? `${text} + ${items.length - 3} more...` : text;
}

/** The CONTAINERS and IMAGES columns of what has a pod template. */
export const containerColumns = (containers: readonly { readonly name: string; readonly image?: string }[]): readonly Column[] => [
  wideColumn('CONTAINERS', containers.map((container) => container.name).join(',')),
  wideColumn('IMAGES', containers.map((container) => container.image ?? '').join(',')),
];

/** A number of a status that may not be there. */
export function count(status: Readonly<Record<string, unknown>> | undefined, field: string): number {
  const value = status?.[field];
  return typeof value === 'number' ? value : 0;
}
