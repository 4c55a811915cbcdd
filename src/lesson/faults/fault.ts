// The contract of a fault: how it breaks a healthy cluster, how it shows, and what it was. The repair is the cluster as it was before, or whatever behaves like it.
import type { Diagnosis } from '../lesson.ts';
import type { Cast } from '../drill/cast.ts';
import type { Manifest } from '../drill/manifests.ts';
import { stepsOf, withValue } from '../field-paths.ts';

/** A healthy cluster that is to be broken: who is in it, and its objects as `KIND/NAMESPACE/NAME`. */
export interface Scene {
  readonly cast: Cast;
  readonly objects: ReadonlyMap<string, Manifest>;
}

/** What people read of an injury, in one language. */
export interface Words {
  /** What a colleague sees and says: the symptom, never the cause. */
  readonly ticket: string;
  /** Where to look, with the command. */
  readonly look: string;
  /** What it was; nearly the answer as the last hint, and in the debrief. */
  readonly answer: string;
}

/** One way in which a fault breaks one cluster. */
export interface Injury {
  /** Objects as they are now, new ones among them. */
  readonly changed: readonly Manifest[];
  /** Keys of objects that are gone. */
  readonly removed: readonly string[];
  readonly diagnosis: Diagnosis;
  readonly words: { readonly en: Words; readonly de: Words };
}

export interface Fault {
  /** The id of the catalogue, never used again for something else. */
  readonly name: string;
  /** Called once for each cluster. None: this cluster has nothing that it could break. */
  readonly ways: (scene: Scene) => readonly Injury[];
  /** The page that explains it. */
  readonly link: string;
}

/** The object of a key; a fault that asks for one that is not there is a mistake of ours. */
export function objectAt({ objects }: Scene, key: string): Manifest {
  const found = objects.get(key);
  if (found === undefined) throw new Error(`the healthy cluster has no ${key}`);
  return found;
}

/** A copy of an object with other values at some places; `undefined` takes a place away. */
export const edited = (scene: Scene, key: string, ...edits: readonly (readonly [path: string, value: unknown])[]): Manifest =>
  edits.reduce<Manifest>((object, [path, value]) => withValue(object, stepsOf(path, object), value) as Manifest, objectAt(scene, key));

/** An injury that edits one object at some places; the first of them is the diagnosis' field unless another is given. */
export const broken = (scene: Scene, layer: Diagnosis['layer'], key: string, edits: readonly (readonly [path: string, value: unknown])[], words: Injury['words'], field = edits[0]?.[0] ?? ''): Injury =>
  ({ changed: [edited(scene, key, ...edits)], removed: [], diagnosis: { layer, object: key, field }, words });
