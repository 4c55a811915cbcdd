// The contract of a description: an object of one kind and the store around it give lines.
import type { Store, Stored } from '../../sim/cluster/store.ts';
import type { Lab } from '../../sim/lab.ts';
import type { KnownKind, ObjectOf } from '../../sim/model/known-object.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Lines } from './writer.ts';

export interface Around {
  readonly lab: Lab;
  readonly store: Store;
}

export type Describe<Kept extends KubeObject> = (stored: Stored<Kept>, around: Around) => Lines;

/** One file of this folder, or one entry of it. */
export type Describers = { readonly [Kind in KnownKind]?: Describe<ObjectOf<Kind>> };
